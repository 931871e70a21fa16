//! An application as the engines run it: its types, its first actors, its clients.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use crate::actor::{Functions, layout_hash, tag_of};
use crate::catalog::{Catalog, CatalogError, Types};
use crate::context::Context;
use crate::id::{ActorId, SETUP_KEY_MAX, TypeTag};
use crate::reference::Ref;
use crate::wire::{self, WireError};

/// A set of actor types, the actors it starts with and the clients that use them. Parameters of an
/// application (how many folders, how skewed a load) are fields of the type that implements this.
pub trait Application: Send + Sync {
    /// Its name on the command line: lower case.
    fn name(&self) -> &str;

    /// What it is, in one line.
    fn about(&self) -> &str;

    /// Adds its actor types.
    fn types(&self, types: &mut Types);

    /// Creates its first actors. The same setup seed must give the same actors.
    ///
    /// # Errors
    /// When a state cannot be encoded.
    fn create(&self, setup: &mut Setup) -> Result<(), WireError>;

    /// Its clients. The same seed must give the same load.
    fn load(&self, seed: u64) -> Load;

    /// The catalog of its types.
    ///
    /// # Errors
    /// When types or functions cannot be told apart by their hashes.
    fn catalog(&self) -> Result<Catalog, CatalogError> {
        let mut types = Types::default();
        self.types(&mut types);
        types.into_catalog()
    }

    /// The declarations of its types in the policy language.
    ///
    /// # Errors
    /// When types or functions cannot be told apart by their hashes.
    fn schema(&self) -> Result<String, CatalogError> {
        self.catalog().map(|catalog| catalog.schema())
    }
}

/// Collects the actors an application starts with.
pub struct Setup {
    seed: u64,
    actors: Vec<NewActor>,
    keys: BTreeMap<TypeTag, u64>,
}

/// An actor to be created: what [`Order::Create`](crate::Order::Create) takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewActor {
    /// Its id.
    pub actor: ActorId,
    /// The hash of its state's layout.
    pub layout_hash: u64,
    /// Its encoded state.
    pub state: Vec<u8>,
}

impl Setup {
    /// An empty setup; `seed` is for the application's own choices.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            actors: Vec::new(),
            keys: BTreeMap::new(),
        }
    }

    /// The seed of the run.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Creates an actor. Keys are given out from 1, in order, for each type.
    ///
    /// # Errors
    /// When the state cannot be encoded, or the type has more than [`SETUP_KEY_MAX`] actors.
    pub fn create<A: Functions>(&mut self, state: &A) -> Result<Ref<A>, WireError> {
        let tag = tag_of::<A>();
        let last = self.keys.entry(tag).or_default();
        if *last == SETUP_KEY_MAX {
            return Err(WireError::new(A::NAME, "too many actors"));
        }
        *last += 1;
        let actor = ActorId::new(tag, *last);
        let mut bytes = Vec::new();
        wire::encode(state, &mut bytes)?;
        self.actors.push(NewActor {
            actor,
            layout_hash: layout_hash::<A>(),
            state: bytes,
        });
        Ok(Ref::to(actor))
    }

    /// The actors created, in order.
    #[must_use]
    pub fn into_actors(self) -> Vec<NewActor> {
        self.actors
    }
}

/// A client's whole life as a future: it ends when the client has no more to do.
pub type ClientFuture = Pin<Box<dyn Future<Output = ()>>>;

/// Starts a client on the gateway it is given to.
pub type StartClient = Box<dyn FnOnce(Context) -> ClientFuture + Send>;

/// The clients of an application, each an ordinary async function that calls actors through a
/// [`Context`] of its own, sleeps as long as it likes, and usually never ends.
#[derive(Default)]
pub struct Load {
    clients: Vec<StartClient>,
}

impl Load {
    /// No clients.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a client. It may do nothing but compute and await operations of its context.
    pub fn client<F, L>(&mut self, start: F) -> &mut Self
    where
        F: FnOnce(Context) -> L + Send + 'static,
        L: Future<Output = ()> + 'static,
    {
        self.clients.push(Box::new(move |cx| Box::pin(start(cx))));
        self
    }

    /// How many clients there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.clients.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clients.is_empty()
    }

    /// The clients, to be given to [`ServerCore::start_client`](crate::ServerCore::start_client).
    #[must_use]
    pub fn into_clients(self) -> Vec<StartClient> {
        self.clients
    }
}

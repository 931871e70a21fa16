//! What makes a type an actor: two small traits, written by `#[derive(Actor)]` and `#[functions]`
//! or by hand.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::id::{ActorId, FunctionId, TypeTag, name_hash};
use crate::reference::Methods;
use crate::reply::Reply;
use crate::wire::WireError;

/// An actor's state: its type, its references by property, the values it publishes. Written by
/// `#[derive(Actor)]`.
pub trait Actor: Serialize + DeserializeOwned + 'static {
    /// The type's name in policies: starts with an upper-case letter, unique in its application.
    const NAME: &'static str;
    /// The state's fields and their types as text, `#[serde(skip)]` ones left out. Its hash stands
    /// beside each encoded state, so that bytes of another layout are refused and not misread.
    const LAYOUT: &'static str;
    /// What of the state survives the end of its activation.
    const DURABILITY: Durability = Durability::Checkpoint(CHECKPOINT_INTERVAL_DEFAULT);
    /// The properties that hold references, in schema order.
    const PROPERTIES: &'static [Property] = &[];
    /// The published values, in schema order.
    const VALUES: &'static [PublishedValue] = &[];

    /// Calls `visit` with each reference held and the index of its property in
    /// [`PROPERTIES`](Self::PROPERTIES).
    fn references(&self, visit: &mut dyn FnMut(usize, ActorId)) {
        let _ = visit;
    }

    /// Calls `visit` with each published value and its index in [`VALUES`](Self::VALUES).
    fn values(&self, visit: &mut dyn FnMut(usize, Value)) {
        let _ = visit;
    }

    /// The state of an actor that is called without having been created. `None` (the default): such
    /// a call ends `NotFound`. `#[actor(default)]` makes it `Some(Self::default())`.
    #[must_use]
    fn fresh(key: u64) -> Option<Self> {
        let _ = key;
        None
    }
}

/// How often a type is checkpointed unless it says otherwise.
pub const CHECKPOINT_INTERVAL_DEFAULT: Duration = Duration::from_secs(10);

/// The functions of an actor type. Written by `#[functions]` on its `impl`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no actor functions",
    note = "put `#[functions]` on an `impl {Self} {{ .. }}` block"
)]
pub trait Functions: Actor {
    /// A call to one of the functions: an enum with a variant for each.
    type Call: Calls;
    /// What a `Ref` to this type offers: a newtype over [`Target`](crate::Target) with a method for
    /// each function.
    type Methods: Methods;
    /// The functions, in the order of [`Calls::function`].
    const FUNCTIONS: &'static [Function];

    /// Runs a call. Functions that await nothing answer with [`Handled::done`] (no allocation),
    /// others with [`Handled::waiting`]. The state must come back with the reply.
    fn handle(state: State<Self>, cx: Context, call: Self::Call) -> Handled<Self>;

    /// Called once when an activation begins, before its first call: rebuilds what is not part of
    /// the encoded state.
    fn activated(&mut self, cx: &Context, origin: Origin) {
        let _ = (cx, origin);
    }
}

/// The calls of an actor type as values.
pub trait Calls: Sized + 'static {
    /// The tag of the actor type these are calls of. (Not the type itself: it may be private where
    /// this type is public.)
    const ACTOR: TypeTag;

    /// The function's index in [`Functions::FUNCTIONS`].
    fn function(&self) -> usize;

    /// Appends the encoded arguments (not the function) to `out`.
    ///
    /// # Errors
    /// When an argument's `Serialize` refuses.
    fn encode(&self, out: &mut Vec<u8>) -> Result<(), WireError>;

    /// Reads the arguments of the function of this index.
    ///
    /// # Errors
    /// When there is no such function or the bytes are not its arguments.
    fn decode(function: usize, arguments: &[u8]) -> Result<Self, WireError>;

    /// How many bytes [`encode`](Self::encode) would append.
    fn encoded_size(&self) -> usize;
}

/// A function that can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name in policies.
    pub name: &'static str,
    /// Its name on the wire.
    pub id: FunctionId,
    /// Whether it takes `&self`: such calls run beside each other.
    pub shared: bool,
    /// The encoded size of its arguments, if it is the same for every call (no arguments, or only
    /// `bool`, `u8`, `i8`, `f32`, `f64`; other integers are of variable length).
    pub fixed_size: Option<u32>,
}

impl Function {
    /// A function that takes `&mut self` and whose calls differ in size.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            id: FunctionId::of(name),
            shared: false,
            fixed_size: None,
        }
    }

    /// The same, taking `&self`.
    #[must_use]
    pub const fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    /// The same, with arguments that are always of this encoded size.
    #[must_use]
    pub const fn fixed_size(mut self, bytes: u32) -> Self {
        self.fixed_size = Some(bytes);
        self
    }
}

/// A property that holds references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name in policies.
    pub name: &'static str,
    /// How many references it holds.
    pub arity: Arity,
    /// The name of the type it refers to.
    pub target: &'static str,
}

/// How many references a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// Exactly one: `Ref<T>`, written `T`.
    One,
    /// None or one: `Option<Ref<T>>`, written `T?`.
    Optional,
    /// Any number: `Vec<Ref<T>>`, written `[T]`.
    Many,
}

/// A value that an actor publishes to policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedValue {
    /// Its name in policies.
    pub name: &'static str,
    /// Its type in policies.
    pub kind: ValueKind,
}

/// The type of a published value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// True or false.
    Bool,
    /// Text.
    Text,
    /// A number of bytes.
    Bytes,
    /// A span of time.
    Duration,
    /// A share of a hundred.
    Percent,
}

impl fmt::Display for ValueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Int => "int",
            Self::Float => "float",
            Self::Bool => "bool",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Duration => "duration",
            Self::Percent => "percent",
        })
    }
}

/// A published value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of kind `int` or `bytes`.
    Int(i64),
    /// Of kind `float`, `percent` (0 to 100) or `duration` (seconds).
    Float(f64),
    /// Of kind `bool`.
    Bool(bool),
    /// Of kind `text`.
    Text(String),
}

/// What of an actor's state survives the end of its activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: after a failure the actor begins anew, and the loss is reported.
    None,
    /// What the last checkpoint holds: one is written at activation, at arrival, and every so often
    /// while the state changes.
    Checkpoint(Duration),
}

/// Where the state of a new activation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It was just created.
    New,
    /// It came from another server, complete.
    Moved,
    /// It was read from a checkpoint of this age.
    Checkpoint {
        /// How long before the activation the checkpoint was written.
        age: Duration,
    },
    /// It had state and there is no checkpoint: this is the state of a fresh actor.
    Lost,
}

/// An actor's state while a call runs on it: alone for `&mut self` functions, beside others for
/// `&self` functions.
pub struct State<A> {
    shared: Rc<A>,
}

impl<A> State<A> {
    pub(crate) fn new(shared: Rc<A>) -> Self {
        Self { shared }
    }

    pub(crate) fn into_shared(self) -> Rc<A> {
        self.shared
    }

    /// The state, to be changed.
    ///
    /// # Panics
    /// In a function declared `shared`, whose state others may be reading.
    #[must_use]
    pub fn get_mut(&mut self) -> &mut A {
        match Rc::get_mut(&mut self.shared) {
            Some(state) => state,
            None => panic!("a function declared `shared` asked to change its actor's state"),
        }
    }
}

impl<A> Deref for State<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.shared
    }
}

/// The future of a handler that awaits something.
pub(crate) type HandlerFuture<A> = Pin<Box<dyn Future<Output = (State<A>, Reply)>>>;

/// What became of a call given to [`Functions::handle`].
pub struct Handled<A>(pub(crate) HandledBy<A>);

pub(crate) enum HandledBy<A> {
    Done(State<A>, Reply),
    Waiting(HandlerFuture<A>),
}

impl<A> Handled<A> {
    /// The call has ended.
    #[must_use]
    pub fn done(state: State<A>, reply: Reply) -> Self {
        Self(HandledBy::Done(state, reply))
    }

    /// The call goes on in this future, whose only leaves are operations of its [`Context`].
    #[must_use]
    pub fn waiting(future: impl Future<Output = (State<A>, Reply)> + 'static) -> Self {
        Self(HandledBy::Waiting(Box::pin(future)))
    }
}

/// The hash that stands beside an encoded state of this type.
pub(crate) fn layout_hash<A: Actor>() -> u64 {
    name_hash(A::LAYOUT) ^ name_hash(A::NAME).rotate_left(1)
}

/// The tag of an actor type.
#[must_use]
pub const fn tag_of<A: Actor>() -> TypeTag {
    TypeTag::of(A::NAME)
}

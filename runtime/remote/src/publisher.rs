//! The cluster's side: serves what a run tells, without ever making it wait.

use std::sync::Arc;

use plasma_listen::{ListenError, Listening, Settings, Token};
use plasma_model::{Event, Hello};

use crate::STREAM_PATH;
use crate::hub::Hub;
use crate::policy::PolicyKeeper;
use crate::routes::routes;

/// Subscribers at a time.
const SUBSCRIBERS_MAX: usize = 64;

/// Where a run is served, and to whom.
#[derive(Clone, Debug)]
pub struct PublisherSettings {
    /// HOST:PORT; port 0 is any that is free.
    pub address: String,
    /// The secret of those who may replace the policy, and of everybody from other machines.
    pub token: Option<Token>,
}

/// Serves a run until it is dropped.
#[derive(Debug)]
pub struct Publisher {
    hub: Arc<Hub>,
    listening: Option<Listening>,
    url: String,
}

impl Publisher {
    /// Begins to serve a run of which nothing was told yet but `hello` and the schema.
    ///
    /// # Errors
    /// If the address is none, is taken, or is open to other machines without a token.
    pub fn start(
        settings: PublisherSettings,
        hello: &Hello,
        schema: Option<&str>,
        keeper: Arc<dyn PolicyKeeper>,
    ) -> Result<Publisher, ListenError> {
        let hub = Arc::new(Hub::new(hello.clone(), schema.map(str::to_owned)));
        let settings = Settings {
            address: settings.address,
            token: settings.token,
            origins: Vec::new(),
            guests_max: SUBSCRIBERS_MAX,
        };
        let of_routes = Arc::clone(&hub);
        let listening = plasma_listen::start(settings, |lobby| routes(of_routes, keeper, lobby))?;
        Ok(Publisher {
            url: format!("ws://{}{STREAM_PATH}", listening.authority()),
            hub,
            listening: Some(listening),
        })
    }

    /// The URL of the stream, as this machine reaches it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Tells events to all subscribers: those of a period, up to its tick, or what was decided on it.
    pub fn publish(&self, events: &[Event]) {
        self.hub.add(events);
    }
}

impl Drop for Publisher {
    /// Lets subscribers hear the rest, and that the run has ended.
    fn drop(&mut self) {
        self.hub.end();
        drop(self.listening.take());
    }
}

//! What routes need of the address that they are served at: room for guests, the token, the end.

use std::sync::Arc;

use axum::http::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::Token;

/// The address as its routes see it.
#[derive(Clone, Debug)]
pub struct Lobby {
    pub(crate) guests: Arc<Semaphore>,
    pub(crate) guests_max: usize,
    pub(crate) token: Option<Token>,
    pub(crate) closing: watch::Receiver<bool>,
}

/// Room for one connection that stays. Given back when dropped.
#[derive(Debug)]
pub struct Guest {
    _permit: OwnedSemaphorePermit,
    closing: watch::Receiver<bool>,
}

impl Lobby {
    /// Room for one more guest; `None` if there is none.
    pub fn admit(&self) -> Option<Guest> {
        let permit = Arc::clone(&self.guests).try_acquire_owned().ok()?;
        Some(Guest {
            _permit: permit,
            closing: self.closing.clone(),
        })
    }

    /// How many guests there may be.
    pub fn guests_max(&self) -> usize {
        self.guests_max
    }

    /// Whether a token is set: without one nothing can be changed from outside.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Whether a request shows the token.
    pub fn is_authorised(&self, headers: &HeaderMap) -> bool {
        let token = self.token.as_ref();
        token.is_some_and(|token| token.is_shown(headers))
    }
}

impl Guest {
    /// Waits until all guests are to leave.
    pub async fn closing(&mut self) {
        // A sender that is gone has closed as well.
        let _ = self.closing.wait_for(|closing| *closing).await;
    }
}

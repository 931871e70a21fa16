//! The clusters that documents are looked at beside: recorded ones are replayed, running ones followed, on a
//! thread of their own, so that nobody who types waits for it.
//!
//! The [`Desk`] is how the session speaks with that thread: it is told which policies are to be followed where,
//! and gives what was found, document by document.

mod desk;
mod follower;
mod live;
mod recorded;
mod worker;

use plasma_ide::Attached;
use plasma_scenario::project::Attachment;

pub(crate) use desk::Desk;

/// Something that was found out, or that goes on.
#[derive(Debug)]
pub(crate) enum Update {
    /// What a policy does in its cluster.
    Found(Box<Found>),
    /// Something takes its time: what, and how far it is. An empty text is its end.
    Doing(String),
}

/// What a policy does in its cluster.
#[derive(Debug)]
pub(crate) struct Found {
    /// The document.
    pub(crate) uri: String,
    /// The cluster.
    pub(crate) attachment: Attachment,
    /// What there is to see, or why nothing is.
    pub(crate) attached: Result<Attached, String>,
    /// Whether it goes on.
    pub(crate) state: State,
    /// What else to know: that a trace ends within an event.
    pub(crate) message: Option<String>,
}

/// Whether more is to come of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It was recorded.
    Still,
    /// It runs.
    Live,
    /// It ran, and cannot be reached any more.
    Lost,
}

impl State {
    /// Its word for editors.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            State::Still => "still",
            State::Live => "live",
            State::Lost => "lost",
        }
    }
}

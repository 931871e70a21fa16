//! What a core is told when it is created.

use std::time::Duration;

use crate::id::{Address, ServerId};

/// How a core is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its own address.
    pub address: Address,
    /// The node that has the directory (may be this one).
    pub directory: ServerId,
    /// Whether actors may be activated here. False for pure gateways.
    pub hosts_actors: bool,
    /// Whether edges, sizes, cycles and latencies are counted from the start.
    pub profiling: bool,
    /// Whether the driver answers [`Effect::Admission`](crate::Effect::Admission); if not, moves
    /// are admitted as long as bounds allow.
    pub asks_admission: bool,
    /// Bounds.
    pub limits: Limits,
    /// Times of sessions.
    pub session: SessionTimes,
}

impl Config {
    /// A server with the default limits.
    #[must_use]
    pub fn server(address: Address, directory: ServerId) -> Self {
        Self {
            address,
            directory,
            hosts_actors: true,
            profiling: true,
            asks_admission: false,
            limits: Limits::default(),
            session: SessionTimes::default(),
        }
    }

    /// A node for clients (or for the directory) only, with the default limits.
    #[must_use]
    pub fn gateway(address: Address, directory: ServerId) -> Self {
        Self {
            hosts_actors: false,
            ..Self::server(address, directory)
        }
    }
}

/// The bounds of a core's buffers and times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls waiting for one actor.
    pub mailbox: usize,
    /// Calls held for one actor whose place or route is not settled.
    pub held: usize,
    /// Unanswered calls of this node.
    pub outstanding: usize,
    /// Unacknowledged frames to one other node.
    pub link_frames: usize,
    /// Prepared copies of actors moving here, in all.
    pub prepared: usize,
    /// The deadline of a call whose caller has none.
    pub call_deadline: Duration,
    /// How long an actor may take to finish its running calls before a move is `busy`.
    pub quiesce: Duration,
    /// How long any other step of a move may take without progress.
    pub move_step: Duration,
    /// After how many failures an actor is quarantined.
    pub deaths: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            mailbox: 1024,
            held: 1024,
            outstanding: 65_536,
            link_frames: 65_536,
            prepared: 1024,
            call_deadline: Duration::from_secs(5),
            quiesce: Duration::from_secs(1),
            move_step: Duration::from_secs(2),
            deaths: 3,
        }
    }
}

/// The times of sessions between nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTimes {
    /// The longest a received frame waits for its acknowledgement.
    pub acknowledge: Duration,
    /// How long an unacknowledged frame waits to be sent again, the first time; doubled each time.
    pub retransmit: Duration,
    /// After how long without any progress the session is broken. Much longer than the longest
    /// silence of a server that lives: a turn of 10 s, then a slice until it takes frames in,
    /// however large its debt is.
    pub give_up: Duration,
}

impl Default for SessionTimes {
    fn default() -> Self {
        Self {
            acknowledge: Duration::from_millis(5),
            retransmit: Duration::from_millis(100),
            give_up: Duration::from_secs(30),
        }
    }
}

//! What a world is made of.

use plasma_actor::{Limits, SessionTimes};
use plasma_engine::embedded::Link;

/// Size and strength of a simulated cluster. Node 0 has the directory; the servers follow, from 1,
/// then the gateways.
#[derive(Clone, Debug, PartialEq)]
pub struct WorldConfig {
    /// The seed of everything that is left to chance.
    pub seed: u64,
    /// How many servers host actors.
    pub servers: u32,
    /// How many nodes run clients.
    pub gateways: u32,
    /// Processor quota of each server, in cores; `None`: a whole core each.
    pub quota_cores: Option<f64>,
    /// The links between all nodes.
    pub link: Link,
    /// Bounds of all cores.
    pub limits: Limits,
    /// Times of all sessions.
    pub session: SessionTimes,
    /// Whether the cores count what managers need.
    pub profiling: bool,
    /// Whether each frame is encoded and decoded on its way, as a real network would do, and must
    /// come out as it went in.
    pub encodes_frames: bool,
}

impl WorldConfig {
    /// Four servers of a whole core each and one gateway, with default links and bounds.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        WorldConfig {
            seed,
            servers: 4,
            gateways: 1,
            quota_cores: None,
            link: Link::default(),
            limits: Limits::default(),
            session: SessionTimes::default(),
            profiling: true,
            encodes_frames: false,
        }
    }
}

//! How a simulated cluster is set up as an engine.

use std::time::Duration;

use plasma_engine::EngineError;
use plasma_engine::embedded::{Link, Start};

use crate::config::WorldConfig;

/// Quota of a server unless the configuration says otherwise: what the embedded cluster gives each
/// of four servers on two cores.
const QUOTA_CORES_DEFAULT: f64 = 0.3;

/// Memory of a server unless the configuration says otherwise: 1 GiB.
const MEMORY_BYTES_DEFAULT: u64 = 1 << 30;

/// Most servers, as in the embedded cluster.
const SERVERS_MAX: u32 = 256;

/// How a simulated cluster is set up.
#[derive(Clone, Debug, PartialEq)]
pub struct SimConfig {
    /// How many servers, 1 to 256.
    pub servers: u32,
    /// Length of a period.
    pub period: Duration,
    /// Seed of everything: the application's setup and load, the start placement, ties and faults.
    pub seed: u64,
    /// Where actors start.
    pub start: Start,
    /// The links between nodes.
    pub link: Link,
    /// Processor quota of each server, in cores, above 0 and at most 1.
    pub quota_cores: f64,
    /// Memory of each server, in bytes.
    pub memory_bytes: u64,
    /// Whether calls and turns are counted.
    pub profiling: bool,
}

impl Default for SimConfig {
    fn default() -> Self {
        SimConfig {
            servers: 4,
            period: Duration::from_secs(1),
            seed: 1,
            start: Start::Random,
            link: Link::default(),
            quota_cores: QUOTA_CORES_DEFAULT,
            memory_bytes: MEMORY_BYTES_DEFAULT,
            profiling: true,
        }
    }
}

impl SimConfig {
    /// An error if a figure is out of its range.
    pub(crate) fn check(&self) -> Result<(), EngineError> {
        let refused = |problem: String| Err(EngineError::Start(problem));
        if !(1..=SERVERS_MAX).contains(&self.servers) {
            let servers = self.servers;
            return refused(format!("{servers} servers; expected 1 to {SERVERS_MAX}"));
        }
        if self.period.is_zero() {
            return refused("a period of no length".to_owned());
        }
        if !(self.quota_cores > 0.0 && self.quota_cores <= 1.0) {
            let cores = self.quota_cores;
            return refused(format!(
                "a quota of {cores} cores; expected more than 0 and at most 1, since a server is \
                 one thread"
            ));
        }
        Ok(())
    }

    /// The world that this asks for.
    pub(crate) fn world(&self) -> WorldConfig {
        WorldConfig {
            servers: self.servers,
            quota_cores: Some(self.quota_cores),
            link: self.link,
            profiling: self.profiling,
            ..WorldConfig::new(self.seed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(config: SimConfig) -> String {
        let error = config.check().err();
        error.map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn figures_out_of_range_are_refused() {
        let none = SimConfig {
            servers: 0,
            ..SimConfig::default()
        };
        insta::assert_snapshot!(refusal(none), @"the cluster cannot start: 0 servers; expected 1 to 256");
        let nan = SimConfig {
            quota_cores: f64::NAN,
            ..SimConfig::default()
        };
        insta::assert_snapshot!(refusal(nan), @"the cluster cannot start: a quota of NaN cores; expected more than 0 and at most 1, since a server is one thread");
        let short = SimConfig {
            period: Duration::ZERO,
            ..SimConfig::default()
        };
        insta::assert_snapshot!(refusal(short), @"the cluster cannot start: a period of no length");
        assert_eq!(refusal(SimConfig::default()), "");
    }
}

//! How an embedded cluster is set up.

use std::time::Duration;

use plasma_engine::EngineError;
use plasma_engine::embedded::{Link, Start};

/// Share of the machine's cores that all servers together may use: clients, managers and the rest
/// of the machine need the others.
const CORES_SHARE_MAX: f64 = 0.6;

/// Memory of a server unless the configuration says otherwise: 1 GiB.
const MEMORY_BYTES_DEFAULT: u64 = 1 << 30;

/// Shortest period: below it the accounts would cost more than the calls.
const PERIOD_MIN: Duration = Duration::from_millis(10);

/// Most servers in one process.
pub const SERVERS_MAX: u32 = 256;

/// How an embedded cluster is set up.
#[derive(Clone, Debug)]
pub struct ClusterConfig {
    /// How many servers, 1 to [`SERVERS_MAX`].
    pub servers: u32,
    /// How many servers the policy may come to have, if more: the default quota leaves room for them.
    pub servers_max: Option<u32>,
    /// Length of a period.
    pub period: Duration,
    /// Seed of the application's setup, of the clients' load and of the start placement.
    pub seed: u64,
    /// Where actors start.
    pub start: Start,
    /// The links between nodes.
    pub link: Link,
    /// Processor quota of each server, in cores; `None`: an equal share of 60 % of the machine.
    pub quota_cores: Option<f64>,
    /// Whether all quotas together may exceed 60 % of the machine.
    pub oversubscribe: bool,
    /// Memory of each server, in bytes.
    pub memory_bytes: u64,
    /// Whether calls and turns are counted.
    pub profiling: bool,
}

impl Default for ClusterConfig {
    fn default() -> Self {
        ClusterConfig {
            servers: 4,
            servers_max: None,
            period: Duration::from_secs(1),
            seed: 1,
            start: Start::Random,
            link: Link::default(),
            quota_cores: None,
            oversubscribe: false,
            memory_bytes: MEMORY_BYTES_DEFAULT,
            profiling: true,
        }
    }
}

impl ClusterConfig {
    /// The quota of each server on a machine with `cores` cores.
    ///
    /// # Errors
    /// If a figure is out of its range, or the quotas are more than the machine has to give.
    pub(crate) fn quota_cores_on(&self, cores: usize) -> Result<f64, EngineError> {
        if !(1..=SERVERS_MAX).contains(&self.servers) {
            return Err(refused(format!(
                "{} servers; expected 1 to {SERVERS_MAX}",
                self.servers
            )));
        }
        if self.period < PERIOD_MIN {
            return Err(refused(format!(
                "a period of {:?}; expected at least {PERIOD_MIN:?}",
                self.period
            )));
        }
        let servers = f64::from(self.servers);
        let most = CORES_SHARE_MAX * cores as f64;
        let Some(quota_cores) = self.quota_cores else {
            // A server is one thread: more than one core is of no use to it.
            let to_come = self.servers_max.unwrap_or(0).min(SERVERS_MAX);
            return Ok((most / servers.max(f64::from(to_come))).min(1.0));
        };
        if !(quota_cores.is_finite() && quota_cores > 0.0 && quota_cores <= 1.0) {
            return Err(refused(format!(
                "a quota of {quota_cores} cores; expected more than 0 and at most 1, since a \
                 server is one thread"
            )));
        }
        // A quota written with few digits may be a hair above the exact share.
        if quota_cores * servers > most * 1.001 && !self.oversubscribe {
            return Err(refused(format!(
                "{servers} servers of {quota_cores} cores need {:.2} cores, and only {most:.2} of \
                 the machine's {cores} are for servers; take fewer servers or a smaller quota, or \
                 `--oversubscribe` and expect contended figures",
                quota_cores * servers
            )));
        }
        Ok(quota_cores)
    }
}

impl ClusterConfig {
    /// Whether so many servers of this quota are what the machine has to give.
    ///
    /// # Errors
    /// If they are more.
    pub(crate) fn quota_for(&self, servers: u32, quota_cores: f64) -> Result<(), String> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let most = CORES_SHARE_MAX * cores as f64;
        let needed = quota_cores * f64::from(servers);
        // A quota written with few digits may be a hair above the exact share.
        if needed > most * 1.001 && !self.oversubscribe {
            return Err(format!(
                "refused: quota: {servers} servers of {quota_cores} cores need {needed:.2} cores, and only \
                 {most:.2} of the machine's {cores} are for servers; `limit servers` in the policy, or \
                 fewer servers at the start, leave room for more"
            ));
        }
        Ok(())
    }
}

fn refused(problem: String) -> EngineError {
    EngineError::Start(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(config: ClusterConfig) -> String {
        match config.quota_cores_on(2) {
            Ok(cores) => format!("{cores} cores"),
            Err(error) => error.to_string(),
        }
    }

    fn with(servers: u32, quota_cores: Option<f64>) -> ClusterConfig {
        ClusterConfig {
            servers,
            quota_cores,
            ..ClusterConfig::default()
        }
    }

    #[test]
    fn servers_share_sixty_percent_of_the_machine() {
        insta::assert_snapshot!(quota(with(4, None)), @"0.3 cores");
        insta::assert_snapshot!(quota(with(1, None)), @"1 cores");
        let growing = ClusterConfig {
            servers_max: Some(8),
            ..with(4, None)
        };
        insta::assert_snapshot!(quota(growing), @"0.15 cores");
        insta::assert_snapshot!(quota(with(4, Some(0.3))), @"0.3 cores");
    }

    #[test]
    fn more_than_that_is_refused_unless_asked_for() {
        insta::assert_snapshot!(quota(with(8, Some(0.25))), @"the cluster cannot start: 8 servers of 0.25 cores need 2.00 cores, and only 1.20 of the machine's 2 are for servers; take fewer servers or a smaller quota, or `--oversubscribe` and expect contended figures");
        let oversubscribed = ClusterConfig {
            oversubscribe: true,
            ..with(8, Some(0.25))
        };
        insta::assert_snapshot!(quota(oversubscribed), @"0.25 cores");
    }

    #[test]
    fn figures_out_of_range_are_refused() {
        insta::assert_snapshot!(quota(with(0, None)), @"the cluster cannot start: 0 servers; expected 1 to 256");
        insta::assert_snapshot!(quota(with(1000, None)), @"the cluster cannot start: 1000 servers; expected 1 to 256");
        insta::assert_snapshot!(quota(with(1, Some(1.5))), @"the cluster cannot start: a quota of 1.5 cores; expected more than 0 and at most 1, since a server is one thread");
        insta::assert_snapshot!(quota(with(1, Some(f64::NAN))), @"the cluster cannot start: a quota of NaN cores; expected more than 0 and at most 1, since a server is one thread");
        let short = ClusterConfig {
            period: Duration::from_millis(1),
            ..with(1, None)
        };
        insta::assert_snapshot!(quota(short), @"the cluster cannot start: a period of 1ms; expected at least 10ms");
    }
}

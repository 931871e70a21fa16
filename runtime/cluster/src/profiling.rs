//! What profiling costs: the same load with it and without it, in alternating slices.

use std::time::{Duration, Instant};

use plasma_engine::EngineError;

use crate::cluster::Cluster;
use crate::command::{Command, Cost, MessageBody};
use crate::nodes::GATEWAY;

/// How long nodes may take to tell what calls have cost.
const TELL_MAX: Duration = Duration::from_secs(5);

/// Processor time of a call on the servers, with profiling and without it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProfilingCost {
    /// Nanoseconds that the cluster itself spends for a call, profiling on.
    pub on_nanos: f64,
    /// Nanoseconds that the cluster itself spends for a call, profiling off.
    pub off_nanos: f64,
    /// Nanoseconds of a call in all, the application's own work included, profiling off.
    pub call_nanos: f64,
}

impl ProfilingCost {
    /// What profiling adds to a call, in percent of the whole call.
    pub fn overhead_perc(&self) -> f64 {
        if self.call_nanos > 0.0 {
            100.0 * (self.on_nanos - self.off_nanos) / self.call_nanos
        } else {
            0.0
        }
    }
}

/// Costs of many slices in one state.
#[derive(Clone, Copy, Default)]
struct Sum {
    cpu: Duration,
    burned: Duration,
    handled: u64,
}

impl Sum {
    fn add(&mut self, before: Cost, after: Cost) {
        self.cpu += after.cpu.saturating_sub(before.cpu);
        self.burned += after.burned.saturating_sub(before.burned);
        self.handled += after.handled.saturating_sub(before.handled);
    }

    fn per_call(&self, time: Duration) -> f64 {
        time.as_nanos() as f64 / self.handled.max(1) as f64
    }

    /// The cluster's own time: what handlers burn is not its doing, and varies with the load.
    fn own_per_call(&self) -> f64 {
        self.per_call(self.cpu.saturating_sub(self.burned))
    }
}

impl Cluster {
    /// Measures what profiling costs under the present load: `pairs` times a slice with it and one
    /// without it. Afterwards profiling is as the configuration wants it, and a new period begins:
    /// figures of slices without profiling are no measurements of the application.
    ///
    /// # Errors
    /// If a node does not answer.
    pub fn profiling_cost(
        &mut self,
        pairs: u32,
        slice: Duration,
    ) -> Result<ProfilingCost, EngineError> {
        let (mut on, mut off) = (Sum::default(), Sum::default());
        for pair in 0..pairs {
            // The order within pairs alternates too, so that a drift of the load cancels out.
            for profiling in [pair % 2 == 0, pair % 2 == 1] {
                let sum = if profiling { &mut on } else { &mut off };
                self.nodes.command_all(|| Command::SetProfiling(profiling));
                let before = self.costs()?;
                let stopped = self.stop_signal().wait_until(Instant::now() + slice);
                for (before, after) in before.into_iter().zip(self.costs()?) {
                    sum.add(before, after);
                }
                if stopped {
                    break;
                }
            }
        }
        let profiling = self.profiles();
        self.nodes.command_all(|| Command::SetProfiling(profiling));
        self.skip_period();
        Ok(ProfilingCost {
            on_nanos: on.own_per_call(),
            off_nanos: off.own_per_call(),
            call_nanos: off.per_call(off.cpu),
        })
    }

    /// What calls have cost on each server so far.
    fn costs(&mut self) -> Result<Vec<Cost>, EngineError> {
        self.nodes.command_all(|| Command::TellCost);
        let deadline = Instant::now() + TELL_MAX;
        let mut costs = Vec::new();
        while costs.len() < self.nodes.len() {
            let message = self.nodes.receive(deadline)?.ok_or_else(|| {
                EngineError::Broken(format!("a server did not answer within {TELL_MAX:?}"))
            })?;
            match message.body {
                MessageBody::Cost(cost) => costs.push((message.from.server.0, cost)),
                _ => self.hear(message),
            }
        }
        costs.sort_by_key(|(number, _)| *number);
        let servers = costs.into_iter().filter(|(number, _)| *number != GATEWAY);
        Ok(servers.map(|(_, cost)| cost).collect())
    }
}

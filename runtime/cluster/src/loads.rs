//! What the local managers know of a period: the load of each server that handed in its accounts.

use plasma_actor::{ActorId, NodePeriod};
use plasma_engine::embedded::{Loads, ServerLoad};

/// Replaces the loads of the last period by those of the present one. The nodes come with their
/// numbers: stale ones are missing, so that a place among the others tells nothing.
pub(crate) fn publish(loads: &mut Loads<ActorId>, nodes: &[(u32, NodePeriod)]) {
    loads.begin_period();
    for (number, node) in nodes {
        note(loads, *number, node);
    }
}

fn note(loads: &mut Loads<ActorId>, number: u32, node: &NodePeriod) {
    let Some(server) = &node.server else { return };
    let seconds = node.accounts.length.as_secs_f64();
    let cycles: u64 = node.accounts.actors.iter().map(|a| a.cycles).sum();
    let cores = server.cpu.as_secs_f64() / seconds.max(f64::MIN_POSITIVE);
    let mut state_bytes = 0;
    for actor in &node.accounts.actors {
        let share = actor.cycles as f64 / cycles.max(1) as f64;
        loads.actor_cores.insert(actor.actor, cores * share);
        state_bytes += actor.state_bytes;
    }
    let load = ServerLoad {
        cores,
        cores_capacity: server.cpu_capacity_cores,
        state_bytes: state_bytes as f64,
        memory_bytes: server.memory_capacity_bytes,
    };
    loads.servers.insert(number, load);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use plasma_actor::{Accounts, ServerUse};

    use super::*;

    fn server(number: u32, cpu_milliseconds: u64) -> (u32, NodePeriod) {
        let server = ServerUse {
            id: format!("s{number}").into(),
            cpu: Duration::from_millis(cpu_milliseconds),
            cpu_capacity_cores: 0.25,
            memory_capacity_bytes: 1e6,
            network_capacity_bytes_per_second: None,
            contended: false,
        };
        let accounts = Accounts {
            length: Duration::from_secs(1),
            ..Accounts::default()
        };
        let server = Some(server);
        (number, NodePeriod { server, accounts })
    }

    #[test]
    fn a_missing_server_does_not_lend_its_load_to_another() {
        let mut loads = Loads::default();
        publish(&mut loads, &[server(1, 10), server(2, 200), server(3, 100)]);
        publish(&mut loads, &[server(1, 10), server(3, 250)]);
        let cores = |number| loads.servers.get(&number).map(|load| load.cores);
        assert_eq!(cores(1), Some(0.01));
        assert_eq!(cores(2), None);
        assert_eq!(cores(3), Some(0.25));
        assert!(loads.admit(2, &[], 0).is_err());
        assert!(loads.admit(3, &[], 0).is_ok());
    }
}

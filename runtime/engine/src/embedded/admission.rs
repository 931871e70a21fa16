//! A server's local manager at the door: whether a move may come here, by what it will bring.

use std::collections::BTreeMap;

/// By how much predicted processor time may exceed the quota: the figures are those of one period,
/// and an actor that used all of its server must not find an empty one too small.
const CORES_TOLERANCE: f64 = 1.1;

/// The loads of the last period, as the local managers of all servers know them. `A` is how the
/// driver names actors.
#[derive(Clone, Debug)]
pub struct Loads<A> {
    /// Processor time of each actor, in cores.
    pub actor_cores: BTreeMap<A, f64>,
    /// What each server uses, by its number; those that missed the period are not among them.
    pub servers: BTreeMap<u32, ServerLoad>,
    /// Whether a period has been measured.
    is_measured: bool,
}

/// What a server uses, and what moves admitted since will add.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ServerLoad {
    /// Processor time in use, in cores.
    pub cores: f64,
    /// Its quota, in cores.
    pub cores_capacity: f64,
    /// State of its actors, in bytes.
    pub state_bytes: f64,
    /// Its memory, in bytes.
    pub memory_bytes: f64,
}

impl<A> Default for Loads<A> {
    fn default() -> Self {
        Loads {
            actor_cores: BTreeMap::new(),
            servers: BTreeMap::new(),
            is_measured: false,
        }
    }
}

impl<A: Ord> Loads<A> {
    /// Forgets the loads of the last period: those of the present one follow. A server whose load
    /// does not follow takes nobody in.
    pub fn begin_period(&mut self) {
        self.actor_cores.clear();
        self.servers.clear();
        self.is_measured = true;
    }

    /// Decides about a move of these actors to `server`; what is admitted counts from now on.
    ///
    /// # Errors
    /// Why the server does not take them.
    pub fn admit(&mut self, server: u32, actors: &[A], state_bytes: u64) -> Result<(), String> {
        let known = actors
            .iter()
            .filter_map(|actor| self.actor_cores.get(actor));
        let cores: f64 = known.sum();
        match self.servers.get_mut(&server) {
            Some(load) => load.admit(cores, state_bytes as f64),
            None if self.is_measured => Err("its load in the last period is not known".to_owned()),
            // Before the first period nothing is known to speak against it.
            None => Ok(()),
        }
    }
}

impl ServerLoad {
    fn admit(&mut self, cores: f64, state_bytes: f64) -> Result<(), String> {
        let cores_then = self.cores + cores;
        if cores_then > CORES_TOLERANCE * self.cores_capacity {
            let perc = 100.0 * cores_then / self.cores_capacity;
            return Err(format!("cpu would be at {perc:.0} %"));
        }
        let bytes_then = self.state_bytes + state_bytes;
        if bytes_then > self.memory_bytes {
            let perc = 100.0 * bytes_then / self.memory_bytes;
            return Err(format!("memory would be at {perc:.0} %"));
        }
        (self.cores, self.state_bytes) = (cores_then, bytes_then);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_admitted_counts() {
        let load = ServerLoad {
            cores: 0.1,
            cores_capacity: 0.3,
            state_bytes: 0.0,
            memory_bytes: 100.0,
        };
        let mut loads = Loads {
            actor_cores: BTreeMap::from([("a", 0.15), ("b", 0.1)]),
            servers: BTreeMap::from([(1, load)]),
            ..Loads::default()
        };
        assert_eq!(loads.admit(1, &["a"], 10), Ok(()));
        assert_eq!(
            loads.admit(1, &["b"], 10),
            Err("cpu would be at 117 %".to_owned())
        );
        assert_eq!(
            loads.admit(1, &["unknown"], 95),
            Err("memory would be at 105 %".to_owned())
        );
        assert_eq!(loads.admit(2, &["a", "b"], 10), Ok(()), "nothing is known");
    }

    #[test]
    fn a_server_that_missed_the_period_takes_nobody_in() {
        let load = ServerLoad {
            cores_capacity: 0.3,
            memory_bytes: 100.0,
            ..ServerLoad::default()
        };
        let mut loads = Loads::default();
        for present in [[1, 2], [1, 3]] {
            loads.begin_period();
            loads.servers.extend(present.map(|number| (number, load)));
        }
        assert_eq!(loads.admit(3, &["a"], 10), Ok(()));
        let unknown = Err("its load in the last period is not known".to_owned());
        assert_eq!(loads.admit(2, &["a"], 10), unknown);
    }
}

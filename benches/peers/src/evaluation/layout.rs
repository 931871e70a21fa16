//! Calls apart by what the rules ask of them, for engines that are handed lists.

use std::collections::BTreeMap;

use plasma_benches::generated::{
    CLIENT, FILE, FOLDER, Generated, OPEN, PARTITION, PLAYER, SESSION, UPDATE,
};

/// What the rules read, as Plasma's columns have it too: calls by kind of caller, type of callee and
/// function.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// Actors of the first rule's type.
    pub(crate) partitions: u32,
    /// Every call of clients: server that received it, and number of calls.
    pub(crate) received: Vec<(u32, u32)>,
    /// Folders that clients open: folder, its server, number of calls.
    pub(crate) opens: Vec<(u32, u32, u32)>,
    /// Sessions that call `update` of players: session, player, number of calls.
    pub(crate) updates: Vec<(u32, u32, u32)>,
    /// Of each folder that has some: its files.
    pub(crate) files: BTreeMap<u32, Vec<u32>>,
}

impl Layout {
    /// Takes the arrays apart.
    pub(crate) fn of(cluster: &Generated) -> Layout {
        let mut layout = Layout::default();
        let is = |no: u32, actor_type| cluster.types[no as usize] == actor_type;
        layout.partitions = cluster
            .types
            .iter()
            .map(|t| u32::from(*t == PARTITION))
            .sum();
        for place in 0..cluster.callees.len() {
            let (from, to) = (cluster.callers[place], cluster.callees[place]);
            let (function, count) = (cluster.functions[place], cluster.counts[place] as u32);
            if from == CLIENT {
                let host = cluster.hosts[to as usize];
                layout.received.push((host, count));
                if function == OPEN && is(to, FOLDER) {
                    layout.opens.push((to, host, count));
                }
            } else if function == UPDATE && is(from, SESSION) && is(to, PLAYER) {
                layout.updates.push((from, to, count));
            }
        }
        for (folder, file) in &cluster.files {
            if is(*file, FILE) {
                layout.files.entry(*folder).or_default().push(*file);
            }
        }
        layout
    }
}

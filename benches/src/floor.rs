//! What evaluation could cost at least: the three rules by hand, over data laid out in three ways.

use crate::generated::{CLIENT, FILE, FOLDER, Generated, OPEN, PARTITION, PLAYER, SESSION, UPDATE};

/// What the rules are true of, in numbers that do not depend on the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whether the first rule fires.
    pub balance: bool,
    /// Firings of the second rule, and the sum of `owner * 31 + member` of each.
    pub folders: (u64, u64),
    /// Firings of the third rule, and the same sum.
    pub sessions: (u64, u64),
}

/// Takes the firings of the rules, one after the other.
pub trait Firings {
    /// The first rule fires: some server is out of bounds.
    fn balance(&mut self);
    /// The second rule fires for a folder and one of its files.
    fn folder(&mut self, folder: u32, file: u32);
    /// The third rule fires for a session and one of its players.
    fn session(&mut self, session: u32, player: u32);
}

impl Firings for Answer {
    fn balance(&mut self) {
        self.balance = true;
    }

    fn folder(&mut self, folder: u32, file: u32) {
        self.folders.0 += 1;
        self.folders.1 += u64::from(folder) * 31 + u64::from(file);
    }

    fn session(&mut self, session: u32, player: u32) {
        self.sessions.0 += 1;
        self.sessions.1 += u64::from(session) * 31 + u64::from(player);
    }
}

fn balance(cluster: &Generated) -> bool {
    let has_partition = cluster.types.contains(&PARTITION);
    has_partition
        && cluster
            .server_cpu
            .iter()
            .any(|cpu| *cpu > 80.0 || *cpu < 60.0)
}

/// A row of calls, as a program keeps it that does not think of evaluation.
#[derive(Clone, Copy)]
struct CallRow {
    from: u32,
    to: u32,
    function: u8,
    count: f64,
}

/// Rows, and a list of files for each folder.
pub struct RowFloor<'c> {
    cluster: &'c Generated,
    calls: Vec<CallRow>,
    starts: Vec<u32>,
    received: Vec<f64>,
}

impl<'c> RowFloor<'c> {
    /// Copies the calls into rows.
    pub fn new(cluster: &'c Generated) -> Self {
        let calls = (0..cluster.callees.len()).map(|place| CallRow {
            from: cluster.callers[place],
            to: cluster.callees[place],
            function: cluster.functions[place],
            count: cluster.counts[place],
        });
        RowFloor {
            cluster,
            calls: calls.collect(),
            starts: starts(cluster),
            received: vec![0.0; cluster.server_cpu.len()],
        }
    }

    /// The firings, summed up.
    pub fn answer(&mut self) -> Answer {
        let mut answer = Answer::default();
        self.fire(&mut answer);
        answer
    }

    /// Gives every firing.
    pub fn fire(&mut self, firings: &mut impl Firings) {
        let cluster = self.cluster;
        if balance(cluster) {
            firings.balance();
        }
        self.received.fill(0.0);
        for call in &self.calls {
            if call.from == CLIENT {
                self.received[cluster.hosts[call.to as usize] as usize] += call.count;
            }
        }
        for call in &self.calls {
            let to = call.to as usize;
            if call.from == CLIENT {
                if call.function == OPEN && cluster.types[to] == FOLDER {
                    let all = self.received[cluster.hosts[to] as usize];
                    if 100.0 * call.count / all > 40.0 {
                        each_file(cluster, &self.starts, call.to, firings);
                    }
                }
            } else if call.function == UPDATE
                && call.count > 100.0
                && cluster.types[to] == PLAYER
                && cluster.types[call.from as usize] == SESSION
            {
                firings.session(call.from, call.to);
            }
        }
    }
}

/// Calls laid out by function as they arrive, the sums of each server kept.
pub struct LaidOutFloor<'c> {
    cluster: &'c Generated,
    opens: (Vec<u32>, Vec<f64>),
    updates: (Vec<u32>, Vec<u32>, Vec<f64>),
    received: Vec<f64>,
    starts: Vec<u32>,
}

impl<'c> LaidOutFloor<'c> {
    /// Lays the calls out.
    pub fn new(cluster: &'c Generated) -> Self {
        let mut floor = LaidOutFloor {
            cluster,
            opens: Default::default(),
            updates: Default::default(),
            received: vec![0.0; cluster.server_cpu.len()],
            starts: starts(cluster),
        };
        for place in 0..cluster.callees.len() {
            let (from, to) = (cluster.callers[place], cluster.callees[place]);
            let count = cluster.counts[place];
            if from == CLIENT {
                floor.received[cluster.hosts[to as usize] as usize] += count;
                if cluster.functions[place] == OPEN {
                    floor.opens.0.push(to);
                    floor.opens.1.push(count);
                }
            } else if cluster.functions[place] == UPDATE {
                floor.updates.0.push(from);
                floor.updates.1.push(to);
                floor.updates.2.push(count);
            }
        }
        floor
    }

    /// The firings, summed up.
    pub fn answer(&self) -> Answer {
        let mut answer = Answer::default();
        self.fire(&mut answer);
        answer
    }

    /// Gives every firing.
    pub fn fire(&self, firings: &mut impl Firings) {
        let cluster = self.cluster;
        if balance(cluster) {
            firings.balance();
        }
        for (folder, count) in self.opens.0.iter().zip(&self.opens.1) {
            let all = self.received[cluster.hosts[*folder as usize] as usize];
            if 100.0 * count / all > 40.0 {
                each_file(cluster, &self.starts, *folder, firings);
            }
        }
        let (sessions, players, counts) = &self.updates;
        for ((session, player), count) in sessions.iter().zip(players).zip(counts) {
            if *count > 100.0 {
                firings.session(*session, *player);
            }
        }
    }
}

/// Where the files of each actor begin among all.
fn starts(cluster: &Generated) -> Vec<u32> {
    let mut starts = vec![0; cluster.types.len() + 1];
    for (owner, _) in &cluster.files {
        starts[*owner as usize + 1] += 1;
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    starts
}

fn each_file(cluster: &Generated, starts: &[u32], folder: u32, firings: &mut impl Firings) {
    let (start, end) = (starts[folder as usize], starts[folder as usize + 1]);
    for (_, file) in &cluster.files[start as usize..end as usize] {
        if cluster.types[*file as usize] == FILE {
            firings.folder(folder, *file);
        }
    }
}

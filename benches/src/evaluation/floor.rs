//! What evaluation could cost at least: the three rules by hand, over data laid out in three ways.

use crate::generated::{CLIENT, FILE, FOLDER, Generated, OPEN, PARTITION, PLAYER, SESSION, UPDATE};

/// What the rules are true of, in numbers that do not depend on the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Whether the first rule fires.
    pub(crate) balance: bool,
    /// Firings of the second rule, and the sum of `owner * 31 + member` of each.
    pub(crate) folders: (u64, u64),
    /// Firings of the third rule, and the same sum.
    pub(crate) sessions: (u64, u64),
}

impl Answer {
    fn folder(&mut self, folder: u32, file: u32) {
        self.folders.0 += 1;
        self.folders.1 += u64::from(folder) * 31 + u64::from(file);
    }

    fn session(&mut self, session: u32, player: u32) {
        self.sessions.0 += 1;
        self.sessions.1 += u64::from(session) * 31 + u64::from(player);
    }
}

/// The rules that are measured, in the language.
pub(crate) const POLICY: &str = "\
server.cpu.perc > 80 or server.cpu.perc < 60 => balance({Partition}, cpu);
client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files) => colocate(f, x);
Session(s).call(Player(p).update).count > 100 => colocate(s, p);
";

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
pub(crate) struct CallRow {
    from: u32,
    to: u32,
    function: u8,
    count: f64,
}

/// Rows, and a list of files for each folder.
pub(crate) struct RowFloor<'c> {
    cluster: &'c Generated,
    calls: Vec<CallRow>,
    starts: Vec<u32>,
    received: Vec<f64>,
}

impl<'c> RowFloor<'c> {
    pub(crate) fn new(cluster: &'c Generated) -> Self {
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

    pub(crate) fn answer(&mut self) -> Answer {
        let cluster = self.cluster;
        let mut answer = Answer {
            balance: balance(cluster),
            ..Answer::default()
        };
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
                        each_file(cluster, &self.starts, call.to, &mut answer);
                    }
                }
            } else if call.function == UPDATE
                && call.count > 100.0
                && cluster.types[to] == PLAYER
                && cluster.types[call.from as usize] == SESSION
            {
                answer.session(call.from, call.to);
            }
        }
        answer
    }
}

/// Calls laid out by function as they arrive, the sums of each server kept.
pub(crate) struct LaidOutFloor<'c> {
    cluster: &'c Generated,
    opens: (Vec<u32>, Vec<f64>),
    updates: (Vec<u32>, Vec<u32>, Vec<f64>),
    received: Vec<f64>,
    starts: Vec<u32>,
}

impl<'c> LaidOutFloor<'c> {
    pub(crate) fn new(cluster: &'c Generated) -> Self {
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

    pub(crate) fn answer(&self) -> Answer {
        let cluster = self.cluster;
        let mut answer = Answer {
            balance: balance(cluster),
            ..Answer::default()
        };
        for (folder, count) in self.opens.0.iter().zip(&self.opens.1) {
            let all = self.received[cluster.hosts[*folder as usize] as usize];
            if 100.0 * count / all > 40.0 {
                each_file(cluster, &self.starts, *folder, &mut answer);
            }
        }
        let (sessions, players, counts) = &self.updates;
        for ((session, player), count) in sessions.iter().zip(players).zip(counts) {
            if *count > 100.0 {
                answer.session(*session, *player);
            }
        }
        answer
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

fn each_file(cluster: &Generated, starts: &[u32], folder: u32, answer: &mut Answer) {
    let (start, end) = (starts[folder as usize], starts[folder as usize + 1]);
    for (_, file) in &cluster.files[start as usize..end as usize] {
        if cluster.types[*file as usize] == FILE {
            answer.folder(folder, *file);
        }
    }
}

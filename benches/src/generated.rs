//! The cluster that evaluation is measured on, as plain arrays: every engine is given the same numbers
//! in the form that suits it.
//!
//! Ten types with the shares of an online game with a metadata store; a hundred actors a server; five
//! calls and two references an actor; counts of calls with a heavy tail. Drawn from a seed.

/// Actor types with their shares, in percent of all actors.
pub(crate) const TYPES: [(&str, usize); 10] = [
    ("Partition", 5),
    ("Folder", 8),
    ("File", 32),
    ("Player", 20),
    ("Session", 5),
    ("Room", 6),
    ("Lock", 6),
    ("Cart", 6),
    ("Feed", 6),
    ("Job", 6),
];

/// Functions by number.
pub(crate) const FUNCTIONS: [&str; 6] = ["open", "read", "update", "get", "act", "ping"];

/// Places in [`TYPES`].
pub(crate) const PARTITION: u8 = 0;
pub(crate) const FOLDER: u8 = 1;
pub(crate) const FILE: u8 = 2;
pub(crate) const PLAYER: u8 = 3;
pub(crate) const SESSION: u8 = 4;

/// Places in [`FUNCTIONS`].
pub(crate) const OPEN: u8 = 0;
const READ: u8 = 1;
pub(crate) const UPDATE: u8 = 2;
const GET: u8 = 3;
const ACT: u8 = 4;
const PING: u8 = 5;

/// Who stands for all clients.
pub(crate) const CLIENT: u32 = u32::MAX;

/// Kinds of calls with their shares, in percent of all calls: caller (a type, or clients), callee,
/// function.
const CALLS: [(Option<u8>, u8, u8, usize); 9] = [
    (None, FOLDER, OPEN, 14),
    (None, PARTITION, GET, 8),
    (None, PLAYER, ACT, 8),
    (Some(SESSION), PLAYER, UPDATE, 12),
    (Some(FOLDER), FILE, READ, 18),
    (Some(PLAYER), PARTITION, GET, 12),
    (Some(PLAYER), 5, PING, 10),
    (Some(6), 7, PING, 9),
    (Some(8), 9, PING, 9),
];

/// The generated cluster. Actors and servers are numbers from 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Generated {
    /// Of each server: cpu, 0–100.
    pub(crate) server_cpu: Vec<f64>,
    /// Of each actor: place in [`TYPES`].
    pub(crate) types: Vec<u8>,
    /// Of each actor: its server.
    pub(crate) hosts: Vec<u32>,
    /// Of each actor: cpu, 0–100.
    pub(crate) cpu: Vec<f64>,
    /// Of each actor: bytes of memory.
    pub(crate) memory: Vec<f64>,
    /// Callers ([`CLIENT`] for clients), in order of (caller, callee, function), clients last.
    pub(crate) callers: Vec<u32>,
    /// Callees.
    pub(crate) callees: Vec<u32>,
    /// Functions.
    pub(crate) functions: Vec<u8>,
    /// Numbers of calls.
    pub(crate) counts: Vec<f64>,
    /// `Folder.files`: owner and member, in order of owner.
    pub(crate) files: Vec<(u32, u32)>,
    /// `Session.players` and the like: owner and member, in order of owner.
    pub(crate) others: Vec<(u32, u32)>,
}

/// A generator of numbers (splitmix64; Steele, Lea, Flood 2014): the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// From 0 to below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number of calls: most are few, some are many (Pareto with exponent 1.1, cut at 100 000).
    fn count(&mut self) -> f64 {
        let tail = (1.0 - self.unit()).powf(-1.0 / 1.1);
        (4.0 * tail).min(100_000.0).floor()
    }
}

impl Generated {
    /// A cluster of so many actors, at least 100.
    pub(crate) fn new(actors: usize, seed: u64) -> Generated {
        let mut random = Random::new(seed);
        let servers = (actors / 100).max(2);
        let mut cluster = Generated {
            server_cpu: (0..servers).map(|_| 50.0 + 40.0 * random.unit()).collect(),
            ..Generated::default()
        };
        let mut of_type: Vec<Vec<u32>> = vec![Vec::new(); TYPES.len()];
        for no in 0..actors {
            let mut draw = random.below(100);
            let mut place = 0;
            while draw >= TYPES[place].1 {
                draw -= TYPES[place].1;
                place += 1;
            }
            of_type[place].push(no as u32);
            cluster.types.push(place as u8);
            cluster.hosts.push(random.below(servers) as u32);
            cluster.cpu.push((random.unit() * 200.0).floor() / 100.0);
            cluster.memory.push((1024 + random.below(1 << 20)) as f64);
        }
        cluster.draw_calls(&of_type, 5 * actors, &mut random);
        cluster.files = pairs(
            &of_type[FOLDER as usize],
            &of_type[FILE as usize],
            actors,
            &mut random,
        );
        cluster.others = pairs(
            &of_type[SESSION as usize],
            &of_type[PLAYER as usize],
            actors,
            &mut random,
        );
        cluster
    }

    fn draw_calls(&mut self, of_type: &[Vec<u32>], calls: usize, random: &mut Random) {
        let mut drawn = Vec::with_capacity(calls);
        for (caller, callee, function, share) in CALLS {
            let callees = &of_type[callee as usize];
            for _ in 0..calls * share / 100 {
                let from = caller.map_or(CLIENT, |caller| {
                    let callers = &of_type[caller as usize];
                    callers[random.below(callers.len())]
                });
                drawn.push((from, callees[random.below(callees.len())], function));
            }
        }
        drawn.sort_unstable();
        drawn.dedup();
        for (from, to, function) in drawn {
            self.callers.push(from);
            self.callees.push(to);
            self.functions.push(function);
            self.counts.push(random.count());
        }
    }
}

/// So many pairs, each once, in order.
fn pairs(owners: &[u32], members: &[u32], count: usize, random: &mut Random) -> Vec<(u32, u32)> {
    let draw = |_| {
        let owner = owners[random.below(owners.len())];
        (owner, members[random.below(members.len())])
    };
    let mut pairs: Vec<(u32, u32)> = (0..count).map(draw).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

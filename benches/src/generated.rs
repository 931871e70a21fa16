//! The cluster that evaluation is measured on, as plain arrays: every engine is given the same numbers
//! in the form that suits it.
//!
//! Ten types with the shares of an online game with a metadata store; a hundred actors a server; five
//! calls and two references an actor; counts of calls with a heavy tail. Drawn from a seed.

/// Actor types with their shares, in percent of all actors.
pub const TYPES: [(&str, usize); 10] = [
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
pub const FUNCTIONS: [&str; 6] = ["open", "read", "update", "get", "act", "ping"];

/// Place in [`TYPES`].
pub const PARTITION: u8 = 0;
/// Place in [`TYPES`].
pub const FOLDER: u8 = 1;
/// Place in [`TYPES`].
pub const FILE: u8 = 2;
/// Place in [`TYPES`].
pub const PLAYER: u8 = 3;
/// Place in [`TYPES`].
pub const SESSION: u8 = 4;

/// Place in [`FUNCTIONS`].
pub const OPEN: u8 = 0;
const READ: u8 = 1;
/// Place in [`FUNCTIONS`].
pub const UPDATE: u8 = 2;
const GET: u8 = 3;
const ACT: u8 = 4;
const PING: u8 = 5;

/// Who stands for all clients.
pub const CLIENT: u32 = u32::MAX;

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

/// One row in so many changes from tick to tick.
pub const CHANGED_PART: usize = 100;

/// The generated cluster. Actors and servers are numbers from 0.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// Of each server: cpu, 0–100.
    pub server_cpu: Vec<f64>,
    /// Of each actor: place in [`TYPES`].
    pub types: Vec<u8>,
    /// Of each actor: its server.
    pub hosts: Vec<u32>,
    /// Of each actor: cpu, 0–100.
    pub cpu: Vec<f64>,
    /// Of each actor: bytes of memory.
    pub memory: Vec<f64>,
    /// Callers ([`CLIENT`] for clients), in order of (caller, callee, function), clients last.
    pub callers: Vec<u32>,
    /// Callees.
    pub callees: Vec<u32>,
    /// Functions.
    pub functions: Vec<u8>,
    /// Numbers of calls.
    pub counts: Vec<f64>,
    /// `Folder.files`: owner and member, in order of owner.
    pub files: Vec<(u32, u32)>,
    /// `Session.players` and the like: owner and member, in order of owner.
    pub others: Vec<(u32, u32)>,
}

/// A generator of numbers (splitmix64; Steele, Lea, Flood 2014): the same everywhere.
pub struct Random(u64);

impl Random {
    /// A generator of this seed.
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % end.max(1) as u64) as usize
    }

    /// From 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number of calls: most are few, some are many (Pareto with exponent 1.1, cut at 100 000).
    fn count(&mut self) -> f64 {
        let tail = (1.0 - self.unit()).powf(-1.0 / 1.1);
        (4.0 * tail).min(100_000.0).floor()
    }
}

/// Who changed from one period to the next.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// Numbers of actors, perhaps several times.
    pub actors: Vec<u32>,
    /// Numbers of servers, perhaps several times.
    pub servers: Vec<u32>,
}

impl Generated {
    /// A cluster of so many actors, at least 100.
    pub fn new(actors: usize, seed: u64) -> Generated {
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

    /// Changes one row in a hundred: loads of actors and servers, numbers of calls. Actors with
    /// another load, perhaps some of them twice.
    pub fn change(&mut self, random: &mut Random) -> Changed {
        let mut changed = Changed::default();
        for _ in 0..self.types.len() / CHANGED_PART {
            let no = random.below(self.types.len());
            self.cpu[no] = random.unit() * 2.0;
            changed.actors.push(no as u32);
        }
        for _ in 0..self.server_cpu.len() / CHANGED_PART {
            let no = random.below(self.server_cpu.len());
            self.server_cpu[no] = 50.0 + 40.0 * random.unit();
            changed.servers.push(no as u32);
        }
        for _ in 0..self.counts.len() / CHANGED_PART {
            let place = random.below(self.counts.len());
            self.counts[place] = random.count();
        }
        changed
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

//! Small arbitrations, made by seed: a cluster and what is asked for, also as the notation of the manager's
//! tests reads them.

use std::fmt::Write as _;

/// An arbitration to be solved.
pub(crate) struct Instance {
    pub(crate) name: String,
    /// Load of each server that none of its actors accounts for, in percent.
    pub(crate) bases: Vec<f64>,
    /// The load of each actor in percent, and its host.
    pub(crate) actors: Vec<(f64, usize)>,
    /// In arbitration order.
    pub(crate) asked: Vec<Asked>,
    /// The upper bound of the balance, in percent.
    pub(crate) upper: f64,
    /// How many actors may move.
    pub(crate) moves_max: Option<usize>,
}

/// What is asked for beside the balance, by the places of the actors.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    Pin(usize),
    Reserve(usize),
    Separate(usize, usize),
    Colocate(usize, usize),
}

/// The kinds of instances, each with how many there are of it.
const KINDS: &[(&str, usize)] = &[
    ("balance", 12),
    ("balance-tight", 12),
    ("balance-limited", 12),
    ("mixed", 12),
    ("mixed-limited", 12),
];

/// All instances, the same in every run.
pub(crate) fn instances() -> Vec<Instance> {
    let of_kind = |(kind, count): &(&str, usize)| {
        let seeds = 1..=*count;
        let made: Vec<Instance> = seeds.map(|seed| instance(kind, seed)).collect();
        made
    };
    KINDS.iter().flat_map(of_kind).collect()
}

fn instance(kind: &str, seed: usize) -> Instance {
    let mut numbers = Numbers(seed as u64 * 0x1_0001 + kind.len() as u64);
    let is_mixed = kind.starts_with("mixed");
    let (servers, count) = if is_mixed { (4, 40) } else { (5, 50) };
    // Heavy-tailed amounts that sum up to a mean load of about half the capacity.
    let weights: Vec<f64> = (0..count)
        .map(|_| 1.0 + 9.0 * numbers.next().powi(3))
        .collect();
    let scale = 50.0 * servers as f64 / weights.iter().sum::<f64>();
    let mut actors = Vec::new();
    let mut bases = vec![2.0; servers];
    let mut loads = bases.clone();
    for weight in weights {
        let load = round(weight * scale);
        let mut host = numbers.below(servers);
        // Skewed to the first servers, as far as there is room.
        if numbers.next() < 0.4 {
            host /= 2;
        }
        if loads[host] + load > 98.0 {
            host = (0..servers)
                .min_by(|a, b| loads[*a].total_cmp(&loads[*b]))
                .unwrap_or(0);
        }
        loads[host] += load;
        actors.push((load, host));
    }
    for (base, load) in bases.iter_mut().zip(&loads) {
        *base = base.min(100.0 - load + *base).max(0.0);
    }
    let mut asked = Vec::new();
    if is_mixed {
        let mut free: Vec<usize> = (0..count).collect();
        let mut pick = |numbers: &mut Numbers| free.swap_remove(numbers.below(free.len()));
        asked.extend((0..4).map(|_| Asked::Pin(pick(&mut numbers))));
        if kind == "mixed" && seed % 4 == 0 {
            asked.push(Asked::Reserve(pick(&mut numbers)));
        }
        for _ in 0..4 {
            asked.push(Asked::Separate(pick(&mut numbers), pick(&mut numbers)));
        }
        for _ in 0..4 {
            let (a, b) = (pick(&mut numbers), pick(&mut numbers));
            asked.push(Asked::Colocate(a, b));
            if numbers.next() < 0.5 {
                asked.push(Asked::Colocate(b, pick(&mut numbers)));
            }
        }
    }
    let total: f64 = bases.iter().sum::<f64>() + actors.iter().map(|(load, _)| load).sum::<f64>();
    // Who is reserved leaves a server less to the others, which are given more room.
    let reserved = asked.iter().find_map(|asked| match asked {
        Asked::Reserve(actor) => Some(actors[*actor].0),
        _ => None,
    });
    let mean = match reserved {
        Some(load) => (total - load) / (servers - 1) as f64 * 1.05,
        None if kind.ends_with("tight") => total / servers as f64 * 1.002,
        None => total / servers as f64 * 1.02,
    };
    let limits = if is_mixed { 7..=12 } else { 2..=6 };
    let width = limits.end() - limits.start() + 1;
    Instance {
        name: format!("{kind} {seed}"),
        upper: round(mean),
        moves_max: kind
            .ends_with("limited")
            .then(|| limits.start() + numbers.below(width)),
        bases,
        actors,
        asked,
    }
}

impl Instance {
    /// The cluster in the notation of the manager's tests.
    pub(crate) fn cluster(&self) -> String {
        let mut text = String::new();
        for (server, load) in self.loads().iter().enumerate() {
            let _ = writeln!(text, "s{server} cpu {}", round(*load));
            for (actor, (load, host)) in self.actors.iter().enumerate() {
                if *host == server {
                    let _ = writeln!(text, "  a{actor:02} cpu {load}");
                }
            }
        }
        text
    }

    /// The intents in the notation of the manager's tests.
    pub(crate) fn intents(&self) -> String {
        let mut text = String::new();
        for asked in &self.asked {
            let _ = match asked {
                Asked::Pin(a) => writeln!(text, "pin(a{a:02})"),
                Asked::Reserve(a) => writeln!(text, "reserve(a{a:02}, cpu)"),
                Asked::Separate(a, b) => writeln!(text, "separate(a{a:02}, a{b:02})"),
                Asked::Colocate(a, b) => writeln!(text, "colocate(a{a:02}, a{b:02})"),
            };
        }
        let _ = writeln!(text, "balance({{any}}, cpu) ..{}", self.upper);
        text
    }

    /// The load of each server before anything moves.
    pub(crate) fn loads(&self) -> Vec<f64> {
        let mut loads = self.bases.clone();
        for (load, host) in &self.actors {
            loads[*host] += load;
        }
        loads
    }
}

/// Two digits, so that a text says exactly what is solved.
fn round(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}

/// Pseudo-random numbers of a seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    /// From 0 up to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() * bound as f64) as usize
    }
}

//! How long arbitration takes at scale, from the snapshot and the intents to the plan, with what the plan
//! achieves: seeded instances, of which nothing is read from anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use plasma_columns::Columns;
use plasma_manager::{
    Arbitration, Budget, Circumstances, Cluster, Memory, Phase, Restraints, Scaling,
    arbitrate_cluster,
};
use plasma_model::{
    ActionBody, Actor, ActorId, Bounds, Cause, Entity, Goal, Intent, PerResource, Resource, Server,
    ServerId, Snapshot, TypeSet, Usage,
};

use crate::clock::cpu_seconds;

use crate::statistics::median;

/// Repetitions of each measurement.
const REPETITIONS: usize = 5;

/// Mean load of the servers, in percent.
const LOAD_MEAN_PERC: f64 = 50.0;

/// Distance of the balance's bound from the mean, relative to it.
const SLACK: f64 = 0.02;

/// Measures each instance and prints the figures.
pub(crate) fn run(names: &[&str]) -> Result<bool, String> {
    let wanted = |name: &&str| names.is_empty() || names.contains(name);
    for name in INSTANCES.iter().filter(|name| wanted(name)) {
        measure(name, &instance(name));
    }
    match names.iter().find(|name| !INSTANCES.contains(name)) {
        Some(name) => Err(format!("`{name}` is none of {}", INSTANCES.join(", "))),
        None => Ok(true),
    }
}

const INSTANCES: &[&str] = &["balance", "colocate", "steady", "large"];

/// What is arbitrated.
struct Instance {
    snapshot: Snapshot,
    columns: Columns,
    intents: Vec<Intent>,
    restraints: Restraints,
}

fn instance(name: &str) -> Instance {
    let mut numbers = Numbers(0x5eed);
    match name {
        "balance" => {
            let snapshot = cluster(&mut numbers, 1_000_000, 10_000, Vec::new());
            Instance {
                columns: Columns::of(&snapshot),
                snapshot,
                intents: vec![balance(Some(LOAD_MEAN_PERC * (1.0 + SLACK)), None)],
                restraints: Restraints::default(),
            }
        }
        "colocate" => {
            let groups = groups(100_000, 11, 9_000);
            let snapshot = cluster(&mut numbers, 100_000, 100, Vec::new());
            let ids: Vec<ActorId> = snapshot.actors.keys().cloned().collect();
            let mut intents = pairs(&groups, &ids, 0);
            intents.push(balance(Some(LOAD_MEAN_PERC * (1.0 + SLACK)), None));
            Instance {
                columns: Columns::of(&snapshot),
                snapshot,
                intents,
                restraints: limited(2_000),
            }
        }
        "steady" => mixed(&mut numbers, 0.99, 60.0, 20_000),
        _ => mixed(&mut numbers, 0.9, LOAD_MEAN_PERC * (1.0 + SLACK), 1_000_000),
    }
}

/// A million actors with pins, reservations, separations, groups and a balance. `together` is the share of
/// the groups that live on one server already.
fn mixed(numbers: &mut Numbers, together: f64, upper: f64, moves_max: usize) -> Instance {
    let groups = groups(1_000_000, 3, 50_000);
    let kept = groups
        .iter()
        .filter(|_| numbers.next() < together)
        .cloned()
        .collect();
    let snapshot = cluster(numbers, 1_000_000, 10_000, kept);
    let ids: Vec<ActorId> = snapshot.actors.keys().cloned().collect();
    let mut intents = Vec::new();
    for place in 0..10_000 {
        let actor = ids[200_000 + place].clone();
        intents.push(intent(
            0,
            Goal::Pin {
                actor: actor.clone(),
            },
            &[&actor],
        ));
    }
    for place in 0..50 {
        let actor = ids[300_000 + place].clone();
        let goal = Goal::Reserve {
            actor: actor.clone(),
            resource: Resource::Cpu,
        };
        intents.push(intent(1, goal, &[&actor]));
    }
    for place in 0..20_000 {
        let [a, b] = [400_000, 600_000].map(|first| ids[first + place].clone());
        let goal = Goal::Separate {
            a: a.clone(),
            b: b.clone(),
        };
        intents.push(intent(2, goal, &[&a, &b]));
    }
    intents.extend(pairs(&groups, &ids, 3));
    intents.push(balance(Some(upper), None));
    Instance {
        columns: Columns::of(&snapshot),
        snapshot,
        intents,
        restraints: limited(moves_max),
    }
}

fn limited(moves_max: usize) -> Restraints {
    let budget = Budget {
        limit: Arc::from(format!("migrations {moves_max} per 10s")),
        moves_max,
        left: moves_max,
    };
    Restraints {
        budgets: vec![budget],
        ..Restraints::default()
    }
}

/// Disjoint groups, as lists of actors, spread over the numbers.
fn groups(actors: usize, members: usize, count: usize) -> Vec<Vec<usize>> {
    let groups = 0..count;
    let stride = actors / members;
    groups
        .map(|group| (0..members).map(|member| group + member * stride).collect())
        .collect()
}

/// Every pair of every group.
fn pairs(groups: &[Vec<usize>], ids: &[ActorId], rule_index: usize) -> Vec<Intent> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for group in groups {
        for (place, first) in group.iter().enumerate() {
            pairs.extend(group[place + 1..].iter().map(|second| (*first, *second)));
        }
    }
    // As evaluation lists them: in order of binding.
    pairs.sort_unstable();
    let pairs = pairs.into_iter().map(|(a, b)| {
        let (a, b) = (ids[a].clone(), ids[b].clone());
        let goal = Goal::Colocate {
            a: a.clone(),
            b: b.clone(),
        };
        intent(rule_index, goal, &[&a, &b])
    });
    pairs.collect()
}

fn balance(upper: Option<f64>, lower: Option<f64>) -> Intent {
    let goal = Goal::Balance {
        types: TypeSet::Any,
        resource: Resource::Cpu,
        bounds: Bounds { upper, lower },
    };
    intent(9, goal, &[])
}

fn intent(rule_index: usize, goal: Goal, actors: &[&ActorId]) -> Intent {
    // As evaluation makes them: all bindings of a rule share its names.
    static NAMES: LazyLock<[Arc<str>; 2]> = LazyLock::new(|| ["a", "b"].map(Arc::from));
    let names = NAMES.iter().cloned();
    let entities = actors.iter().map(|actor| Entity::Actor((*actor).clone()));
    Intent {
        goal,
        priority: 0,
        causes: vec![Cause {
            rule_index,
            rule: Arc::from(format!("#{}", rule_index + 1)),
            binding: names.zip(entities).collect(),
        }],
    }
}

fn actor_id(number: usize) -> ActorId {
    ActorId::from(format!("folder/{number:07}"))
}

/// Actors on servers at random, the members of a group on one; loads are heavy-tailed and sum up to the
/// same mean.
fn cluster(
    numbers: &mut Numbers,
    actors: usize,
    servers: usize,
    together: Vec<Vec<usize>>,
) -> Snapshot {
    let mut hosts: Vec<usize> = (0..actors).map(|_| numbers.below(servers)).collect();
    for group in together {
        for member in &group {
            hosts[*member] = hosts[group[0]];
        }
    }
    let weights: Vec<f64> = (0..actors).map(|_| numbers.heavy_tailed()).collect();
    let scale = LOAD_MEAN_PERC * servers as f64 / weights.iter().sum::<f64>();
    let mut loads = vec![0.0; servers];
    for (host, weight) in hosts.iter().zip(&weights) {
        loads[*host] += weight * scale;
    }
    let ids: Vec<ServerId> = (0..servers)
        .map(|server| ServerId::from(format!("s{server:05}")))
        .collect();
    let actor_type: Arc<str> = Arc::from("Folder");
    let place = |actor: usize| {
        let mut usage = PerResource::<Usage>::default();
        usage[Resource::Cpu] = measured(weights[actor] * scale);
        usage[Resource::Mem] = Usage {
            size: Some(65_536.0 * (1 + actor % 64) as f64),
            reported: true,
            ..Usage::default()
        };
        Actor {
            usage,
            ..Actor::new(Arc::clone(&actor_type), ids[hosts[actor]].clone())
        }
    };
    let server = |load: f64| {
        let mut usage = PerResource::<Usage>::default();
        usage[Resource::Cpu] = measured(load);
        Server {
            usage,
            ..Server::default()
        }
    };
    Snapshot {
        t: 10.0,
        period_seconds: 10.0,
        servers: ids
            .iter()
            .cloned()
            .zip(loads.iter().map(|load| server(*load)))
            .collect(),
        actors: (0..actors).map(|no| (actor_id(no), place(no))).collect(),
        ..Snapshot::default()
    }
}

fn measured(perc: f64) -> Usage {
    Usage {
        perc: Some(perc),
        reported: true,
        ..Usage::default()
    }
}

/// Times one instance and prints the median of each phase, and what the plan does.
fn measure(name: &str, instance: &Instance) {
    let memory = Memory::new();
    let (moving, done, scaling) = (BTreeMap::new(), BTreeSet::new(), Scaling::default());
    let (mut reading, mut indexing) = (Vec::new(), Vec::new());
    let mut phases: BTreeMap<Phase, Vec<f64>> = BTreeMap::new();
    let mut whole = Vec::new();
    let mut last = Arbitration::default();
    for _ in 0..REPETITIONS {
        let intents = instance.intents.clone();
        let begin = now_ms();
        let cluster = Cluster::new(&instance.columns, &moving, &scaling.removing);
        reading.push(now_ms() - begin);
        let begin = now_ms();
        cluster.index();
        indexing.push(now_ms() - begin);
        let circumstances = Circumstances {
            memory: &memory,
            moving: &moving,
            restraints: &instance.restraints,
            scaling: &scaling,
            done: &done,
            first_action: 1,
        };
        let begin = now_ms();
        let mut since = begin;
        let mut spent: BTreeMap<Phase, f64> = BTreeMap::new();
        last = arbitrate_cluster(&cluster, intents, circumstances, &mut |phase| {
            *spent.entry(phase).or_default() += now_ms() - since;
            since = now_ms();
        });
        whole.push(now_ms() - begin);
        for (phase, spent) in spent {
            phases.entry(phase).or_default().push(spent);
        }
    }
    let moves = last.decision.placement.len();
    println!(
        "{name}: {} actors, {} servers, {} intents: {moves} moves, {} rejected",
        instance.snapshot.actors.len(),
        instance.snapshot.servers.len(),
        instance.intents.len(),
        last.decision.rejected.len(),
    );
    let (before, after) = (imbalance(&instance.snapshot, &[]), {
        let bodies: Vec<&ActionBody> = last.decision.actions.iter().map(|a| &a.body).collect();
        imbalance(&instance.snapshot, &bodies)
    });
    println!("  max/mean {before:.3} before, {after:.3} after");
    let print = |what: &str, spent: &[f64]| {
        println!("  {what:22} {:8.1} ms", median(spent).unwrap_or_default());
    };
    print("reading the columns", &reading);
    print("and indexing actors", &indexing);

    for (phase, spent) in &phases {
        print(&format!("{phase:?}"), spent);
    }
    print("whole arbitration", &whole);
}

/// Processor time of this process, in milliseconds.
fn now_ms() -> f64 {
    1e3 * cpu_seconds()
}

/// The greatest load of a server over the mean, once these moves are made.
fn imbalance(snapshot: &Snapshot, bodies: &[&ActionBody]) -> f64 {
    let perc = |usage: &PerResource<Usage>| usage[Resource::Cpu].perc.unwrap_or_default();
    let mut loads: BTreeMap<&ServerId, f64> = snapshot
        .servers
        .iter()
        .map(|(id, server)| (id, perc(&server.usage)))
        .collect();
    for body in bodies {
        if let ActionBody::Migrate { actor, from, to } = body {
            let amount = perc(&snapshot.actors[actor].usage);
            *loads.entry(from).or_default() -= amount;
            *loads.entry(to).or_default() += amount;
        }
    }
    let mean = loads.values().sum::<f64>() / loads.len() as f64;
    loads.values().copied().fold(0.0, f64::max) / mean
}

/// Pseudo-random numbers of a seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to 1.
    fn next(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() * bound as f64) as usize
    }

    /// Log-normal with σ = 1.
    fn heavy_tailed(&mut self) -> f64 {
        let (u, v) = (1.0 - self.next(), self.next());
        let normal = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
        normal.exp()
    }
}

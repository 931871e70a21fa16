//! A text notation for clusters, intents and plans, so that a test reads as a story.
//!
//! A cluster lists each server with its figures and, indented below it, its actors:
//!
//! ```text
//! s1 cpu 90                  figures: cpu, mem, net in percent (`?` is unknown),
//!   a cpu 15                 `cores 4` a capacity, `ram 1000` memory in bytes,
//!   b Folder cpu 10 state 64 `state` an actor's memory in bytes; flags: stale, draining
//! s2 cpu 50                  `zone a` a label
//! ```
//!
//! Intents stand one a line, each of a rule of its own: `pin(a)`, `reserve(a, cpu)`,
//! `separate(a, b)`, `colocate(a, b)`, `drain(s1)`, `migrate(a, s1)`, `passivate(a)`, `checkpoint(a)`,
//! `scale_out(2)`, `scale_in(1)`, `alert(some text)`,
//! `spread({T})`, `spread({T}, zone)`, `balance({any}, cpu) 60..80`; a priority may come first
//! (`5: pin(a)`). The plan shows each action with the intents it serves, then what was refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use plasma_columns::Columns;
use plasma_manager::{
    Arbitration, Circumstances, Memory, Occasion, Restraints, Scaling, arbitrate,
};
use plasma_model::{
    ActionBody, Actor, ActorId, Bounds, Cause, Entity, Goal, Intent, PerResource, Resource, Server,
    ServerId, Snapshot, TypeSet, Usage,
};

/// Reads a cluster.
pub(crate) fn cluster(text: &str) -> Snapshot {
    let mut snapshot = Snapshot {
        t: 10.0,
        period_seconds: 10.0,
        ..Snapshot::default()
    };
    let mut host: Option<ServerId> = None;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let indented = line.starts_with("  ");
        let mut words = line.split_whitespace();
        let id = words.next().expect("a line has a word");
        match (&host, indented && host_indent(text) < indent(line)) {
            (Some(host), true) => {
                snapshot
                    .actors
                    .insert(ActorId::from(id), actor(host.clone(), words));
            }
            _ => {
                host = Some(ServerId::from(id));
                snapshot.servers.insert(ServerId::from(id), server(words));
            }
        }
    }
    complete(&mut snapshot);
    snapshot
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn host_indent(text: &str) -> usize {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(indent).min().unwrap_or(0)
}

fn server<'a>(mut words: impl Iterator<Item = &'a str>) -> Server {
    let mut server = Server::default();
    while let Some(word) = words.next() {
        match word {
            "stale" => server.stale = true,
            "draining" => server.draining = true,
            "zone" => {
                let value = words.next().expect("a zone").to_owned();
                server.labels.insert("zone".to_owned(), value);
            }
            "cores" => server.usage[Resource::Cpu].capacity = number(words.next()),
            "ram" => server.usage[Resource::Mem].capacity = number(words.next()),
            figure => set_perc(&mut server.usage, figure, words.next()),
        }
    }
    server
}

fn actor<'a>(host: ServerId, words: impl Iterator<Item = &'a str>) -> Actor {
    let mut words = words.peekable();
    let named = words.next_if(|word| word.starts_with(char::is_uppercase));
    let mut usage = PerResource::<Usage>::default();
    while let Some(word) = words.next() {
        match word {
            "state" => {
                usage[Resource::Mem].size = number(words.next());
                usage[Resource::Mem].reported = true;
            }
            figure => set_perc(&mut usage, figure, words.next()),
        }
    }
    Actor {
        usage,
        ..Actor::new(Arc::from(named.unwrap_or("T")), host)
    }
}

fn set_perc(usage: &mut PerResource<Usage>, figure: &str, value: Option<&str>) {
    let resource = Resource::from_name(figure)
        .unwrap_or_else(|| panic!("`{figure}` is no figure: cpu, mem, net, cores, ram, state"));
    usage[resource].perc = number(value);
    usage[resource].reported = true;
}

fn number(word: Option<&str>) -> Option<f64> {
    match word.expect("a figure has a value") {
        "?" => None,
        word => Some(word.parse().expect("a number or `?`")),
    }
}

/// Of perc, size and capacity two give the third, as the window does it.
fn complete(snapshot: &mut Snapshot) {
    for server in snapshot.servers.values_mut() {
        for resource in Resource::ALL {
            let usage = &mut server.usage[resource];
            usage.size = usage
                .perc
                .zip(usage.capacity)
                .map(|(perc, of)| perc / 100.0 * of);
        }
    }
    for actor in snapshot.actors.values_mut() {
        for resource in Resource::ALL {
            let capacity = snapshot.servers[&actor.server].usage[resource].capacity;
            let usage = &mut actor.usage[resource];
            usage.size = usage
                .size
                .or(usage.perc.zip(capacity).map(|(p, of)| p / 100.0 * of));
            usage.perc = usage
                .perc
                .or(usage.size.zip(capacity).map(|(s, of)| s / of * 100.0));
        }
    }
}

/// Reads intents, one a line; blank lines are left out.
pub(crate) fn intents(text: &str) -> Vec<Intent> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .enumerate()
        .map(|(place, line)| intent(place, line))
        .collect()
}

fn intent(place: usize, line: &str) -> Intent {
    let (priority, goal) = match line.split_once(": ") {
        Some((priority, goal)) => (priority.parse().expect("a priority"), goal),
        None => (0, line),
    };
    let goal = self::goal(goal);
    let binding = match &goal {
        Goal::Pin { actor }
        | Goal::Reserve { actor, .. }
        | Goal::Passivate { actor }
        | Goal::Checkpoint { actor } => {
            vec![(Arc::from("a"), Entity::Actor(actor.clone()))]
        }
        Goal::Separate { a, b } | Goal::Colocate { a, b } => vec![
            (Arc::from("a"), Entity::Actor(a.clone())),
            (Arc::from("b"), Entity::Actor(b.clone())),
        ],
        Goal::Drain { server } => vec![(Arc::from("s"), Entity::Server(server.clone()))],
        Goal::Migrate { actor, to } => vec![
            (Arc::from("a"), Entity::Actor(actor.clone())),
            (Arc::from("s"), Entity::Server(to.clone())),
        ],
        Goal::ScaleOut { .. }
        | Goal::ScaleIn { .. }
        | Goal::Alert { .. }
        | Goal::Spread { .. }
        | Goal::Balance { .. } => Vec::new(),
    };
    let cause = Cause {
        rule_index: place,
        rule: Arc::from(format!("#{}", place + 1)),
        binding,
    };
    Intent {
        goal,
        priority,
        causes: vec![cause],
    }
}

fn goal(text: &str) -> Goal {
    let (name, rest) = text.split_once('(').expect("a behavior");
    let (arguments, bounds) = rest.rsplit_once(')').expect("a closing parenthesis");
    let words: Vec<&str> = arguments.split(", ").collect();
    let resource = |word: &str| Resource::from_name(word).expect("a resource");
    match (name, words.as_slice()) {
        ("pin", [actor]) => Goal::Pin {
            actor: (*actor).into(),
        },
        ("passivate", [actor]) => Goal::Passivate {
            actor: (*actor).into(),
        },
        ("checkpoint", [actor]) => Goal::Checkpoint {
            actor: (*actor).into(),
        },
        ("reserve", [actor, res]) => Goal::Reserve {
            actor: (*actor).into(),
            resource: resource(res),
        },
        ("separate", [a, b]) => Goal::Separate {
            a: (*a).into(),
            b: (*b).into(),
        },
        ("colocate", [a, b]) => Goal::Colocate {
            a: (*a).into(),
            b: (*b).into(),
        },
        ("drain", [server]) => Goal::Drain {
            server: (*server).into(),
        },
        ("migrate", [actor, to]) => Goal::Migrate {
            actor: (*actor).into(),
            to: (*to).into(),
        },
        ("alert", words) => Goal::Alert {
            text: words.join(", ").into(),
        },
        ("scale_out", [count]) => Goal::ScaleOut {
            count: count.parse().expect("a number"),
        },
        ("scale_in", [count]) => Goal::ScaleIn {
            count: count.parse().expect("a number"),
        },
        ("spread", [types @ .., "zone"]) => Goal::Spread {
            types: self::types(types),
            by: Some(Arc::from("zone")),
        },
        ("spread", types) => Goal::Spread {
            types: self::types(types),
            by: None,
        },
        ("balance", [types @ .., res]) => Goal::Balance {
            types: self::types(types),
            resource: resource(res),
            bounds: self::bounds(bounds),
        },
        _ => panic!("no goal: {text}"),
    }
}

fn types(words: &[&str]) -> TypeSet {
    let names = words.iter().map(|name| name.trim_matches(['{', '}']));
    match words {
        ["{any}"] => TypeSet::Any,
        _ => TypeSet::Of(names.map(Arc::from).collect()),
    }
}

fn bounds(text: &str) -> Bounds {
    let (lower, upper) = text.trim().split_once("..").unwrap_or(("", ""));
    Bounds {
        lower: lower.parse().ok(),
        upper: upper.parse().ok(),
    }
}

/// Arbitrates without memory.
pub(crate) fn solve(snapshot: &Snapshot, intents: Vec<Intent>) -> Arbitration {
    solve_with(snapshot, intents, &Memory::new())
}

/// Arbitrates with the reservations in force.
pub(crate) fn solve_with(
    snapshot: &Snapshot,
    intents: Vec<Intent>,
    memory: &Memory,
) -> Arbitration {
    solve_restrained(snapshot, intents, memory, &Restraints::default())
}

/// Arbitrates with the reservations in force, and with what earlier moves forbid.
pub(crate) fn solve_restrained(
    snapshot: &Snapshot,
    intents: Vec<Intent>,
    memory: &Memory,
    restraints: &Restraints,
) -> Arbitration {
    let (moving, done) = (BTreeMap::new(), BTreeSet::new());
    arbitrate(
        &Columns::of(snapshot),
        intents,
        Circumstances {
            memory,
            moving: &moving,
            restraints,
            scaling: &Scaling::default(),
            done: &done,
            first_action: 1,
        },
    )
}

/// Arbitrates with servers ordered or leaving, and limits on servers.
pub(crate) fn solve_scaling(
    snapshot: &Snapshot,
    intents: Vec<Intent>,
    scaling: &Scaling,
) -> Arbitration {
    let after = After {
        scaling: scaling.clone(),
        ..After::default()
    };
    solve_after(snapshot, intents, &after)
}

/// What is left of the plans before.
#[derive(Debug, Default)]
pub(crate) struct After {
    pub(crate) memory: Memory,
    pub(crate) done: BTreeSet<Occasion>,
    pub(crate) scaling: Scaling,
}

/// Arbitrates after what is left of the plans before.
pub(crate) fn solve_after(snapshot: &Snapshot, intents: Vec<Intent>, after: &After) -> Arbitration {
    arbitrate(
        &Columns::of(snapshot),
        intents,
        Circumstances {
            memory: &after.memory,
            moving: &BTreeMap::new(),
            restraints: &Restraints::default(),
            scaling: &after.scaling,
            done: &after.done,
            first_action: 1,
        },
    )
}

/// The plan for a cluster and intents, as text.
pub(crate) fn plan(cluster_text: &str, intents_text: &str) -> String {
    show(&solve(&cluster(cluster_text), intents(intents_text)))
}

/// A plan as text: each action with its group and the intents it serves, then the rejections.
pub(crate) fn show(arbitration: &Arbitration) -> String {
    let decision = &arbitration.decision;
    let mut text = String::new();
    for (action, served) in decision.actions.iter().zip(&decision.action_intents) {
        let done = match &action.body {
            ActionBody::Migrate { actor, from, to } => format!("{actor}: {from} -> {to}"),
            other => other.to_string(),
        };
        let goals: Vec<String> = served
            .iter()
            .map(|intent| decision.intents[*intent].goal.to_string())
            .collect();
        let group = action
            .group
            .map(|group| format!(" [group {group}]"))
            .unwrap_or_default();
        let _ = writeln!(text, "{done}{group}  for {}", goals.join(", "));
    }
    if decision.actions.is_empty() {
        text.push_str("no actions\n");
    }
    for rejection in &decision.rejected {
        let goal = &decision.intents[rejection.intent].goal;
        let _ = writeln!(text, "refused {goal}: {}", rejection.reason);
    }
    text
}

/// The cluster after an action: the actor with its load on the other server.
pub(crate) fn carry_out(snapshot: &mut Snapshot, body: &ActionBody) {
    let (actor, from, to) = match body {
        ActionBody::Migrate { actor, from, to } => (actor, from, to),
        ActionBody::RemoveServer { server } => {
            let is_empty = snapshot
                .actors
                .values()
                .all(|actor| actor.server != *server);
            assert!(is_empty, "nobody lives on {server} when it is removed");
            snapshot.servers.remove(server);
            return;
        }
        _ => return,
    };
    let moved = snapshot.actors.get_mut(actor).expect("the actor lives");
    assert_eq!(
        &moved.server, from,
        "{actor} is where the action expects it"
    );
    moved.server = to.clone();
    for resource in Resource::ALL {
        let capacities = [from, to].map(|id| snapshot.servers[id].usage[resource].capacity);
        let usage = &mut moved.usage[resource];
        let perc_before = usage.perc;
        if let ([Some(_), Some(there)], Some(size)) = (capacities, usage.size) {
            usage.perc = Some(size / there * 100.0);
        }
        for (id, sign, perc) in [(from, -1.0, perc_before), (to, 1.0, usage.perc)] {
            let server = &mut snapshot
                .servers
                .get_mut(id)
                .expect("the server is there")
                .usage[resource];
            server.perc = server.perc.map(|load| load + sign * perc.unwrap_or(0.0));
            server.size = server
                .size
                .map(|load| load + sign * usage.size.unwrap_or(0.0));
        }
    }
}

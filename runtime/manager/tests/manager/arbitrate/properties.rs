//! What holds for every cluster and every set of intents.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use plasma_manager::{Arbitration, Recent, Scaling};
use plasma_model::{
    ActionBody, ActorId, Bounds, Goal, Intent, Reason, Resource, ServerId, Snapshot, TypeSet,
};
use proptest::prelude::*;

use crate::notation::{After, carry_out, cluster, intents, show, solve, solve_after};

/// Cases of each property; a failure is printed small and whole.
const CASES: u32 = 512;

/// Slack for sums of floats.
const ROUNDING: f64 = 1e-6;

/// A cluster in the notation: up to six servers, up to six actors on each.
pub(super) fn clusters() -> impl Strategy<Value = String> {
    let actor = (0..30u32, 0..2000u32, 0..20u32);
    let server = (
        0..25u32,
        prop::collection::vec(actor, 0..6),
        prop::option::weighted(0.2, 1..5u32),
        0..20u32,
    );
    (any::<bool>(), prop::collection::vec(server, 1..6)).prop_map(|(sized, servers)| {
        let mut text = String::new();
        let mut id = 0;
        for (place, (base, actors, cores, flag)) in servers.into_iter().enumerate() {
            let known = actors.iter().filter(|(.., flag)| *flag > 0);
            let load = base + known.map(|(cpu, ..)| cpu).sum::<u32>();
            let cores = if sized { cores.unwrap_or(2) } else { 0 };
            let flag = match flag {
                0 => " stale",
                1 => " draining",
                _ => "",
            };
            let load = if flag == " stale" {
                "?".to_owned()
            } else {
                load.min(130).to_string()
            };
            let size = if cores > 0 {
                format!(" cores {cores}")
            } else {
                String::new()
            };
            let zone = ["", " zone a", " zone b"][place % 3];
            let _ = writeln!(text, "s{place}{size} cpu {load}{flag}{zone}");
            for (cpu, state, flag) in actors {
                let kind = if id % 3 == 0 { "U" } else { "T" };
                let cpu = if flag == 0 {
                    "?".to_owned()
                } else {
                    cpu.to_string()
                };
                let _ = writeln!(text, "  a{id} {kind} cpu {cpu} state {state}");
                id += 1;
            }
        }
        text
    })
}

/// Intents in the notation, most of them about actors that live.
pub(super) fn intent_lists() -> impl Strategy<Value = String> {
    let actor = || prop_oneof![4 => 0..8u32, 1 => 0..20u32];
    let bounds = prop_oneof![
        Just(String::new()),
        (30..95u32).prop_map(|upper| format!("..{upper}")),
        (5..60u32).prop_map(|lower| format!("{lower}..")),
        (5..60u32, 5..35u32).prop_map(|(lower, gap)| format!("{lower}..{}", lower + gap)),
    ];
    let goal = prop_oneof![
        2 => actor().prop_map(|a| format!("pin(a{a})")),
        2 => actor().prop_map(|a| format!("reserve(a{a}, cpu)")),
        3 => (actor(), actor()).prop_map(|(a, b)| format!("separate(a{a}, a{b})")),
        3 => (actor(), actor()).prop_map(|(a, b)| format!("colocate(a{a}, a{b})")),
        1 => (0..6u32).prop_map(|s| format!("drain(s{s})")),
        2 => (actor(), 0..6u32).prop_map(|(a, s)| format!("migrate(a{a}, s{s})")),
        1 => any::<bool>().prop_map(|all| format!("spread({})", types(all))),
        1 => any::<bool>().prop_map(|all| format!("spread({}, zone)", types(all))),
        2 => (bounds, any::<bool>()).prop_map(|(bounds, all)| {
            format!("balance({}, cpu) {bounds}", types(all))
        }),
    ];
    let line = (0..3u32, goal).prop_map(|(priority, goal)| format!("{priority}: {goal}\n"));
    prop::collection::vec(line, 0..9).prop_map(|lines| lines.concat())
}

/// Intents that place nobody, one a line.
fn orders_done_once() -> impl Strategy<Value = String> {
    let word = prop::sample::select(&["passivate", "checkpoint", "alert"][..]);
    let line = (0..3u32, word, 0..12u32)
        .prop_map(|(priority, word, actor)| format!("{priority}: {word}(a{actor})\n"));
    prop::collection::vec(line, 0..3).prop_map(|lines| lines.concat())
}

/// Intents about the servers themselves, one a line.
pub(super) fn scalings() -> impl Strategy<Value = String> {
    let word = prop::sample::select(&["scale_in", "scale_in", "scale_in", "scale_out"][..]);
    let line = (0..3u32, word, 1..4u32)
        .prop_map(|(priority, word, count)| format!("{priority}: {word}({count})\n"));
    prop::collection::vec(line, 0..2).prop_map(|lines| lines.concat())
}

/// What is known of the servers once a plan has been carried out.
fn settling(plan: &Arbitration) -> Scaling {
    let mut scaling = Scaling::default();
    for action in &plan.decision.actions {
        let (recent, servers) = match action.body {
            ActionBody::AddServer { count } => (&mut scaling.added, count),
            ActionBody::RemoveServer { .. } => (&mut scaling.removed, 1),
            _ => continue,
        };
        *recent = Recent {
            servers: recent.servers + servers,
            until_seconds: 50.0,
        };
    }
    scaling
}

fn types(all: bool) -> &'static str {
    if all { "{any}" } else { "{T}" }
}

/// Place in arbitration: the lower, the earlier served.
fn rank(intent: &Intent) -> (Reverse<i64>, u8) {
    (Reverse(intent.priority), intent.goal.behavior().row().rank)
}

fn names(goal: &Goal, id: &ActorId) -> bool {
    match goal {
        Goal::Pin { actor } | Goal::Reserve { actor, .. } | Goal::Migrate { actor, .. } => {
            actor == id
        }
        Goal::Separate { a, b } | Goal::Colocate { a, b } => a == id || b == id,
        Goal::Drain { .. }
        | Goal::Spread { .. }
        | Goal::Balance { .. }
        | Goal::ScaleOut { .. }
        | Goal::ScaleIn { .. }
        | Goal::Passivate { .. }
        | Goal::Checkpoint { .. }
        | Goal::Alert { .. } => false,
    }
}

/// Moves that commit at once.
#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) moves: Vec<ActionBody>,
    /// Ranks of the intents that they serve.
    ranks: Vec<(Reverse<i64>, u8)>,
}

/// Groups commit at once: the actions between two states in which nothing is half done.
pub(super) fn steps(arbitration: &Arbitration) -> Vec<Step> {
    let decision = &arbitration.decision;
    let mut steps: Vec<Step> = Vec::new();
    let mut last = None;
    for (action, intents) in decision.actions.iter().zip(&decision.action_intents) {
        let joins = action.group.is_some() && action.group == last;
        last = action.group;
        if !joins {
            steps.push(Step::default());
        }
        let step = steps.last_mut().expect("just pushed");
        step.moves.push(action.body.clone());
        step.ranks.extend(
            intents
                .iter()
                .map(|intent| rank(&decision.intents[*intent])),
        );
    }
    steps
}

pub(super) fn accepted(arbitration: &Arbitration) -> Vec<&Intent> {
    let refused: BTreeSet<usize> = arbitration
        .decision
        .rejected
        .iter()
        .map(|rejection| rejection.intent)
        .collect();
    let intents = arbitration.decision.intents.iter().enumerate();
    intents
        .filter(|(place, _)| !refused.contains(place))
        .map(|(_, intent)| intent)
        .collect()
}

fn host<'s>(snapshot: &'s Snapshot, actor: &ActorId) -> &'s str {
    snapshot.actors[actor].server.as_str()
}

/// Whether a goal about places holds, given everything that is accepted.
pub(super) fn holds(
    goal: &Goal,
    snapshot: &Snapshot,
    before: &Snapshot,
    accepted: &[&Intent],
    asked: &[Intent],
) -> bool {
    match goal {
        Goal::Pin { actor } => host(snapshot, actor) == host(before, actor),
        Goal::Separate { a, b } => host(snapshot, a) != host(snapshot, b),
        Goal::Colocate { a, b } => host(snapshot, a) == host(snapshot, b),
        Goal::Reserve { actor, .. } => {
            let company = company(actor, accepted);
            // A pin that was lost holds again from where its actor has come to.
            let pinned = |id: &ActorId| {
                let pin = Goal::Pin { actor: id.clone() };
                asked.iter().any(|intent| intent.goal == pin)
            };
            snapshot.actors.iter().all(|(id, other)| {
                other.server.as_str() != host(snapshot, actor) || company.contains(id) || pinned(id)
            })
        }
        Goal::Migrate { actor, to } => host(snapshot, actor) == to.as_str(),
        Goal::ScaleOut { .. }
        | Goal::ScaleIn { .. }
        | Goal::Passivate { .. }
        | Goal::Checkpoint { .. }
        | Goal::Alert { .. } => true,
        Goal::Drain { server } => snapshot
            .actors
            .values()
            .all(|actor| actor.server != *server),
        Goal::Spread { types, by } => is_even(types, by.as_deref(), snapshot, accepted, asked),
        Goal::Balance { bounds, .. } => within(*bounds, snapshot, accepted, asked),
    }
}

/// Whether a pair is where its goal wants it; true of all other goals.
pub(super) fn holds_in_place(goal: &Goal, snapshot: &Snapshot) -> bool {
    match goal {
        Goal::Separate { a, b } => host(snapshot, a) != host(snapshot, b),
        Goal::Colocate { a, b } => host(snapshot, a) == host(snapshot, b),
        _ => true,
    }
}

fn company(actor: &ActorId, accepted: &[&Intent]) -> BTreeSet<ActorId> {
    let mut company = BTreeSet::from([actor.clone()]);
    loop {
        let before = company.len();
        for intent in accepted {
            if let Goal::Colocate { a, b } = &intent.goal
                && (company.contains(a) || company.contains(b))
            {
                company.extend([a.clone(), b.clone()]);
            }
        }
        if company.len() == before {
            return company;
        }
    }
}

/// Whether the places hold equally many. The servers that a lower rank reserved took part when it was
/// decided; without them it must be so, too.
fn is_even(
    types: &TypeSet,
    by: Option<&str>,
    snapshot: &Snapshot,
    accepted: &[&Intent],
    asked: &[Intent],
) -> bool {
    let closed = closed_servers(snapshot, accepted, asked);
    let place = |id: &ServerId| match by {
        None => (!closed.contains(id)).then(|| id.to_string()),
        Some(label) => snapshot.servers[id].labels.get(label).cloned(),
    };
    let open = snapshot.servers.keys().filter(|id| !closed.contains(*id));
    let mut numbers: BTreeMap<String, usize> =
        open.filter_map(place).map(|place| (place, 0)).collect();
    let counted = snapshot.actors.values();
    for actor in counted.filter(|actor| types.contains(&actor.actor_type)) {
        if let Some(number) = place(&actor.server).and_then(|place| numbers.get_mut(&place)) {
            *number += 1;
        }
    }
    let numbers = || numbers.values().copied();
    numbers().max().unwrap_or(0) <= numbers().min().unwrap_or(0) + 1
}

/// The servers that take part in nothing: stale, draining, drained or reserved.
fn closed_servers(
    snapshot: &Snapshot,
    accepted: &[&Intent],
    asked: &[Intent],
) -> BTreeSet<ServerId> {
    let reserved = accepted.iter().filter_map(|intent| match &intent.goal {
        Goal::Reserve { actor, .. } => Some(snapshot.actors[actor].server.clone()),
        _ => None,
    });
    // A server that could be emptied in part only takes no part all the same.
    let drained = asked.iter().filter_map(|intent| match &intent.goal {
        Goal::Drain { server } => Some(server.clone()),
        _ => None,
    });
    let flagged = snapshot
        .servers
        .iter()
        .filter(|(_, s)| s.draining || s.stale);
    let flagged = flagged.map(|(id, _)| id.clone());
    reserved.chain(drained).chain(flagged).collect()
}

fn within(bounds: Bounds, snapshot: &Snapshot, accepted: &[&Intent], asked: &[Intent]) -> bool {
    if bounds == Bounds::default() {
        return true;
    }
    let closed = closed_servers(snapshot, accepted, asked);
    snapshot.servers.iter().all(|(id, server)| {
        let load = server.usage[Resource::Cpu].perc;
        closed.contains(id)
            || load.is_none_or(|load| {
                bounds.upper.is_none_or(|upper| load <= upper + ROUNDING)
                    && bounds.lower.is_none_or(|lower| load >= lower - ROUNDING)
            })
    })
}

fn has_no_order(arbitration: &Arbitration) -> bool {
    let mut rejected = arbitration.decision.rejected.iter();
    rejected.any(|rejection| matches!(rejection.reason, Reason::NoOrder { .. }))
}

/// A plan carried out on an unchanged workload is followed by an empty one.
pub(super) fn next_plan_is_empty(
    cluster_text: &str,
    intents_text: &str,
) -> Result<(), TestCaseError> {
    let mut snapshot = cluster(cluster_text);
    let first = solve(&snapshot, intents(intents_text));
    prop_assume!(!has_no_order(&first));
    let shown = show(&first);
    for action in &first.decision.actions {
        carry_out(&mut snapshot, &action.body);
    }
    let moved: BTreeSet<&ActorId> = first.decision.placement.keys().collect();
    let mut after = After {
        scaling: settling(&first),
        done: first.done.clone(),
        ..After::default()
    };
    after.memory.accept(first.reserved);
    let second = solve_after(&snapshot, intents(intents_text), &after);
    // What moved first has its order now.
    let is_left_over = |body: &ActionBody| {
        !body.is_move() && body.actor().is_some_and(|actor| moved.contains(actor))
    };
    let mut second_actions = second.decision.actions.iter();
    prop_assert!(
        second_actions.all(|action| is_left_over(&action.body)),
        "{cluster_text}\n{intents_text}\nfirst\n{shown}\nsecond\n{}",
        show(&second),
    );
    Ok(())
}

/// What is accepted holds at the end, and no step on the way worsens it.
pub(super) fn no_step_worsens(cluster_text: &str, intents_text: &str) -> Result<(), TestCaseError> {
    let before = cluster(cluster_text);
    let arbitration = solve(&before, intents(intents_text));
    let accepted = accepted(&arbitration);
    let asked = &arbitration.decision.intents;
    let context = format!("{cluster_text}\n{intents_text}\n{}", show(&arbitration));
    let mut snapshot = before.clone();
    // A goal whose actor is moved for what ranks higher is broken up, and made again elsewhere.
    let mut harmed: Vec<&Goal> = accepted
        .iter()
        .filter(|intent| {
            steps(&arbitration).iter().any(|step| {
                step.ranks.iter().any(|served| *served < rank(intent))
                    && step
                        .moves
                        .iter()
                        .any(|body| body.actor().is_some_and(|actor| names(&intent.goal, actor)))
            })
        })
        .map(|intent| &intent.goal)
        .collect();
    for step in steps(&arbitration) {
        for body in &step.moves {
            carry_out(&mut snapshot, body);
        }
        for intent in &accepted {
            // What ranks higher may be served at the expense of what ranks lower, which then
            // holds again only at the end.
            let outranked = step.ranks.iter().any(|served| *served < rank(intent));
            if outranked {
                harmed.push(&intent.goal);
            }
            let is_gradual = matches!(intent.goal, Goal::Spread { .. } | Goal::Balance { .. });
            if harmed.contains(&&intent.goal) || is_gradual {
                continue;
            }
            let held = holds(&intent.goal, &before, &before, &accepted, asked);
            let holds = holds(&intent.goal, &snapshot, &before, &accepted, asked);
            prop_assert!(
                !held || holds,
                "{} worsened by {step:?}\n{context}",
                intent.goal
            );
        }
        for body in &step.moves {
            let ActionBody::Migrate { to, .. } = body else {
                continue;
            };
            let server = &snapshot.servers[to];
            let load = server.usage[Resource::Cpu].perc;
            prop_assert!(!server.stale && !server.draining, "{step:?}\n{context}");
            let drained = accepted.iter().any(|intent| {
                let drains = Goal::Drain { server: to.clone() };
                intent.goal == drains && step.ranks.iter().all(|served| *served > rank(intent))
            });
            prop_assert!(!drained, "{to} receives by {step:?}\n{context}");
            prop_assert!(
                load.is_some_and(|load| load <= 100.0 + ROUNDING),
                "{to} overfilled by {step:?}\n{context}"
            );
        }
    }
    for intent in &accepted {
        prop_assert!(
            holds(&intent.goal, &snapshot, &before, &accepted, asked),
            "{} does not hold\n{context}",
            intent.goal
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_carried_out_is_followed_by_an_empty_one(
        cluster_text in clusters(),
        placing in intent_lists(),
        done_once in orders_done_once(),
        about_servers in scalings(),
    ) {
        next_plan_is_empty(&cluster_text, &(placing + &done_once + &about_servers))?;
    }

    #[test]
    fn what_is_accepted_holds_and_no_step_worsens_it(
        cluster_text in clusters(),
        placing in intent_lists(),
        about_servers in scalings(),
    ) {
        no_step_worsens(&cluster_text, &(placing + &about_servers))?;
    }

    #[test]
    fn servers_stay_within_their_limits(
        cluster_text in clusters(),
        placing in intent_lists(),
        about_servers in scalings(),
        (least, most) in (1..4u32, 1..8u32),
        adding in 0..3u32,
    ) {
        let snapshot = cluster(&cluster_text);
        let after = After {
            scaling: Scaling {
                least: Some((least, "least".into())),
                most: Some((most, "most".into())),
                adding,
                ..Scaling::default()
            },
            ..After::default()
        };
        let plan = solve_after(&snapshot, intents(&(placing + &about_servers)), &after);
        let (mut added, mut removed) = (0, BTreeSet::new());
        for action in &plan.decision.actions {
            match &action.body {
                ActionBody::AddServer { count } => added += *count,
                ActionBody::RemoveServer { server } => _ = removed.insert(server),
                _ => {}
            }
        }
        let there = snapshot.servers.len() as u32;
        let left = there - removed.len() as u32;
        prop_assert!(added == 0 || there + adding + added <= most, "{}", show(&plan));
        prop_assert!(removed.is_empty() || (left >= least && left >= 1), "{}", show(&plan));
        prop_assert!(added == 0 || removed.is_empty(), "{}", show(&plan));
        for server in removed {
            prop_assert!(
                plan.decision.placement.values().all(|to| to != server),
                "somebody goes to {server}\n{}", show(&plan)
            );
            let residents = snapshot.actors.iter().filter(|(_, actor)| actor.server == *server);
            for (id, _) in residents {
                let leaves = plan.decision.placement.contains_key(id);
                prop_assert!(leaves, "{id} stays on {server}\n{}", show(&plan));
            }
        }
    }

    #[test]
    fn the_order_of_the_input_does_not_matter(
        cluster_text in clusters(),
        shuffled in (intent_lists(), scalings()).prop_flat_map(|(placing, about_servers)| {
            let asked = intents(&(placing + &about_servers));
            (Just(asked.clone()), Just(asked).prop_shuffle())
        }),
    ) {
        let snapshot = cluster(&cluster_text);
        let (asked, shuffled) = shuffled;
        prop_assert_eq!(solve(&snapshot, asked), solve(&snapshot, shuffled));
    }
}

//! Evaluation that follows a cluster from tick to tick, against the definition at each tick.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_check::program::{
    ActorRef, Aggregation, AtomKind, BehaviorKind, CalculationKind, CallerRef, CheckedProgram,
    Comparison, Condition, EntityRef, Feature, Operand, OrSide, Range, Rule, Scope, ServerRef,
    TypeSet, VariableId,
};
use plasma_columns::Columns;
use plasma_model::{
    Actor, ActorId, Aggregate, Caller, Calls, Gauge, Latency, Reservations, Resource, ServerId,
    Snapshot, Statistic, Value,
};
use proptest::prelude::*;

use super::tests::{
    C, EACH, EACH_SERVER, F, FOUND, S, X, calculations, comparisons, features_of_variables,
    functions, load, snapshots,
};
use crate::fixture::*;
use crate::{Evaluator, Past, reference};

/// What happens between two ticks. Numbers are places, taken modulo what there is.
#[derive(Clone, Debug)]
enum Change {
    ActorLoad(usize, Option<f64>),
    ServerLoad(usize, Option<f64>),
    Silent(usize, bool),
    Mailbox(usize, Option<u64>),
    Depth(usize, Option<f64>),
    Files(usize, Option<Vec<usize>>),
    Move(usize, usize),
    End(usize),
    Appear(usize, bool, usize),
    Calls(usize, usize, f64),
    NoCalls(usize),
}

fn changes() -> impl Strategy<Value = Change> {
    let place = 0..10usize;
    let members = prop::option::weighted(0.9, prop::collection::vec(0..10usize, 0..4));
    prop_oneof![
        4 => (place.clone(), load()).prop_map(|(a, load)| Change::ActorLoad(a, load)),
        2 => (place.clone(), load()).prop_map(|(s, load)| Change::ServerLoad(s, load)),
        1 => (place.clone(), prop::bool::weighted(0.3)).prop_map(|(s, is)| Change::Silent(s, is)),
        1 => (place.clone(), prop::option::of(0..9u64)).prop_map(|(a, n)| Change::Mailbox(a, n)),
        1 => (place.clone(), load()).prop_map(|(a, depth)| Change::Depth(a, depth)),
        2 => (place.clone(), members).prop_map(|(a, members)| Change::Files(a, members)),
        2 => (place.clone(), place.clone()).prop_map(|(a, s)| Change::Move(a, s)),
        1 => place.clone().prop_map(Change::End),
        1 => (place.clone(), any::<bool>(), place.clone())
            .prop_map(|(a, is_folder, s)| Change::Appear(a, is_folder, s)),
        4 => (0..12usize, place.clone(), 0..50u32)
            .prop_map(|(from, to, count)| Change::Calls(from, to, f64::from(count))),
        1 => place.prop_map(Change::NoCalls),
    ]
}

fn name(place: usize) -> ActorId {
    ActorId::from(format!("a{place}"))
}

impl Change {
    fn apply(&self, snapshot: &mut Snapshot) {
        let servers: Vec<ServerId> = snapshot.servers.keys().cloned().collect();
        let server = |place: &usize| servers[place % servers.len()].clone();
        match self {
            Change::ActorLoad(place, load) => {
                if let Some(actor) = snapshot.actors.get_mut(&name(*place)) {
                    actor.usage[Resource::Cpu].perc = *load;
                }
            }
            Change::ServerLoad(place, load) => {
                let server = snapshot.servers.get_mut(&server(place)).expect("a server");
                server.usage[Resource::Cpu].perc = *load;
            }
            Change::Silent(place, is_silent) => {
                let server = snapshot.servers.get_mut(&server(place)).expect("a server");
                server.stale = *is_silent;
            }
            Change::Mailbox(place, messages) => {
                if let Some(actor) = snapshot.actors.get_mut(&name(*place)) {
                    actor.mailbox = *messages;
                }
            }
            Change::Depth(place, depth) => {
                if let Some(actor) = snapshot.actors.get_mut(&name(*place)) {
                    match depth {
                        Some(depth) => {
                            let value = Value::Number(*depth);
                            actor.values.insert("depth".into(), value);
                        }
                        None => {
                            actor.values.remove("depth");
                        }
                    }
                }
            }
            Change::Files(place, members) => {
                if let Some(actor) = snapshot.actors.get_mut(&name(*place)) {
                    match members {
                        Some(members) => {
                            let members = members.iter().map(|member| name(*member));
                            actor.refs.insert("files".into(), members.collect());
                        }
                        None => {
                            actor.refs.remove("files");
                        }
                    }
                }
            }
            Change::Move(place, to) => {
                if let Some(actor) = snapshot.actors.get_mut(&name(*place)) {
                    actor.server = server(to);
                }
            }
            Change::End(place) => {
                snapshot.actors.remove(&name(*place));
            }
            Change::Appear(place, is_folder, host) => {
                let actor_type = if *is_folder { "Folder" } else { "File" };
                let appeared = Actor::new(Arc::from(actor_type), server(host));
                snapshot.actors.entry(name(*place)).or_insert(appeared);
            }
            Change::Calls(from, to, count) => {
                let from = match snapshot.actors.get_key_value(&name(*from)) {
                    Some((id, actor)) => Caller::Actor {
                        id: id.clone(),
                        actor_type: Arc::clone(&actor.actor_type),
                    },
                    None => Caller::Client,
                };
                let to = name(*to);
                let Some(callee) = snapshot.actors.get(&to) else {
                    return;
                };
                let to_server = callee.server.clone();
                snapshot
                    .calls
                    .retain(|calls| calls.from != from || calls.to != to);
                snapshot.calls.push(Calls {
                    from,
                    to,
                    to_server,
                    function: "open".into(),
                    count: *count,
                    size: Some(100.0 * count),
                    latency: Latency::default(),
                });
            }
            Change::NoCalls(to) => snapshot.calls.retain(|calls| calls.to != name(*to)),
        }
    }
}

/// Some ticks, each a few changes after the one before.
fn histories() -> impl Strategy<Value = Vec<Snapshot>> {
    let ticks = prop::collection::vec(prop::collection::vec(changes(), 0..5), 1..9);
    histories_of(ticks.boxed())
}

/// Clients call more or less, and somebody moves, ends or appears from time to time.
fn calls_by_clients() -> impl Strategy<Value = Change> {
    let place = 0..10usize;
    prop_oneof![
        8 => (place.clone(), 0..50u32)
            .prop_map(|(to, count)| Change::Calls(11, to, f64::from(count))),
        1 => place.clone().prop_map(Change::NoCalls),
        4 => (place.clone(), place.clone()).prop_map(|(a, s)| Change::Move(a, s)),
        1 => place.clone().prop_map(Change::End),
        1 => (place.clone(), any::<bool>(), place)
            .prop_map(|(a, is_folder, s)| Change::Appear(a, is_folder, s)),
    ]
}

/// Some ticks that begin with much of that, and go on with little.
fn busy_ticks() -> BoxedStrategy<Vec<Vec<Change>>> {
    let appear = (0..10usize, 0..10usize).prop_map(|(a, s)| Change::Appear(a, true, s));
    let first = (
        prop::collection::vec(appear, 4..8),
        prop::collection::vec(calls_by_clients(), 10..20),
    );
    let later = prop::collection::vec(prop::collection::vec(calls_by_clients(), 0..4), 2..9);
    (first, later)
        .prop_map(|((appear, calls), mut later)| {
            later.insert(0, [appear, calls].concat());
            later
        })
        .boxed()
}

/// Actors come and go, and little else happens.
fn comings_and_goings() -> BoxedStrategy<Vec<Vec<Change>>> {
    let place = 0..10usize;
    let members = prop::collection::vec(0..10usize, 0..4);
    let change = prop_oneof![
        4 => place.clone().prop_map(Change::End),
        4 => (place.clone(), any::<bool>(), place.clone())
            .prop_map(|(a, is_folder, s)| Change::Appear(a, is_folder, s)),
        2 => (place.clone(), members).prop_map(|(a, members)| Change::Files(a, Some(members))),
        4 => (0..12usize, place, 0..50u32)
            .prop_map(|(from, to, count)| Change::Calls(from, to, f64::from(count))),
    ];
    prop::collection::vec(prop::collection::vec(change, 0..6), 4..14).boxed()
}

/// The same history, in which who appears anew has another name than whoever ended.
fn with_new_names(history: &[Snapshot]) -> Vec<Snapshot> {
    let mut lives: BTreeMap<ActorId, usize> = BTreeMap::new();
    let mut before: Option<&Snapshot> = None;
    let mut renamed = Vec::new();
    for snapshot in history {
        for id in before.iter().flat_map(|before| before.actors.keys()) {
            if !snapshot.actors.contains_key(id) {
                *lives.entry(id.clone()).or_default() += 1;
            }
        }
        before = Some(snapshot);
        let new = |id: &ActorId| {
            let life = lives.get(id).copied().unwrap_or(0);
            ActorId::from(format!("{id}{}", "'".repeat(life)))
        };
        let mut next = snapshot.clone();
        next.actors = snapshot
            .actors
            .iter()
            .map(|(id, of)| (new(id), of.clone()))
            .collect();
        for actor in next.actors.values_mut() {
            for members in actor.refs.values_mut() {
                *members = members.iter().map(&new).collect();
            }
        }
        // Those with an end that is gone would be of the next one with that name.
        next.calls.retain(|calls| {
            let is_there = |id: &ActorId| snapshot.actors.contains_key(id);
            let is_caller_there = match &calls.from {
                Caller::Actor { id, .. } => is_there(id),
                Caller::Client => true,
            };
            is_caller_there && is_there(&calls.to)
        });
        for calls in &mut next.calls {
            calls.to = new(&calls.to);
            if let Caller::Actor { id, .. } = &mut calls.from {
                *id = new(id);
            }
        }
        let key = |calls: &Calls| (calls.from.clone(), calls.to.clone());
        next.calls.sort_by_key(key);
        renamed.push(next);
    }
    renamed
}

fn histories_of(ticks: BoxedStrategy<Vec<Vec<Change>>>) -> impl Strategy<Value = Vec<Snapshot>> {
    (snapshots(), ticks).prop_map(|(mut snapshot, ticks)| {
        for server in snapshot.servers.values_mut() {
            server.stale = false;
        }
        snapshot
            .calls
            .retain(|calls| calls.function.as_ref() == "open");
        let mut history = vec![snapshot.clone()];
        for changes in ticks {
            snapshot.t += 10.0;
            changes
                .iter()
                .for_each(|change| change.apply(&mut snapshot));
            // Calls are received where the callee is.
            let actors = &snapshot.actors;
            for calls in &mut snapshot.calls {
                if let Some(callee) = actors.get(&calls.to) {
                    calls.to_server = callee.server.clone();
                }
                if let Caller::Actor { id, actor_type } = &mut calls.from
                    && let Some(caller) = actors.get(id)
                {
                    *actor_type = Arc::clone(&caller.actor_type);
                }
            }
            let key = |calls: &Calls| (calls.from.clone(), calls.to.clone());
            snapshot.calls.sort_by_key(key);
            history.push(snapshot.clone());
        }
        history
    })
}

/// What is measured of the variables at present.
fn numbers() -> BoxedStrategy<Operand> {
    let actor = prop::sample::select(vec![F, X, C]).prop_map(var).boxed();
    let caller = prop_oneof![
        2 => Just(CallerRef::Client),
        2 => Just(CallerRef::Actor(var(C))),
        1 => actor.clone().prop_map(CallerRef::Actor),
        1 => Just(CallerRef::Actor(ActorRef::Anonymous(TypeSet::Any))),
    ];
    let statistics = [
        Statistic::Count,
        Statistic::Perc,
        Statistic::Size,
        Statistic::Rate,
    ];
    let calls = (
        caller,
        actor.clone(),
        prop::sample::select(statistics.to_vec()),
    );
    let gauge = |of, gauge| Operand::Feature(Feature::Gauge { of, gauge });
    prop_oneof![
        4 => features_of_variables(&[F, X, C], &[S]),
        4 => calls.prop_map(|(from, to, statistic)| opens(from, to, statistic)),
        1 => actor.clone().prop_map(move |of| gauge(EntityRef::Actor(of), Gauge::Mailbox)),
        1 => Just(gauge(EntityRef::Server(ServerRef::Variable(VariableId(S))), Gauge::Actors)),
        1 => actor.clone().prop_map(|actor| Operand::Feature(Feature::Published {
            actor,
            property: "depth".into(),
            unit: "",
        })),
        1 => aggregates(),
    ]
    .boxed()
}

fn aggregates() -> BoxedStrategy<Operand> {
    let filter = (
        features_of_variables(&[EACH], &[EACH_SERVER]),
        comparisons(),
        0..10u32,
    );
    (functions(), filter, any::<bool>(), any::<usize>())
        .prop_map(|(function, (operand, sign, right), is_value, index)| {
            let counted = function == Aggregate::Count;
            let value = operand.clone();
            calculated(CalculationKind::OverCluster(Aggregation {
                function,
                variables: vec![VariableId(EACH), VariableId(EACH_SERVER)],
                filter: OrSide {
                    locals: Vec::new(),
                    condition: compare(operand, sign, f64::from(right) * 10.0),
                },
                value: (is_value && !counted).then_some(value),
                index,
                is_closed: true,
            }))
        })
        .boxed()
}

fn atoms() -> BoxedStrategy<Condition> {
    let actor = prop::sample::select(vec![F, X, C]).prop_map(var).boxed();
    let number = prop_oneof![4 => numbers(), 1 => calculations(numbers())];
    let right = (-1..10).prop_map(|tenth| f64::from(tenth) * 10.0);
    let server = Just(ServerRef::Variable(VariableId(S)));
    prop_oneof![
        6 => (number, comparisons(), right).prop_map(|(left, sign, right)| compare(left, sign, right)),
        3 => (actor.clone(), actor.clone()).prop_map(|(member, owner)| in_files(member, owner)),
        1 => (actor.clone(), server).prop_map(|(actor, server)| {
            atom(AtomKind::On { actor, server })
        }),
        1 => (actor.clone(), actor, any::<bool>()).prop_map(|(left, right, equal)| {
            let (left, right) = (EntityRef::Actor(left), EntityRef::Actor(right));
            atom(AtomKind::Same { left, right, equal })
        }),
    ]
    .boxed()
}

/// Rules that every row decides by itself, at present: those that are followed.
fn rules() -> impl Strategy<Value = Rule> {
    let condition = atoms().prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::And),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| or([(&[], a), (&[], b)])),
            1 => inner.prop_map(not),
        ]
    });
    (condition, any::<bool>()).prop_map(|(condition, any_x)| {
        let callers = Range::Callers {
            types: TypeSet::Any,
            window_seconds: None,
            callee: var(X),
            function: Some("open".into()),
        };
        let x = if any_x { TypeSet::Any } else { types(FILE) };
        let mut variables = vec![
            each("f", FOLDER),
            variable("x", Range::Actors(x), Scope::Rule),
            variable("c", callers, Scope::Rule),
            variable("s", Range::Servers, Scope::Rule),
        ];
        let aggregate = |name, range| variable(name, range, Scope::Aggregate);
        variables.extend([
            aggregate("l", Range::Actors(types(FOLDER))),
            aggregate("server", Range::Servers),
            aggregate("each", Range::Actors(TypeSet::Any)),
            aggregate("each_server", Range::Servers),
            aggregate("found", Range::Actors(types(FILE))),
        ]);
        debug_assert_eq!(variables.len(), FOUND as usize + 1);
        rule(variables, condition, vec![BehaviorKind::Pin(var(F))])
    })
}

/// Evaluates a program along a history of its columns, and by the definition at every tick.
fn follows(
    program: &CheckedProgram,
    mut columns: Columns,
    history: &[Snapshot],
) -> Result<(), TestCaseError> {
    let none = Reservations::default();
    let mut evaluator = Evaluator::new(program);
    for snapshot in history {
        columns.follow(snapshot);
        let followed = evaluator.evaluate(program, &columns, &none);
        let defined = reference::evaluate(program, snapshot, &Past::default(), &none);
        let figures = evaluator.figures().next();
        prop_assert_eq!(followed, defined, "at {}: {:?}", snapshot.t, figures);
    }
    Ok(())
}

/// Rules as they stand in one program.
fn numbered(rules: Vec<Rule>) -> Vec<Rule> {
    let numbered = rules.into_iter().enumerate().map(|(index, rule)| Rule {
        index,
        name: Arc::from(format!("#{}", index + 1)),
        ..rule
    });
    numbered.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// What changed is enough: at every tick the same as by the definition.
    #[test]
    fn following_finds_what_the_definition_says(
        rule in rules(),
        history in histories(),
        forgets in any::<bool>(),
    ) {
        let mut columns = Columns::default();
        if forgets {
            columns.forget_names_after(0, 0);
        }
        follows(&program(vec![rule]), columns, &history)?;
    }

    /// The number of an actor that ended is that of another one soon after.
    #[test]
    fn numbers_given_again_mean_who_has_them_now(
        rules in prop::collection::vec(rules(), 1..4),
        history in histories_of(comings_and_goings()),
    ) {
        let program = program(numbered(rules));
        let mut columns = Columns::default();
        columns.forget_names_after(0, 0);
        follows(&program, columns, &with_new_names(&history))?;
    }

    /// Rules that are searched side by side share aggregates, and find each what it would alone.
    #[test]
    fn rules_beside_one_another_find_what_the_definition_says(
        rules in prop::collection::vec(rules(), 2..5),
        history in histories(),
    ) {
        let program = program(numbered(rules));
        follows(&program, Columns::default(), &history)?;
    }

    /// Shares of clients' calls change with all that a host receives: those that come to the other side of a limit
    /// are found.
    #[test]
    fn shares_are_followed_across_their_limit(
        limit in prop::sample::select(&[10.0, 25.0, 40.0, 50.0, 75.0][..]),
        is_inclusive in any::<bool>(),
        with_files in any::<bool>(),
        history in histories_of(busy_ticks()),
    ) {
        let comparison = if is_inclusive { Comparison::GreaterOrEqual } else { Comparison::Greater };
        let share = compare(opens(CallerRef::Client, var(0), Statistic::Perc), comparison, limit);
        let mut variables = vec![each("f", FOLDER)];
        let mut parts = vec![share];
        if with_files {
            variables.push(each("x", FILE));
            parts.push(in_files(var(1), var(0)));
        }
        let pin = vec![BehaviorKind::Pin(var(0))];
        let program = program(vec![rule(variables, Condition::And(parts), pin)]);
        follows(&program, Columns::default(), &history)?;
    }

    /// A tick that is only watched is not forgotten.
    #[test]
    fn watched_ticks_count(rule in rules(), history in histories(), watched in prop::collection::vec(any::<bool>(), 9)) {
        let program = program(vec![rule]);
        let none = Reservations::default();
        let mut columns = Columns::default();
        let mut evaluator = Evaluator::new(&program);
        for (snapshot, is_watched) in history.iter().zip(watched) {
            columns.follow(snapshot);
            if is_watched {
                evaluator.watch(&columns);
                continue;
            }
            let followed = evaluator.evaluate(&program, &columns, &none);
            let defined = reference::evaluate(&program, snapshot, &Past::default(), &none);
            prop_assert_eq!(followed, defined);
        }
    }

    /// Rows become columns and rows again, along a history as from nothing.
    #[test]
    fn columns_keep_what_rows_say(history in histories()) {
        let mut columns = Columns::default();
        for snapshot in &history {
            columns.follow(snapshot);
            let mut expected = snapshot.clone();
            for actor in expected.actors.values_mut() {
                for resource in Resource::ALL {
                    actor.usage[resource].capacity = None;
                }
            }
            let mut back = columns.snapshot();
            let key = |calls: &Calls| (calls.from.clone(), calls.to.clone());
            back.calls.sort_by_key(key);
            expected.calls.sort_by_key(key);
            prop_assert_eq!(&back, &expected);
        }
    }
}

//! The join against the definition, over random programs on random clusters.

use std::sync::Arc;

use plasma_check::program::{
    ActorRef, Aggregation, AtomKind, BehaviorKind, CalculationKind, CallerRef, CheckedProgram,
    Comparison, Condition, EntityRef, Feature, Forecast, Message, MessagePiece, Operand, Operator,
    OrSide, OverWindow, Range, Rule, Scope, ServerRef, Span, TextOperand, TypeSet, VariableId,
    Windowed,
};
use plasma_columns::Columns;
use plasma_model::{
    AGGREGATES, Aggregate, Caller, Gauge, Reservations, Resource, Snapshot, Statistic, Value,
};
use proptest::prelude::*;

use crate::fixture::*;
use crate::{Past, reference};

/// Variables of every random rule: folder f, file x, caller c of x, server s; `l` (a folder) is
/// local to an `or` side, and `server` is implicit.
pub(super) const F: u32 = 0;
pub(super) const X: u32 = 1;
pub(super) const C: u32 = 2;
pub(super) const S: u32 = 3;
const LOCAL: u32 = 4;
const IMPLICIT: u32 = 5;
/// Variables of every aggregate: any actor, server; `FOUND` (a file) is local to its filter.
pub(super) const EACH: u32 = 6;
pub(super) const EACH_SERVER: u32 = 7;
pub(super) const FOUND: u32 = 8;

/// A load: unknown, low, middling or high.
pub(super) fn load() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        Just(None),
        (0..10u32).prop_map(|tenth| Some(f64::from(tenth) * 10.0))
    ]
}

pub(super) fn snapshots() -> impl Strategy<Value = Snapshot> {
    let servers = prop::collection::vec((load(), prop::bool::weighted(0.1)), 1..4);
    let actors = prop::collection::vec((any::<bool>(), 0..4usize, load()), 0..9);
    let refs = prop::collection::vec((0..9usize, prop::collection::vec(0..10usize, 0..4)), 0..5);
    let calls = prop::collection::vec((0..12usize, 0..10usize, any::<bool>(), 0..50u32), 0..14);
    (servers, actors, refs, calls).prop_map(|(servers, actors, refs, calls)| {
        let mut cluster = cluster();
        for (place, (load, stale)) in servers.iter().enumerate() {
            cluster = cluster.server(&format!("s{place}"), *load);
            if *stale {
                cluster = cluster.stale(&format!("s{place}"));
            }
        }
        for (place, (is_folder, host, load)) in actors.iter().enumerate() {
            let host = format!("s{}", host % servers.len());
            let id = format!("a{place}");
            cluster = match is_folder {
                true => cluster.folder(&id, &host, *load),
                false => cluster.file(&id, &host, *load),
            };
        }
        for (place, (_, host, load)) in actors.iter().enumerate() {
            let id = format!("a{place}");
            let value = load.map_or(Value::Bool(*host > 1), Value::Number);
            cluster = cluster.publishes(&id, "depth", value);
            cluster = cluster.publishes(&id, "hot", Value::Bool(*host > 2));
            if *host > 0 {
                cluster = cluster.mailbox(&id, *host as u64 * 10);
            }
        }
        for place in 0..servers.len() - 1 {
            let zone = if place % 2 == 0 { "a" } else { "b" };
            cluster = cluster.label(&format!("s{place}"), "zone", zone);
        }
        for (owner, members) in refs {
            let members: Vec<String> = members.iter().map(|m| format!("a{m}")).collect();
            let members: Vec<&str> = members.iter().map(String::as_str).collect();
            cluster = cluster.files(&format!("a{owner}"), &members);
        }
        for (from, to, is_open, count) in calls {
            let to = format!("a{to}");
            let count = f64::from(count);
            cluster = match (from, is_open) {
                (10.., true) => cluster.client_opens(&to, count),
                (10.., false) => cluster.calls(Caller::Client, &to, "list", count),
                _ => cluster.opens(&format!("a{from}"), &to, count),
            };
        }
        cluster.done()
    })
}

fn actor(variables: &'static [u32]) -> BoxedStrategy<ActorRef> {
    prop_oneof![
        6 => prop::sample::select(variables).prop_map(var),
        1 => Just(bare(FOLDER)),
        1 => Just(ActorRef::Anonymous(TypeSet::Any)),
    ]
    .boxed()
}

pub(super) fn comparisons() -> BoxedStrategy<Comparison> {
    prop::sample::select(vec![
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
        Comparison::Equal,
        Comparison::NotEqual,
    ])
    .boxed()
}

fn servers(actors: &'static [u32], servers: &'static [u32]) -> BoxedStrategy<ServerRef> {
    prop_oneof![
        prop::sample::select(servers).prop_map(|s| ServerRef::Variable(VariableId(s))),
        actor(actors).prop_map(ServerRef::HostOf),
    ]
    .boxed()
}

/// Lengths of windows of up to four periods of ten seconds.
fn lengths() -> BoxedStrategy<f64> {
    prop::sample::select(vec![5.0, 10.0, 20.0, 25.0, 40.0]).boxed()
}

/// What is measured of these variables, now or over time.
fn measured(actors: &'static [u32], of_servers: &'static [u32]) -> BoxedStrategy<Operand> {
    let function = prop_oneof![
        3 => functions().prop_map(OverWindow::Aggregate),
        1 => Just(OverWindow::Delta),
        1 => Just(OverWindow::Rate),
    ];
    let of_feature = |operand: Operand| match operand {
        Operand::Feature(feature) => Some(feature),
        _ => None,
    };
    let sampled = features(actors, of_servers).prop_filter_map("no feature", of_feature);
    let windowed = (function, sampled.clone(), lengths());
    let forecast = (sampled, lengths());
    prop_oneof![
        4 => features(actors, of_servers),
        2 => windowed.prop_map(|(function, feature, window_seconds)| {
            calculated(CalculationKind::OverWindow(Windowed {
                function,
                feature,
                window_seconds,
            }))
        }),
        1 => forecast.prop_map(|(feature, ahead_seconds)| {
            calculated(CalculationKind::Forecast(Forecast { feature, ahead_seconds }))
        }),
    ]
    .boxed()
}

/// What is measured of these actor variables and server variables.
fn features(actors: &'static [u32], of_servers: &'static [u32]) -> BoxedStrategy<Operand> {
    let caller = prop_oneof![
        Just(CallerRef::Client),
        Just(CallerRef::Actor(var(C))),
        actor(actors).prop_map(CallerRef::Actor),
    ];
    let calls = (
        caller,
        actor(actors),
        prop::sample::select(&Statistic::ALL[..]),
    );
    let gauge = |of, gauge| Operand::Feature(Feature::Gauge { of, gauge });
    prop_oneof![
        2 => servers(actors, of_servers).prop_map(server_cpu),
        2 => actor(actors).prop_map(actor_cpu),
        4 => calls.prop_map(|(from, to, statistic)| opens(from, to, statistic)),
        1 => actor(actors).prop_map(move |of| gauge(EntityRef::Actor(of), Gauge::Mailbox)),
        1 => servers(actors, of_servers)
            .prop_map(move |of| gauge(EntityRef::Server(of), Gauge::Actors)),
        1 => actor(actors).prop_map(|actor| Operand::Feature(Feature::Published {
            actor,
            property: "depth".into(),
            unit: "",
        })),
    ]
    .boxed()
}

/// What is calculated from some numbers.
pub(super) fn calculations(
    numbers: impl Strategy<Value = Operand> + Clone + 'static,
) -> BoxedStrategy<Operand> {
    let constant = (-2..10).prop_map(|tenth| Operand::Number(f64::from(tenth) * 10.0));
    let number = prop_oneof![3 => numbers, 1 => constant].boxed();
    let operators = [
        Operator::Add,
        Operator::Subtract,
        Operator::Multiply,
        Operator::Divide,
    ];
    let operators = prop::sample::select(operators.to_vec());
    let several = prop::collection::vec(number.clone(), 2..4);
    let kind = prop_oneof![
        1 => number.clone().prop_map(CalculationKind::Negative),
        1 => number.clone().prop_map(CalculationKind::Absolute),
        3 => (number.clone(), operators, number).prop_map(|(left, operator, right)| {
            CalculationKind::Arithmetic { left, operator, right, scale: 0.5 }
        }),
        1 => (functions(), several).prop_map(|(function, values)| {
            CalculationKind::OfNumbers(function, values)
        }),
    ];
    kind.prop_map(calculated).boxed()
}

pub(super) fn functions() -> BoxedStrategy<Aggregate> {
    let all: Vec<Aggregate> = AGGREGATES.iter().map(|row| row.aggregate).collect();
    prop::sample::select(all).boxed()
}

/// An aggregate whose filter and values are about its own variables, and those of `outer` if it is
/// not closed.
fn aggregations() -> BoxedStrategy<Operand> {
    let parts = |actors, servers| {
        let filter = prop::collection::vec(plain_atoms(actors, servers), 0..3);
        let value = prop::option::of(features_of_variables(actors, servers));
        (filter, value)
    };
    let closed = (parts(&[EACH, FOUND], &[EACH_SERVER]), Just(true));
    let open = (parts(&[EACH, FOUND, F], &[EACH_SERVER, S]), Just(false));
    let either = prop_oneof![closed, open];
    let variables = prop::sample::select(vec![
        vec![VariableId(EACH), VariableId(EACH_SERVER)],
        vec![VariableId(EACH_SERVER), VariableId(EACH)],
    ]);
    (functions(), variables, either, any::<usize>())
        .prop_map(
            |(function, variables, ((filter, value), is_closed), index)| {
                let filter = OrSide {
                    locals: vec![VariableId(FOUND)],
                    condition: Condition::And(filter),
                };
                // Who called is of the rule, also in an aggregate that knows nothing else of it.
                let mut is_closed = is_closed;
                filter.condition.for_each_atom(&mut |atom, _| {
                    atom.for_each_variable(&mut |id| is_closed &= id != VariableId(C));
                });
                calculated(CalculationKind::OverCluster(Aggregation {
                    function,
                    variables,
                    filter,
                    value,
                    index,
                    is_closed,
                }))
            },
        )
        .boxed()
}

/// Features without bare types, as the checker lets stand in an aggregate. The variable of the filter
/// is not known outside of it.
pub(super) fn features_of_variables(
    actors: &'static [u32],
    servers: &'static [u32],
) -> BoxedStrategy<Operand> {
    let known: Vec<u32> = actors.iter().copied().filter(|v| *v != FOUND).collect();
    let actor = prop::sample::select(known).prop_map(var);
    let server = prop_oneof![
        prop::sample::select(servers).prop_map(|s| ServerRef::Variable(VariableId(s))),
        actor.clone().prop_map(ServerRef::HostOf),
    ];
    prop_oneof![server.prop_map(server_cpu), actor.prop_map(actor_cpu)].boxed()
}

/// An atom over these actor variables and server variables, without aggregates.
fn plain_atoms(actors: &'static [u32], of_servers: &'static [u32]) -> BoxedStrategy<Condition> {
    let number = measured(actors, of_servers);
    let number = prop_oneof![3 => number.clone(), 1 => calculations(number)];
    comparing_atoms(actors, of_servers, number).boxed()
}

/// An atom over these actor variables and server variables.
fn atoms(actors: &'static [u32], of_servers: &'static [u32]) -> BoxedStrategy<Condition> {
    let number = prop_oneof![4 => measured(actors, of_servers), 1 => aggregations()].boxed();
    let number = prop_oneof![3 => number.clone(), 1 => calculations(number)];
    comparing_atoms(actors, of_servers, number).boxed()
}

/// An atom that compares these numbers, or relates these variables.
fn comparing_atoms(
    actors: &'static [u32],
    of_servers: &'static [u32],
    number: impl Strategy<Value = Operand> + Clone + 'static,
) -> BoxedStrategy<Condition> {
    let server = servers(actors, of_servers);
    let value = (-1..10).prop_map(|tenth| f64::from(tenth) * 10.0);
    let label = |server| TextOperand::Label {
        server,
        name: "zone".into(),
    };
    let text = prop_oneof![
        server.clone().prop_map(label),
        Just(TextOperand::Literal("a".into())),
    ];
    prop_oneof![
        4 => (number, comparisons(), value).prop_map(|(left, sign, right)| compare(left, sign, right)),
        2 => (actor(actors), actor(actors), any::<bool>()).prop_map(|(member, owner, any)| {
            match any {
                true => atom(AtomKind::InRef { member, owner, property: None }),
                false => in_files(member, owner),
            }
        }),
        1 => (actor(actors), server.clone()).prop_map(|(actor, server)| {
            atom(AtomKind::On { actor, server })
        }),
        1 => actor(actors).prop_map(|actor| {
            atom(AtomKind::Published { actor, property: "hot".into() })
        }),
        1 => (text.clone(), text, any::<bool>()).prop_map(|(left, right, equal)| {
            atom(AtomKind::CompareText { left, right, equal })
        }),
        1 => (actor(actors), actor(actors), any::<bool>()).prop_map(|(left, right, equal)| {
            atom(AtomKind::Same {
                left: EntityRef::Actor(left),
                right: EntityRef::Actor(right),
                equal,
            })
        }),
        1 => (server.clone(), server, any::<bool>()).prop_map(|(left, right, equal)| {
            atom(AtomKind::Same {
                left: EntityRef::Server(left),
                right: EntityRef::Server(right),
                equal,
            })
        }),
    ]
    .boxed()
}

fn conditions() -> impl Strategy<Value = Condition> {
    let atoms_of_all = atoms(&[F, X], &[S, IMPLICIT]);
    let local_atoms = atoms(&[F, X, LOCAL], &[S, IMPLICIT]);
    let side = prop::collection::vec(local_atoms, 1..3)
        .prop_map(Condition::And)
        .boxed();
    let leaf = prop_oneof![
        8 => atoms_of_all,
        1 => any::<bool>().prop_map(Condition::Constant),
        2 => (side.clone(), side).prop_map(|(left, right)| or([(&[LOCAL], left), (&[LOCAL], right)])),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::And),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| or([(&[], a), (&[], b)])),
            1 => inner.clone().prop_map(not),
            1 => (inner, lengths()).prop_map(|(condition, window_seconds)| {
                Condition::Sustained {
                    condition: Box::new(condition),
                    window_seconds,
                    span: Span::default(),
                }
            }),
        ]
    })
}

/// Texts with the values of variables in them.
fn messages() -> impl Strategy<Value = Message> {
    let number = prop_oneof![features_of_variables(&[F, X, C], &[S]), aggregations()];
    let piece = prop_oneof![
        number.prop_map(|operand| MessagePiece::Number { operand, unit: "%" }),
        prop::sample::select(&[F, X][..])
            .prop_map(|id| MessagePiece::Entity(EntityRef::Actor(var(id)))),
        Just(MessagePiece::Entity(EntityRef::Server(
            ServerRef::Variable(VariableId(S))
        ))),
        Just(MessagePiece::Label {
            server: ServerRef::HostOf(var(F)),
            name: "zone".into(),
        }),
        Just(MessagePiece::Published {
            actor: var(X),
            property: "open".into(),
        }),
    ];
    prop::collection::vec(piece, 1..4).prop_map(|pieces| Message { pieces })
}

fn rules() -> impl Strategy<Value = Rule> {
    let behavior = prop_oneof![
        actor(&[F, X, C]).prop_map(BehaviorKind::Pin),
        (actor(&[F, X]), actor(&[X, C])).prop_map(|(a, b)| BehaviorKind::Colocate(a, b)),
        (actor(&[F, X]), actor(&[X, C])).prop_map(|(a, b)| BehaviorKind::Separate(a, b)),
        actor(&[F, X]).prop_map(|actor| BehaviorKind::Reserve {
            actor,
            resource: Resource::Cpu
        }),
        servers(&[F, X], &[S]).prop_map(BehaviorKind::Drain),
        (actor(&[F, X]), servers(&[F, X], &[S]))
            .prop_map(|(actor, to)| BehaviorKind::Migrate { actor, to }),
        prop::option::of(Just(Arc::from("zone"))).prop_map(|by| BehaviorKind::Spread {
            types: TypeSet::Any,
            by,
        }),
        actor(&[F, X]).prop_map(BehaviorKind::Passivate),
        actor(&[F, X]).prop_map(BehaviorKind::Checkpoint),
        (1..3u32).prop_map(BehaviorKind::ScaleOut),
        (1..3u32).prop_map(BehaviorKind::ScaleIn),
        messages().prop_map(BehaviorKind::Alert),
    ];
    let behaviors = prop::collection::vec(behavior, 1..3);
    let window = prop::option::of(lengths());
    let parts = (conditions(), behaviors, any::<bool>(), window);
    parts.prop_map(|(condition, behaviors, any_x, window_seconds)| {
        let callers = Range::Callers {
            types: TypeSet::Any,
            window_seconds,
            callee: var(X),
            function: Some("open".into()),
        };
        let x = if any_x { TypeSet::Any } else { types(FILE) };
        let variables = vec![
            each("f", FOLDER),
            variable("x", Range::Actors(x), Scope::Rule),
            variable("c", callers, Scope::Rule),
            variable("s", Range::Servers, Scope::Rule),
            variable("l", Range::Actors(types(FOLDER)), Scope::OrSide),
            variable("server", Range::Servers, Scope::ImplicitServer),
            variable("each", Range::Actors(TypeSet::Any), Scope::Aggregate),
            variable("each_server", Range::Servers, Scope::Aggregate),
            variable("found", Range::Actors(types(FILE)), Scope::OrSide),
        ];
        rule(variables, condition, behaviors)
    })
}

/// Snapshots ten seconds apart, now and then with a gap.
fn histories() -> impl Strategy<Value = Vec<Snapshot>> {
    let distance = prop_oneof![9 => Just(10.0), 1 => Just(30.0)];
    prop::collection::vec((snapshots(), distance), 1..6).prop_map(|snapshots| {
        let mut t = 0.0;
        let at = |(mut snapshot, distance): (Snapshot, f64)| {
            t += distance;
            (snapshot.t, snapshot.period_seconds) = (t, 10.0);
            snapshot
        };
        snapshots.into_iter().map(at).collect()
    })
}

/// The last snapshot in columns, and those before it: in rows, as the program keeps them, and whole.
fn pasts(
    program: &CheckedProgram,
    snapshots: &[Snapshot],
) -> (Columns, Past<Snapshot>, Past, Past) {
    let (mut rows, mut past, mut whole) =
        (Past::of(program), Past::of(program), Past::of_everything());
    let mut columns = Columns::default();
    for (place, snapshot) in (1..).zip(snapshots) {
        columns.follow(snapshot);
        if place < snapshots.len() {
            rows.push(snapshot);
            past.push(columns.frame());
            whole.push(columns.frame());
        }
    }
    (columns, rows, past, whole)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Same intents, same firings, same reservation states, with and without reservations held.
    #[test]
    fn the_join_finds_what_the_definition_says(
        rule in rules(),
        snapshots in histories(),
        held in prop::collection::vec(any::<prop::sample::Index>(), 0..3),
    ) {
        let program = program(vec![rule]);
        let (mut columns, rows, past, whole) = pasts(&program, &snapshots);
        let snapshot = snapshots.last().cloned().unwrap_or_default();
        let none = Reservations::default();
        let defined = reference::evaluate(&program, &snapshot, &rows, &none);
        prop_assert_eq!(&super::evaluate(&program, &columns, &past, &none), &defined);
        // What a program does not look at, it does not need to keep.
        prop_assert_eq!(&super::evaluate(&program, &columns, &whole, &none), &defined);

        let causes: Vec<_> = defined.intents.iter().flat_map(|i| i.causes.clone()).collect();
        let held = held.iter().filter(|_| !causes.is_empty()).map(|index| {
            let cause = index.get(&causes);
            (cause.rule_index, cause.binding.clone())
        });
        let held = Reservations::from_iter(held);
        let mut later = snapshot.clone();
        for server in later.servers.values_mut() {
            server.usage[Resource::Cpu].perc = Some(0.0);
        }
        columns.follow(&later);
        let defined = reference::evaluate(&program, &later, &rows, &held);
        prop_assert_eq!(super::evaluate(&program, &columns, &past, &held), defined);
    }
}

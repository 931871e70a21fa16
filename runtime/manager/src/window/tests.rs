//! The window on columns, held to the window on rows by random streams of events.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_columns::{Changes, Columns};
use plasma_model::{
    ActorId, ActorUpdate, Caller, CallsRecord, Event, EventView, Field, LatencyRecord, ServerId,
    ServerUpdate, Snapshot, UsageUpdate, Value,
};
use proptest::prelude::*;

use super::rows::RowWindow;
use super::{Window, WindowError};

/// What happens to both windows.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // A few at a time.
enum Step {
    Event(Event),
    /// A server misses the window.
    Silent(ServerId),
    /// The period's calls again, as they came before.
    Repeat,
}

fn field<T: Clone + std::fmt::Debug + 'static>(
    known: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Field<T>> {
    prop_oneof![
        4 => Just(Field::Keep),
        1 => Just(Field::Unknown),
        5 => known.prop_map(Field::Known),
    ]
    .boxed()
}

fn figure() -> BoxedStrategy<f64> {
    prop_oneof![
        20 => (0..400u32).prop_map(|quarters| f64::from(quarters) / 4.0),
        1 => prop::sample::select(vec![0.0, -1.0, 1e101, f64::NAN, f64::INFINITY]),
    ]
    .boxed()
}

fn usage() -> BoxedStrategy<Field<UsageUpdate>> {
    let capacity =
        prop_oneof![9 => Just(Field::Keep), 2 => field(prop::sample::select(vec![2.0, 4.0, 8.0]))];
    let usage = (field(figure()), field(figure()), capacity);
    field(usage.prop_map(|(perc, size, capacity)| UsageUpdate {
        perc,
        size,
        capacity,
    }))
}

fn name(of: &'static [&'static str]) -> BoxedStrategy<String> {
    prop::sample::select(of).prop_map(str::to_owned).boxed()
}

const ACTORS: &[&str] = &["a", "b", "c", "d", "e", "f", "client", "g10", "g9"];
const SERVERS: &[&str] = &["s1", "s2", "s3"];

fn actor() -> impl Strategy<Value = Event> {
    let ids = prop::collection::vec(name(ACTORS).prop_map(ActorId::from), 0..3);
    let refs = prop::collection::btree_map(name(&["files", "next"]), ids, 0..3);
    let value = prop_oneof![
        figure().prop_map(Value::Number),
        any::<bool>().prop_map(Value::Bool),
        name(&["x", "y"]).prop_map(|text| Value::Text(text.into())),
    ];
    let values = prop::collection::btree_map(name(&["depth", "files"]), value, 0..3);
    let type_name = prop_oneof![3 => Just("T".to_owned()), 1 => Just("U".to_owned())];
    (
        (
            name(ACTORS),
            field(type_name),
            field(name(SERVERS).prop_map(ServerId::from)),
        ),
        (usage(), usage(), field(refs), field(values)),
        (
            field(0..9u64),
            field(figure()),
            field(figure()),
            field(0..9u64),
        ),
        any::<bool>(),
    )
        .prop_map(
            |(
                (id, actor_type, server),
                (cpu, mem, refs, values),
                (mailbox, idle, age, moves),
                is_whole,
            )| {
                let update = ActorUpdate::new(ActorId::from(id));
                // Most first events must be whole ones.
                let or = |given: Field<String>| match (given, is_whole) {
                    (Field::Keep | Field::Unknown, true) => Field::Known("T".to_owned()),
                    (given, _) => given,
                };
                let server = match (server, is_whole) {
                    (Field::Keep | Field::Unknown, true) => Field::Known(ServerId::from("s1")),
                    (given, _) => given,
                };
                Event::Actor(ActorUpdate {
                    actor_type: or(actor_type),
                    server,
                    cpu,
                    mem,
                    refs,
                    values,
                    mailbox,
                    idle,
                    age,
                    moves,
                    ..update
                })
            },
        )
}

fn calls() -> impl Strategy<Value = Event> {
    let count = prop_oneof![9 => (0..9u32).prop_map(f64::from), 1 => Just(-1.0)];
    let latency =
        (prop::option::of(figure()), prop::option::of(figure())).prop_map(|(mean, p99)| {
            LatencyRecord {
                mean,
                p50: None,
                p99,
            }
        });
    (
        name(ACTORS),
        name(ACTORS),
        name(&["open", "read"]),
        (count, prop::option::of(figure()), prop::option::of(latency)),
    )
        .prop_map(|(from, to, function, (count, size, latency))| {
            Event::Calls(CallsRecord {
                from,
                to: ActorId::from(to),
                function,
                count,
                size,
                latency,
            })
        })
}

fn step() -> impl Strategy<Value = Step> {
    let server = (name(SERVERS), usage(), usage(), field(any::<bool>())).prop_map(
        |(id, cpu, mem, contended)| {
            let update = ServerUpdate::new(ServerId::from(id));
            Event::Server(ServerUpdate {
                cpu,
                mem,
                contended,
                ..update
            })
        },
    );
    let tick = (-1..8i32).prop_map(|after| Event::Tick {
        t: f64::from(after),
        window: None,
    });
    prop_oneof![
        4 => server.prop_map(Step::Event),
        10 => actor().prop_map(Step::Event),
        8 => calls().prop_map(Step::Event),
        2 => name(ACTORS).prop_map(|id| Step::Event(Event::ActorGone { id: id.into() })),
        1 => name(SERVERS).prop_map(|id| Step::Event(Event::ServerGone { id: id.into() })),
        5 => tick.prop_map(Step::Event),
        1 => name(SERVERS).prop_map(|id| Step::Silent(id.into())),
        3 => Just(Step::Repeat),
    ]
}

/// How many calls of each kind of caller each server received, by name.
fn received(columns: &Columns) -> BTreeMap<(String, String), f64> {
    let calls = &columns.frame().calls;
    let mut received = BTreeMap::new();
    for kind in calls.caller_kinds() {
        let caller = match kind {
            plasma_columns::CallerKind::Client => "client",
            plasma_columns::CallerKind::Actors(no) => columns.type_names().name(no),
        };
        for (server, count) in (0..).zip(calls.received(kind)) {
            if *count > 0.0 {
                let server = columns.server_names().name(server);
                received.insert((caller.to_owned(), server.to_owned()), *count);
            }
        }
    }
    received
}

/// Fails unless `changes` names everything that is different.
fn covers(columns: &Columns, changes: &Changes, before: &Snapshot, after: &Snapshot) {
    if changes.everything {
        return;
    }
    let number = |id: &ActorId| columns.actor_names().get(id.as_str()).unwrap_or(u32::MAX);
    let ids: BTreeSet<&ActorId> = before.actors.keys().chain(after.actors.keys()).collect();
    for id in ids {
        let (then, now) = (before.actors.get(id), after.actors.get(id));
        let no = number(id);
        let place = |actor: Option<&plasma_model::Actor>| {
            actor.map(|actor| (actor.actor_type.clone(), actor.server.clone()))
        };
        assert!(
            place(then) == place(now) || changes.members.contains(&no),
            "{id}"
        );
        let figures = |actor: Option<&plasma_model::Actor>| {
            actor.map(|actor| {
                (
                    actor.usage,
                    actor.values.clone(),
                    actor.mailbox,
                    actor.moves,
                )
            })
        };
        let is_same =
            figures(then) == figures(now) || place(then).is_some() != place(now).is_some();
        assert!(is_same || changes.figures.contains(&no), "{id}");
        let refs = |actor: Option<&plasma_model::Actor>| actor.map(|actor| actor.refs.clone());
        let is_same = refs(then) == refs(now) || place(then).is_some() != place(now).is_some();
        assert!(is_same || changes.refs.contains(&no), "{id}");
    }
    // Where the callee lives is told by the members; calls of those who have ended bind nothing.
    let said = |snapshot: &Snapshot| -> Vec<_> {
        let is_live = |id: &ActorId, of: Option<&Arc<str>>| {
            let actor = snapshot.actors.get(id);
            actor.is_some_and(|actor| of.is_none_or(|of| *of == actor.actor_type))
        };
        let calls = snapshot.calls.iter();
        let calls = calls.filter(|calls| {
            let is_caller_live = match &calls.from {
                Caller::Client => true,
                Caller::Actor { id, actor_type } => is_live(id, Some(actor_type)),
            };
            is_caller_live && is_live(&calls.to, None)
        });
        let said = calls.map(|calls| {
            (
                calls.to.clone(),
                format!(
                    "{:?}",
                    (
                        &calls.from,
                        &calls.function,
                        calls.count,
                        calls.size,
                        calls.latency
                    )
                ),
            )
        });
        said.collect()
    };
    let (then, now) = (said(before), said(after));
    let others = then.iter().filter(|calls| !now.contains(calls));
    for (to, calls) in others.chain(now.iter().filter(|calls| !then.contains(calls))) {
        let mut ends = changes.calls.values().flat_map(|calls| &calls.ends);
        assert!(
            ends.any(|(_, callee)| *callee == number(to)),
            "{to} {calls}"
        );
    }
    let servers = before.servers.keys().chain(after.servers.keys());
    for id in servers {
        let no = columns.server_names().get(id.as_str()).unwrap_or(u32::MAX);
        let is_same = before.servers.get(id) == after.servers.get(id);
        assert!(is_same || changes.servers.contains(&no), "{id}");
    }
}

/// All of it, for a readable difference.
fn shown(snapshot: &Snapshot) -> String {
    format!("{snapshot:#?}")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn columns_are_what_the_rows_say(
        steps in prop::collection::vec(step(), 0..90),
        forgets in any::<bool>(),
    ) {
        let mut rows = RowWindow::new(None);
        let mut dense = Window::new(None);
        if forgets {
            dense.forget_names_after(0, 0);
        }
        let mut before: Option<Snapshot> = None;
        let (mut now, mut called, mut called_before) = (0.0, Vec::new(), Vec::new());
        for id in SERVERS {
            let event = Event::Server(ServerUpdate::new(ServerId::from(*id)));
            prop_assert!(rows.push(event.clone()).is_ok() && dense.push(&event).is_ok());
        }
        for step in steps {
            let events = match step {
                Step::Silent(server) => {
                    rows.mark_stale(&server);
                    dense.mark_stale(&server);
                    continue;
                }
                Step::Repeat => called_before.clone(),
                Step::Event(Event::Tick { t, window }) => {
                    vec![Event::Tick { t: now + t, window }]
                }
                Step::Event(event) => vec![event],
            };
            for event in events {
                let tick = rows.push(event.clone()).map(|snapshot| snapshot.cloned());
                let is_tick = dense.push_view(&EventView::Owned(event.clone()));
                let shown_error = |error: &WindowError| error.to_string();
                prop_assert_eq!(
                    tick.as_ref().err().map(shown_error),
                    is_tick.as_ref().err().map(shown_error),
                );
                if let (Event::Calls(_), Ok(_)) = (&event, &tick) {
                    called.push(event.clone());
                }
                let Ok(Some(snapshot)) = tick else {
                    continue;
                };
                prop_assert_eq!(is_tick.ok(), Some(true));
                now = snapshot.t;
                called_before = std::mem::take(&mut called);
                let expected = Columns::of(&snapshot);
                let columns = dense.columns();
                let given = columns.snapshot();
                prop_assert_eq!(shown(&given), shown(&snapshot));
                prop_assert_eq!(received(columns), received(&expected));
                if let Some(before) = &before {
                    covers(columns, columns.changes(), before, &given);
                }
                before = Some(given);
            }
        }
    }
}

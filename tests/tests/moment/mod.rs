//! A moment written as a test, and read again: the same cluster, as far as a test can say it.

use std::collections::BTreeMap;

use plasma_check::{Environment, check_source};
use plasma_diagnostic::SourceMap;
use plasma_model::{
    Actor, ActorId, Caller, Calls, Latency, PerResource, Resource, Server, Snapshot, Usage, Value,
};
use plasma_scenario::{LiteralCluster, test_block};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::random::cluster;

/// So many clusters are written and read.
const CLUSTERS: usize = 400;

/// It declares no types, so that all properties may be said.
const POLICY: &str = "true => alert(\"x\");\n";

/// The first snapshot of a test block under a policy, or what is wrong with it.
fn read(policy: &str, block: &str) -> Result<Snapshot, String> {
    let text = format!("{policy}{block}\n");
    let (_, file) = SourceMap::single("policy", text.as_str());
    let checked = check_source(file, text.as_str(), &Environment::default());
    let mistakes = checked.diagnostics.iter().filter(|d| d.is_error());
    let mistakes: Vec<_> = mistakes.map(|d| &d.message).collect();
    if !mistakes.is_empty() {
        return Err(format!("{mistakes:?} in {text}"));
    }
    let test = checked.program.tests.first().ok_or("there is no test")?;
    let mut cluster = LiteralCluster::from_beginning(test.period_seconds);
    for (_, said) in &test.said {
        cluster.take(said).map_err(|error| error.to_string())?;
    }
    let observed = cluster.observe().map_err(|error| error.to_string())?;
    Ok(observed.snapshot())
}

/// What of a cluster a test can say, in one form.
fn sayable(snapshot: &Snapshot) -> Snapshot {
    let usage = |usage: &Usage, is_cpu: bool| Usage {
        perc: usage.perc,
        // A share is told, where it is known; an amount then follows for cpu only.
        size: usage.size.filter(|_| is_cpu || usage.perc.is_none()),
        capacity: usage.capacity.filter(|_| is_cpu),
        reported: false,
    };
    let all = |of: &PerResource<Usage>| {
        PerResource::from_fn(|resource| usage(&of[resource], resource == Resource::Cpu))
    };
    let servers = snapshot.servers.iter().map(|(id, server)| {
        let server = Server {
            usage: all(&server.usage),
            labels: server.labels.clone(),
            ..Server::default()
        };
        (id.clone(), server)
    });
    let alive = |refs: &Vec<ActorId>| {
        let refs = refs.iter().filter(|id| snapshot.actors.contains_key(*id));
        refs.cloned().collect::<Vec<_>>()
    };
    let actors = snapshot.actors.iter().map(|(id, actor)| {
        let values = actor.values.iter();
        let values = values.filter(|(_, value)| !matches!(value, Value::Number(n) if *n < 0.0));
        let mut usage = all(&actor.usage);
        // Only servers have one.
        usage[Resource::Cpu].capacity = None;
        let actor = Actor {
            usage,
            refs: actor
                .refs
                .iter()
                .map(|(name, refs)| (name.clone(), alive(refs)))
                .collect(),
            values: values
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            // Whoever was called in the period was not idle.
            idle_seconds: None,
            ..actor.clone()
        };
        (id.clone(), actor)
    });
    let calls = snapshot.calls.iter().map(|calls| Calls {
        latency: Latency::default(),
        ..calls.clone()
    });
    Snapshot {
        t: 10.0,
        period_seconds: snapshot.period_seconds,
        window: None,
        servers: servers.collect(),
        actors: actors.collect(),
        calls: calls.collect(),
    }
}

/// The shares of a snapshot with so many decimals, and the amounts, which are of one, so as to fit.
fn rounded(mut snapshot: Snapshot, decimals: i32) -> Snapshot {
    let round = |value: &mut Option<f64>, decimals: i32| {
        let unit = 10f64.powi(decimals);
        *value = value.map(|value| (value * unit).round() / unit);
    };
    let all = |usage: &mut PerResource<Usage>| {
        for resource in Resource::ALL {
            round(&mut usage[resource].perc, decimals);
            round(&mut usage[resource].size, decimals + 2);
        }
    };
    snapshot
        .servers
        .values_mut()
        .for_each(|server| all(&mut server.usage));
    snapshot
        .actors
        .values_mut()
        .for_each(|actor| all(&mut actor.usage));
    snapshot
}

#[test]
fn a_cluster_written_as_a_test_is_read_as_the_same_cluster() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..CLUSTERS {
        let cluster = cluster::clusters().new_tree(&mut runner);
        // More than six digits are not told.
        let snapshot = rounded(cluster.expect("no filters").current(), 2);
        let block = test_block("a moment", &snapshot, None);
        let read = read(POLICY, &block).unwrap_or_else(|mistake| panic!("{mistake}"));
        // The last digits may be lost on the way through shares.
        let expected = rounded(sayable(&snapshot), 9);
        let found = rounded(sayable(&read), 9);
        assert_eq!(found, expected, "{block}");
    }
}

/// Ids, labels, properties and texts of all kinds.
fn odd_snapshots() -> impl Strategy<Value = Snapshot> {
    let id = || {
        prop_oneof![
            prop::sample::select(vec![
                "f", "server", "client", "at", "x5", "rule", "param", "def", "use", "limit",
                "actor", "F", "Folder-1", "folder_1", "ä", "", "a b", "s1", "_", "9", "\"", "//",
                "*/", "\n", "test", "expect",
            ])
            .prop_map(str::to_owned),
            ".{0,6}",
        ]
    };
    let value = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        (-1e3..1e6f64).prop_map(Value::Number),
        id().prop_map(|text| Value::Text(text.into())),
    ];
    let of_type = prop::sample::select(vec!["Folder", "File", "folder", "Fo/lder", ""]);
    let actors = prop::collection::vec(
        (id(), of_type, id(), value, prop::option::of(0..9u64)),
        0..5,
    );
    let servers = prop::collection::vec((id(), id(), id()), 1..4);
    (servers, actors).prop_map(|(servers, actors)| {
        let mut snapshot = Snapshot {
            t: 20.0,
            period_seconds: 2.5,
            ..Snapshot::default()
        };
        for (id, label, text) in servers {
            let server = Server {
                labels: BTreeMap::from([(label, text)]),
                ..Server::default()
            };
            snapshot.servers.insert(id.as_str().into(), server);
        }
        let host = snapshot
            .servers
            .keys()
            .next()
            .cloned()
            .expect("there is one");
        for (id, of_type, property, value, mailbox) in actors {
            let actor = Actor {
                actor_type: of_type.into(),
                server: host.clone(),
                usage: PerResource::default(),
                refs: BTreeMap::from([("files".into(), vec![id.as_str().into(), "gone".into()])]),
                values: BTreeMap::from([(property.as_str().into(), value)]),
                mailbox,
                idle_seconds: Some(2.0),
                age_seconds: None,
                moves: mailbox,
            };
            snapshot.actors.insert(id.as_str().into(), actor);
            snapshot.calls.push(Calls {
                from: Caller::Client,
                to: id.as_str().into(),
                to_server: host.clone(),
                function: property.as_str().into(),
                count: 3.0,
                size: None,
                latency: Latency {
                    mean_seconds: Some(0.001),
                    ..Latency::default()
                },
            });
        }
        snapshot
    })
}

/// Whatever it is called, it is in the block: said, or in a remark.
#[test]
fn whatever_a_trace_holds_the_block_is_a_test_and_drops_nothing() {
    let mut runner = TestRunner::deterministic();
    for _ in 0..CLUSTERS {
        let snapshot = odd_snapshots()
            .new_tree(&mut runner)
            .expect("no filters")
            .current();
        let block = test_block("a moment", &snapshot, None);
        let found = read(POLICY, &block);
        let found = found.unwrap_or_else(|mistake| panic!("{mistake}"));
        let is_said = |actor: &&Actor| matches!(&*actor.actor_type, "Folder" | "File");
        let said = snapshot.actors.values().filter(is_said);
        assert_eq!(found.servers.len(), snapshot.servers.len(), "{block}");
        assert_eq!(found.actors.len(), said.count(), "{block}");
        assert_eq!(found.period_seconds, 2.5);
        for (id, actor) in &snapshot.actors {
            let id = id.as_str();
            // As it is, quoted, or (of what cannot be said at all) plain.
            let names = [
                format!("{id:?}"),
                format!(" {id} on"),
                format!(" {} on", id.replace(['\n', '\r'], " ")),
            ];
            assert!(
                names.iter().any(|name| block.contains(name)),
                "{id:?} in {block}"
            );
            let told = actor
                .mailbox
                .is_none_or(|count| block.contains(&format!("mailbox: {count}")));
            assert!(told, "{block}");
        }
    }
}

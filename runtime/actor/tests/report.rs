//! Accounts become events: shares close, moves are followed, gaps are told.

use std::time::Duration;

use plasma_actor::{
    Accounts, ActorAccount, ActorId, ActorPhase, CallsAccount, Catalog, CatalogError, Epoch,
    Latency, NodePeriod, PeriodReport, Reporter, Sender, ServerUse, Types, Value, tag_of,
};
use plasma_model::{Event, Field, UsageUpdate};

use crate::actors::Counter;

const PERIOD: Duration = Duration::from_secs(1);

fn catalog() -> Result<Catalog, CatalogError> {
    let mut types = Types::default();
    types.add::<Counter>();
    types.into_catalog()
}

fn reporter() -> Reporter {
    let catalog = catalog().unwrap_or_default();
    Reporter::new(catalog, ["s1".into(), "s2".into()])
}

fn counter(key: u64) -> ActorId {
    ActorId::new(tag_of::<Counter>(), key)
}

fn account(key: u64, epoch: u64, cycles: u64) -> ActorAccount {
    ActorAccount {
        actor: counter(key),
        epoch: Epoch(epoch),
        phase: ActorPhase::Active,
        cycles,
        mailbox: 0,
        state_bytes: 100,
        link_bytes: 50,
        references: vec![("next", vec![counter(key + 1)])],
        values: vec![("total", Value::Int(7)), ("ratio", Value::Float(f64::NAN))],
    }
}

fn server(id: &str, actors: Vec<ActorAccount>) -> NodePeriod {
    NodePeriod {
        server: Some(ServerUse {
            id: id.into(),
            cpu: Duration::from_millis(200),
            cpu_capacity_cores: 0.25,
            memory_capacity_bytes: 1000.0,
            network_capacity_bytes_per_second: Some(1e6),
            contended: false,
        }),
        accounts: Accounts {
            length: PERIOD,
            actors,
            link_bytes: 300,
            ..Accounts::default()
        },
    }
}

fn gateway(calls: Vec<CallsAccount>) -> NodePeriod {
    NodePeriod {
        server: None,
        accounts: Accounts {
            length: PERIOD,
            calls,
            ..Accounts::default()
        },
    }
}

fn lines(report: &PeriodReport) -> String {
    let lines = report.events.iter();
    let lines = lines.map(|event| serde_json::to_string(event).unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_period_becomes_servers_then_actors_then_calls() {
    let calls = CallsAccount {
        from: Sender::Clients,
        to: counter(1),
        function: "add",
        count: 120,
        size_bytes: 480,
        latency: Some(Latency {
            count: 118,
            mean: Duration::from_millis(2),
            quantiles: Some((Duration::from_millis(1), Duration::from_millis(9))),
        }),
    };
    let nodes = [
        server("s1", vec![account(1, 1, 300), account(2, 1, 100)]),
        server("s2", vec![]),
        gateway(vec![calls]),
    ];
    let report = reporter().report(PERIOD, &nodes);
    insta::assert_snapshot!(lines(&report), @r#"
    {"event":"server","id":"s1","cpu":{"size":0.2,"capacity":0.25},"mem":{"size":200.0,"capacity":1000.0},"net":{"size":300.0,"capacity":1000000.0},"contended":false}
    {"event":"server","id":"s2","cpu":{"size":0.2,"capacity":0.25},"mem":{"size":0.0,"capacity":1000.0},"net":{"size":300.0,"capacity":1000000.0},"contended":false}
    {"event":"actor","id":"Counter-1","type":"Counter","server":"s1","cpu":{"size":0.15},"mem":{"size":100.0},"net":{"size":50.0},"refs":{"next":["Counter-2"]},"values":{"total":7.0},"mailbox":0,"epoch":1}
    {"event":"actor","id":"Counter-2","type":"Counter","server":"s1","cpu":{"size":0.05},"mem":{"size":100.0},"net":{"size":50.0},"refs":{"next":["Counter-3"]},"values":{"total":7.0},"mailbox":0,"epoch":1}
    {"event":"calls","from":"client","to":"Counter-1","fn":"add","count":120.0,"size":480.0,"latency":{"mean":0.002,"p50":0.001,"p99":0.009}}
    "#);
}

fn cores(cpu: &Field<UsageUpdate>) -> Option<f64> {
    match cpu {
        Field::Known(UsageUpdate {
            size: Field::Known(size),
            ..
        }) => Some(*size),
        _ => None,
    }
}

#[test]
fn the_actors_shares_add_up_to_their_server() {
    let actors = vec![account(1, 1, 300), account(2, 1, 100), account(3, 1, 1)];
    let report = reporter().report(PERIOD, &[server("s1", actors)]);
    let shares = report.events.iter().filter_map(|event| match event {
        Event::Actor(update) => cores(&update.cpu),
        _ => None,
    });
    let sum: f64 = shares.sum();
    assert!(
        (sum - 0.2).abs() < 1e-12,
        "{sum} cores, the server used 0.2"
    );
}

#[test]
fn an_actor_that_could_not_be_measured_is_unknown_not_idle() {
    let mut interrupted = server("s1", vec![account(1, 1, 0)]);
    interrupted.accounts.dropped_cycles = 400;
    let report = reporter().report(PERIOD, &[interrupted]);
    assert!(
        lines(&report).contains(r#""id":"Counter-1","type":"Counter","server":"s1","cpu":null"#)
    );
}

#[test]
fn what_an_actor_used_before_it_left_is_not_the_others() {
    let mut left = server("s1", vec![account(1, 1, 100)]);
    left.accounts.departed_cycles = 300;
    let report = reporter().report(PERIOD, &[left]);
    assert!(
        lines(&report).contains(r#""cpu":{"size":0.05}"#),
        "{}",
        lines(&report)
    );
}

#[test]
fn of_an_actor_in_two_accounts_the_later_epoch_holds() {
    let mut reporter = reporter();
    let nodes = [
        server("s1", vec![account(1, 2, 10)]),
        server("s2", vec![account(1, 3, 10)]),
    ];
    reporter.report(PERIOD, &nodes);
    let place = reporter.place(counter(1));
    assert_eq!(place, Some((&"s2".into(), Epoch(3))));
    // An account that was taken late does not bring it back.
    reporter.report(PERIOD, &[server("s1", vec![account(1, 2, 10)])]);
    let place = reporter.place(counter(1));
    assert_eq!(place, Some((&"s2".into(), Epoch(3))));
}

#[test]
fn an_actor_on_its_way_stays_where_it_was_told_and_ends_only_after_long() {
    let mut reporter = reporter();
    let nodes = |actors| [server("s1", actors), server("s2", vec![])];
    reporter.report(PERIOD, &nodes(vec![account(1, 1, 10)]));
    let absent = reporter.report(PERIOD, &nodes(vec![]));
    assert!(!lines(&absent).contains("Counter-1"));
    assert!(reporter.place(counter(1)).is_some());
    let long = reporter.report(Duration::from_secs(10), &nodes(vec![]));
    assert!(
        !lines(&long).contains("actor_gone"),
        "two periods are allowed"
    );
    let longer = reporter.report(Duration::from_secs(10), &nodes(vec![]));
    assert!(lines(&longer).contains(r#"{"event":"actor_gone","id":"Counter-1"}"#));
}

#[test]
fn a_server_that_hands_in_nothing_is_stale_and_its_figures_unknown() {
    let mut reporter = reporter();
    let both = [server("s1", vec![]), server("s2", vec![])];
    assert!(reporter.report(PERIOD, &both).stale.is_empty());
    let report = reporter.report(PERIOD, &both[..1]);
    assert_eq!(report.stale, ["s2".into()]);
    assert!(
        lines(&report).contains(r#"{"event":"server","id":"s2","cpu":null,"mem":null,"net":null}"#)
    );
}

#[test]
fn calls_of_actors_never_told_about_are_left_out() {
    let calls = CallsAccount {
        from: Sender::Actor(counter(8)),
        to: counter(9),
        function: "add",
        count: 1,
        size_bytes: 1,
        latency: None,
    };
    let report = reporter().report(PERIOD, &[gateway(vec![calls])]);
    assert!(!lines(&report).contains("calls"), "{}", lines(&report));
}

#[test]
fn a_prepared_copy_is_not_where_the_actor_is() {
    let mut reporter = reporter();
    let copy = ActorAccount {
        phase: ActorPhase::Prepared,
        ..account(1, 2, 0)
    };
    let nodes = [
        server("s1", vec![account(1, 1, 10)]),
        server("s2", vec![copy]),
    ];
    reporter.report(PERIOD, &nodes);
    let place = reporter.place(counter(1));
    assert_eq!(place, Some((&"s1".into(), Epoch(1))));
}

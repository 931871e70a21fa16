//! The simulator as an engine: it keeps the contract, and its figures are those of its quotas.

use std::time::Duration;

use plasma_engine::conformance::{self, Kind};
use plasma_engine::embedded::Start;
use plasma_engine::{Batch, Engine};
use plasma_model::{Event, Field};
use plasma_sim::{NoFaults, RandomFaults, SimConfig, SimEngine};

use crate::ledger::Ledgers;

fn endless() -> Ledgers {
    Ledgers {
        operations: u64::MAX,
        ..Ledgers::default()
    }
}

fn config(seed: u64) -> SimConfig {
    SimConfig {
        seed,
        servers: 3,
        period: Duration::from_millis(50),
        ..SimConfig::default()
    }
}

#[test]
fn the_simulator_keeps_the_contract_of_engines() {
    let verdict = conformance::examine(Kind::Live, || {
        let engine = SimEngine::start(&endless(), config(1), Box::new(NoFaults))?;
        Ok(Box::new(engine))
    });
    assert!(verdict.is_ok(), "{}", verdict.err().unwrap_or_default());
}

#[test]
fn it_keeps_the_contract_on_a_bad_network() {
    let verdict = conformance::examine(Kind::Live, || {
        let faults = RandomFaults::each(0.02);
        let engine = SimEngine::start(&endless(), config(2), Box::new(faults))?;
        Ok(Box::new(engine))
    });
    assert!(verdict.is_ok(), "{}", verdict.err().unwrap_or_default());
}

/// The third period of ledgers that burn a millisecond a call, 16 clients always waiting.
fn burning(start: Start) -> Batch {
    let app = Ledgers {
        ledgers: 16,
        relays: 0,
        clients: 16,
        work_micros: 1000,
        ..endless()
    };
    let config = SimConfig {
        start,
        quota_cores: 0.25,
        ..SimConfig::default()
    };
    let mut engine = SimEngine::start(&app, config, Box::new(NoFaults)).expect("the engine starts");
    let mut last = None;
    for _ in 0..3 {
        last = engine.next_batch().expect("the engine is sound");
    }
    engine.finish().expect("the engine ends");
    last.expect("the engine was not stopped")
}

fn throughput(batch: &Batch) -> f64 {
    batch
        .clients
        .as_ref()
        .map_or(0.0, |clients| clients.throughput())
}

#[test]
fn a_server_does_the_work_of_its_quota() {
    let one = burning(Start::One);
    // A quarter of a core, a millisecond a call.
    let calls = throughput(&one);
    assert!((230.0..252.0).contains(&calls), "{calls} calls/s");
    let percent: Vec<f64> = one
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Server(server) => match &server.cpu {
                Field::Known(cpu) => match (cpu.size, cpu.capacity) {
                    (Field::Known(size), Field::Known(capacity)) => Some(100.0 * size / capacity),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_eq!(percent.len(), 4);
    assert!((percent[0] - 100.0).abs() < 4.0, "{percent:?}");
    assert!(percent[1] < 1.0, "{percent:?}");
}

#[test]
fn four_servers_do_the_work_of_their_quotas() {
    let (one, random) = (burning(Start::One), burning(Start::Random));
    let gain = throughput(&random) / throughput(&one);
    assert!((2.0..4.1).contains(&gain), "{gain}");
}

#[test]
fn the_same_seed_gives_the_same_batches() {
    let batches = || {
        let faults = Box::new(RandomFaults::each(0.02));
        let mut engine = SimEngine::start(&endless(), config(5), faults).expect("it starts");
        let mut batches = Vec::new();
        for _ in 0..5 {
            batches.push(engine.next_batch().expect("the engine is sound"));
        }
        batches
    };
    assert_eq!(batches(), batches());
}

//! The main job in the simulator: what the metadata policy gains, seed by seed, and that it gives a
//! server back when the load falls. Virtual time includes processor quotas and burnt time, so that
//! the same figures come out on every machine; `benches/` measures them on the embedded cluster.

use std::collections::BTreeMap;
use std::time::Duration;

use plasma_apps::metadata::{METADATA, Metadata, Pattern};
use plasma_check::{Environment, check_source};
use plasma_diagnostic::SourceMap;
use plasma_engine::ClientPeriod;
use plasma_engine::embedded::Start;
use plasma_manager::Gem;
use plasma_model::{ActorId, ServerId};
use plasma_scenario::{Control, Mode, Period};
use plasma_sim::{NoFaults, SimConfig, SimEngine};

/// Periods of a run: a third without the policy, the first two not counted, then with it; of those
/// the last third of the run counts.
const PERIODS: u64 = 18;
const WARM_UP_PERIODS: u64 = 2;

/// Both p99 must exceed it to be compared, as in `benches/`.
const P99_SECONDS_MIN: f64 = 0.005;

/// Moves for each actor that ends elsewhere than it began, at most.
const THRASH_MAX: f64 = 1.3;

const SEEDS: std::ops::RangeInclusive<u64> = 1..=10;

fn policy() -> (Gem, &'static str) {
    let source = plasma_stdlib::policy("metadata")
        .expect("the policy ships")
        .source;
    let mut sources = SourceMap::new();
    let file = sources.add("std.metadata", source);
    let checked = check_source(file, source, &Environment::default());
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
    (Gem::new(checked.program), source)
}

/// Runs an application for so many periods and shows each.
fn run(
    application: &Metadata,
    start: Start,
    seed: u64,
    mode: impl Fn(u64) -> Mode,
    periods: u64,
    mut each: impl FnMut(u64, &Period, &Control<'_>),
) {
    let config = SimConfig {
        seed,
        start,
        ..SimConfig::default()
    };
    let mut engine =
        SimEngine::start(application, config, Box::new(NoFaults)).expect("the engine starts");
    let (gem, source) = policy();
    let mut control = Control::new(&mut engine, gem, source, None);
    for number in 0..periods {
        let period = control.next(mode(number)).expect("the engine is sound");
        let period = period.expect("the engine was not stopped");
        each(number, &period, &control);
    }
    control.finish().expect("the engine ends");
}

/// What one run showed.
struct Gain {
    /// Ratio of throughput.
    throughput: f64,
    /// The better of the ratios of throughput and p99.
    best: f64,
    /// Moves that were made.
    moves: usize,
    /// Actors that ended elsewhere than they began.
    displaced: usize,
}

fn hosts(control: &Control<'_>) -> BTreeMap<ActorId, ServerId> {
    let snapshot = control.columns().snapshot();
    let actors = snapshot.actors.into_iter();
    let hosts = actors.map(|(id, actor)| (id, actor.server));
    hosts.collect()
}

/// What the clients gained in one run; with [`Mode::DryRun`] the control.
fn gain(start: Start, seed: u64, policy_mode: Mode) -> Gain {
    let (mut before, mut after) = (ClientPeriod::new(0.0), ClientPeriod::new(0.0));
    let (mut first, mut last) = (BTreeMap::new(), BTreeMap::new());
    let mut moves = 0;
    let mode = |number| match number < PERIODS / 3 {
        true => Mode::Watch,
        false => policy_mode,
    };
    run(
        &METADATA,
        start,
        seed,
        mode,
        PERIODS,
        |number, period, control| {
            if (WARM_UP_PERIODS..PERIODS / 3).contains(&number) {
                before.merge(&period.clients);
            } else if number >= PERIODS - PERIODS / 3 {
                after.merge(&period.clients);
            }
            moves += period.outcomes.len();
            last = hosts(control);
            if number == 0 {
                first = last.clone();
            }
        },
    );
    let throughput = after.throughput() / before.throughput();
    let p99 = |clients: &ClientPeriod| clients.quantile(0.99).unwrap_or_default();
    let (p99_before, p99_after) = (p99(&before), p99(&after));
    let both_count = p99_before > P99_SECONDS_MIN && p99_after > P99_SECONDS_MIN;
    let sooner = if both_count {
        p99_before / p99_after
    } else {
        0.0
    };
    let displaced = first
        .iter()
        .filter(|(actor, host)| last.get(*actor) != Some(host));
    Gain {
        throughput,
        best: throughput.max(sooner),
        moves,
        displaced: displaced.count(),
    }
}

/// The median and the least of some ratios, with all of them for the message.
fn spread(mut ratios: Vec<f64>) -> (f64, f64, String) {
    ratios.sort_by(f64::total_cmp);
    let middle = f64::midpoint(ratios[(ratios.len() - 1) / 2], ratios[ratios.len() / 2]);
    (middle, ratios[0], format!("{ratios:.2?}"))
}

#[test]
fn the_policy_gains_a_third_over_a_random_start_and_settles() {
    let gains: Vec<Gain> = SEEDS
        .map(|seed| gain(Start::Random, seed, Mode::Act))
        .collect();
    let (median, least, all) = spread(gains.iter().map(|gain| gain.best).collect());
    assert!(median >= 1.3 && least >= 1.0, "{all}");
    // Hardly an actor moves twice under a load that only chance makes unsteady.
    let moves: usize = gains.iter().map(|gain| gain.moves).sum();
    let displaced: usize = gains.iter().map(|gain| gain.displaced).sum();
    let thrash = moves as f64 / displaced as f64;
    assert!(
        thrash <= THRASH_MAX,
        "{moves} moves for {displaced} actors displaced"
    );
}

#[test]
fn the_policy_doubles_what_one_server_does() {
    let gains = SEEDS.map(|seed| gain(Start::One, seed, Mode::Act).best);
    let (median, least, all) = spread(gains.collect());
    assert!(median >= 2.0 && least >= 1.0, "{all}");
}

#[test]
fn deciding_without_acting_changes_nothing() {
    let ratios = SEEDS.map(|seed| gain(Start::Random, seed, Mode::DryRun).throughput);
    let (median, _, all) = spread(ratios.collect());
    assert!((median - 1.0).abs() <= 0.05, "{all}");
}

#[test]
fn a_hot_folder_gives_its_server_back_when_the_load_falls() {
    let falling = Metadata {
        // More clients than the servers can serve with ease; the first folder takes 24 % of the
        // load: what a server can do, and little else beside it.
        clients: 80,
        pattern: Pattern::Falls {
            after: Duration::from_secs(12),
            clients: 4,
        },
        ..METADATA
    };
    let (mut most, mut last, mut moved_late) = (0, 0, 0);
    run(
        &falling,
        Start::One,
        1,
        |_| Mode::Act,
        30,
        |number, period, control| {
            last = control.gem().reservations().iter().count();
            most = most.max(last);
            if number >= 20 {
                let round = period.round.as_ref().expect("it decides");
                moved_late += round.decision.actions.len();
            }
        },
    );
    assert!(most > 0, "some folder was hot");
    assert_eq!(last, 0, "its reservation was released");
    assert_eq!(moved_late, 0, "and nothing moves under four clients");
}

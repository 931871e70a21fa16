//! I8: a move is atomic. Each frame of a move × each fault of the network, one at a time and in
//! pairs: the actors are at the target or still at the source, never in two places, nothing waits
//! for ever, and the calls meanwhile are neither lost nor repeated nor reordered.
//!
//! The frames are enumerated by number: the run without faults says which frames there are between
//! the order and its outcome, and since a seed is a run, the frame of that number is the same frame
//! in every other run until the first fault strikes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use plasma_actor::{ActorId, FrameKind, Limits, OrderResult, ServerId, SessionTimes, Time};
use plasma_sim::{
    Fault, FaultKind, Faults, NoFaults, Passing, PlannedFaults, Random, World, WorldConfig,
};

use crate::ledger::Ledgers;
use crate::story::{Story, ledger, relay};

/// Where the actors start, from 0: two ledgers on the first server, a relay on the third.
const PLACES: [usize; 3] = [0, 0, 2];

/// When the order is given, after the clients' start: calls are under way.
const ORDER_AFTER: Duration = Duration::from_millis(5);

/// The longest that a move may take, whatever happens to single frames.
const OUTCOME_MAX: Duration = Duration::from_secs(20);

/// What happens to a frame, in the enumeration.
const FAULTS: [Fault; 4] = [
    Fault::Lose,
    Fault::Duplicate(Duration::from_millis(3)),
    Fault::Delay(Duration::from_millis(8)),
    Fault::Overtaken,
];

/// The same in pairs: a long delay is to the sessions what being overtaken is.
const PAIRED_FAULTS: [Fault; 3] = [
    Fault::Lose,
    Fault::Duplicate(Duration::from_millis(3)),
    Fault::Overtaken,
];

/// Who moves, and what stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scenario {
    /// One ledger, from the first server to the second.
    Alone,
    /// Both ledgers of the first server, as one group.
    Group,
    /// A ledger, and at the same time the relay that calls it, which takes its place.
    CallerAndCallee,
    /// A ledger there, back, and on to the third server, one move right after the other.
    ThereAndBack,
    /// The target does not admit the ledger.
    NotAdmitted,
    /// The ledger is busy for longer than a move waits for it.
    Busy,
    /// The target is silent once it has the state, until the source has given up.
    SilentTarget,
}

/// A run and what it was about.
struct Run {
    world: World,
    /// Numbers and kinds of the frames from the order to the outcome.
    frames: Vec<(u64, FrameKind)>,
    moved: bool,
}

fn config(scenario: Scenario) -> WorldConfig {
    let quiesce_millis = if scenario == Scenario::Busy { 30 } else { 200 };
    WorldConfig {
        servers: 3,
        limits: Limits {
            move_step: Duration::from_millis(400),
            quiesce: Duration::from_millis(quiesce_millis),
            ..Limits::default()
        },
        session: SessionTimes {
            retransmit: Duration::from_millis(20),
            ..SessionTimes::default()
        },
        ..WorldConfig::new(8)
    }
}

fn shape() -> Ledgers {
    Ledgers {
        ledgers: 2,
        relays: 1,
        clients: 3,
        operations: 12,
        think: Duration::from_micros(1500),
        ..Ledgers::default()
    }
}

impl Scenario {
    const ALL: [Scenario; 7] = [
        Scenario::Alone,
        Scenario::Group,
        Scenario::CallerAndCallee,
        Scenario::ThereAndBack,
        Scenario::NotAdmitted,
        Scenario::Busy,
        Scenario::SilentTarget,
    ];

    /// The orders that are given one after the other, some at the same time: who is to go where.
    fn orders(self) -> Vec<Vec<(Vec<ActorId>, ServerId)>> {
        let first_to = |server| (vec![ledger(1)], ServerId(server));
        match self {
            Scenario::Group => vec![vec![(vec![ledger(1), ledger(2)], ServerId(2))]],
            Scenario::CallerAndCallee => {
                vec![vec![first_to(2), (vec![relay(1)], ServerId(1))]]
            }
            Scenario::ThereAndBack => vec![vec![first_to(2)], vec![first_to(1)], vec![first_to(3)]],
            _ => vec![vec![first_to(2)]],
        }
    }

    /// Whether the move is committed when nothing goes wrong.
    fn commits(self) -> bool {
        matches!(
            self,
            Scenario::Alone | Scenario::Group | Scenario::CallerAndCallee | Scenario::ThereAndBack
        )
    }

    /// What stands in the way, beside the planned faults.
    fn hinder(self, story: &mut Story) {
        match self {
            Scenario::NotAdmitted => {
                let full = |_, _: &[ActorId], _| Err("cpu would be at 101 %".to_owned());
                story.world.set_admission(Box::new(full));
            }
            Scenario::Busy => {
                use crate::ledger::{Ledger, LedgerCall};
                // A sleeping handler cannot be moved.
                let call = LedgerCall::Rest(90_000);
                let asked = story.world.call::<Ledger>(1, &call, None);
                assert!(asked.is_ok(), "{asked:?}");
                story.world.run_for(Duration::from_millis(2));
            }
            _ => {}
        }
    }

    /// The planned faults, and those that belong to the scenario.
    fn faults(self, plan: PlannedFaults, ordered_at: Time) -> Box<dyn Faults> {
        if self != Scenario::SilentTarget {
            return Box::new(plan);
        }
        let mut plan = plan;
        let silent_until = ordered_at + Duration::from_millis(600);
        Box::new(move |passing: &Passing, random: &mut Random| {
            let is_word = matches!(passing.kind, FrameKind::Prepared);
            if is_word && passing.at < silent_until {
                return Some(Fault::Lose);
            }
            plan.strike(passing, random)
        })
    }
}

/// Runs a scenario with these faults, by the numbers of the frames, and checks all there is to
/// check.
fn run(scenario: Scenario, plan: &[(u64, Fault)]) -> Run {
    let mut story = Story::placed(config(scenario), shape(), &PLACES, NoFaults);
    story.world.scan_placements();
    story.world.run_for(ORDER_AFTER);
    scenario.hinder(&mut story);
    story.world.log_frames();
    let plan = PlannedFaults::new(plan.iter().copied());
    let faults = scenario.faults(plan, story.world.now());
    story.world.set_faults(faults);
    let mut moved = true;
    for together in scenario.orders() {
        moved &= carry_out(&mut story.world, &together);
    }
    // What is said last is still on its way.
    story.world.run_for(Duration::from_millis(2));
    let frames = story.world.frame_log().iter();
    let frames = frames
        .map(|passing| (passing.number, passing.kind))
        .collect();
    Run {
        world: story.end(),
        frames,
        moved,
    }
}

/// Gives orders at the same time, and waits for their outcomes: each order's actors are at the
/// target or at the source, all alike. Says whether all have moved.
fn carry_out(world: &mut World, together: &[(Vec<ActorId>, ServerId)]) -> bool {
    let mut open = Vec::new();
    for (actors, to) in together {
        let from = world.owner(actors[0]);
        open.push((world.migrate(actors, *to), actors, *to, from));
    }
    let limit = world.now() + OUTCOME_MAX;
    let answered = world.run_until_done(limit, |world| {
        open.iter().all(|(id, ..)| world.outcome(*id).is_some())
    });
    assert!(answered, "an order is not answered");
    let mut all = true;
    for (id, actors, to, from) in open {
        let done = matches!(world.outcome(id), Some(OrderResult::Migrated(_)));
        let place = if done { Some(to) } else { from };
        for actor in actors {
            assert_eq!(world.owner(*actor), place, "{actor:?}");
        }
        all &= done;
    }
    all
}

/// Runs a scenario, and says what its faults were if it fails.
fn examine(scenario: Scenario, plan: &[(u64, Fault)], covered: &mut Covered) -> bool {
    let plan_copy = plan.to_vec();
    let outcome = std::panic::catch_unwind(move || {
        let run = run(scenario, &plan_copy);
        (run.world.traffic().struck.clone(), run.moved)
    });
    match outcome {
        Ok((struck, moved)) => {
            covered.runs += 1;
            covered.aborted += u32::from(!moved);
            for (what, times) in struck {
                *covered.struck.entry(what).or_default() += times;
            }
            moved
        }
        Err(panic) => {
            let faults: Vec<String> = plan
                .iter()
                .map(|(number, fault)| format!("frame {number} {fault}"))
                .collect();
            let what = panic.downcast_ref::<String>().cloned();
            let what = what.unwrap_or_else(|| "a panic without words".to_owned());
            panic!("{scenario:?}, {}:\n{what}", faults.join(", "));
        }
    }
}

/// What the enumeration reached.
#[derive(Default)]
struct Covered {
    runs: u32,
    aborted: u32,
    struck: BTreeMap<(FrameKind, FaultKind), u64>,
}

impl Covered {
    /// One line for each kind of frame: how often each kind of fault struck it.
    fn table(&self) -> String {
        let kinds: BTreeSet<FrameKind> = self.struck.keys().map(|(kind, _)| *kind).collect();
        let mut text = format!("{} runs, {} moves aborted\n", self.runs, self.aborted);
        for kind in kinds {
            let _ = write!(text, "{:<16}", format!("{kind:?}"));
            for fault in FaultKind::ALL {
                let times = self.struck.get(&(kind, fault)).copied().unwrap_or(0);
                let _ = write!(text, " {}: {times:<5}", format!("{fault:?}").to_lowercase());
            }
            text.push('\n');
        }
        text
    }

    /// That every fault has struck every one of these kinds of frames.
    fn assert_all(&self, kinds: &[FrameKind]) {
        for kind in kinds {
            for fault in FaultKind::ALL {
                let struck = self.struck.contains_key(&(*kind, fault));
                assert!(
                    struck,
                    "no {kind:?} was struck by {fault:?}\n{}",
                    self.table()
                );
            }
        }
    }
}

/// The frames of a move's own protocol, those of aborted moves among them.
const PROTOCOL: [FrameKind; 13] = [
    FrameKind::Admit,
    FrameKind::Admitted,
    FrameKind::Chunk,
    FrameKind::Prepared,
    FrameKind::Refused,
    FrameKind::Abort,
    FrameKind::Activated,
    FrameKind::Commit,
    FrameKind::Retain,
    FrameKind::DirectoryAnswer,
    FrameKind::Committed,
    FrameKind::Marker,
    FrameKind::MarkerDone,
];

#[test]
fn without_faults_a_move_ends_as_its_scenario_says() {
    for scenario in Scenario::ALL {
        let run = run(scenario, &[]);
        assert_eq!(run.moved, scenario.commits(), "{scenario:?}");
    }
}

#[test]
fn every_single_fault_leaves_a_move_whole() {
    let mut covered = Covered::default();
    for scenario in Scenario::ALL {
        for (number, _) in run(scenario, &[]).frames {
            for fault in FAULTS {
                examine(scenario, &[(number, fault)], &mut covered);
            }
        }
    }
    println!("{}", covered.table());
    covered.assert_all(&PROTOCOL);
    covered.assert_all(&[FrameKind::Request, FrameKind::Reply, FrameKind::Acknowledge]);
}

/// The scenarios whose pairs are enumerated: `PLASMA_SIM_PAIRS=all` for all of them, which takes
/// minutes.
fn scenarios_in_pairs() -> Vec<Scenario> {
    match std::env::var("PLASMA_SIM_PAIRS").as_deref() {
        Ok("all") => Scenario::ALL.to_vec(),
        _ => vec![Scenario::Alone],
    }
}

#[test]
fn every_pair_of_faults_leaves_a_move_whole() {
    let mut covered = Covered::default();
    for scenario in scenarios_in_pairs() {
        let frames = run(scenario, &[]).frames;
        let protocol: Vec<u64> = frames
            .iter()
            .filter(|(_, kind)| PROTOCOL.contains(kind))
            .map(|(number, _)| *number)
            .collect();
        for (place, first) in protocol.iter().enumerate() {
            for second in &protocol[place + 1..] {
                for one in PAIRED_FAULTS {
                    for other in PAIRED_FAULTS {
                        examine(scenario, &[(*first, one), (*second, other)], &mut covered);
                    }
                }
            }
        }
    }
    println!("{}", covered.table());
}

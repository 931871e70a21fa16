//! The properties of plans on clusters of some hundred actors, where groups, separations, reservations and pins
//! meet a balance; seeded.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use plasma_check::{Environment, check_source};
use plasma_columns::Columns;
use plasma_diagnostic::FileId;
use plasma_manager::Gem;
use plasma_model::{ActionBody, ActorId, Resource, Snapshot};

use super::properties::{next_plan_is_empty, no_step_worsens};
use crate::notation::{carry_out, cluster, intents, solve};

const SEEDS: std::ops::Range<u64> = 0..24;

/// Pseudo-random numbers of a seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// Twelve servers of about 25 actors, one of them draining.
fn cluster_text(numbers: &mut Numbers) -> String {
    let mut text = String::new();
    let mut actor = 0;
    for server in 0..12 {
        let loads: Vec<u64> = (0..15 + numbers.below(20))
            .map(|_| numbers.below(5))
            .collect();
        let flag = if server == 11 { " draining" } else { "" };
        let _ = writeln!(
            text,
            "s{server:02} cpu {}{flag}",
            2 + loads.iter().sum::<u64>()
        );
        for load in loads {
            let state = numbers.below(1000);
            let _ = writeln!(text, "  a{actor:03} cpu {load} state {state}");
            actor += 1;
        }
    }
    text
}

/// What is asked for about the first hundred and fifty actors, a part of it twice or in contradiction.
fn intents_text(numbers: &mut Numbers) -> String {
    let mut text = String::new();
    let actor = |numbers: &mut Numbers| format!("a{:03}", numbers.below(150));
    for _ in 0..12 {
        let _ = writeln!(text, "pin({})", actor(numbers));
        let _ = writeln!(text, "separate({}, {})", actor(numbers), actor(numbers));
        let _ = writeln!(text, "colocate({}, {})", actor(numbers), actor(numbers));
        let _ = writeln!(text, "1: colocate({}, {})", actor(numbers), actor(numbers));
    }
    for _ in 0..2 {
        let _ = writeln!(text, "reserve({}, cpu)", actor(numbers));
    }
    text + "balance({any}, cpu) 20..70\n"
}

#[test]
fn plans_for_hundreds_of_actors_worsen_nothing_and_are_followed_by_empty_ones() {
    for seed in SEEDS {
        let mut numbers = Numbers(seed);
        let (cluster, intents) = (cluster_text(&mut numbers), intents_text(&mut numbers));
        let held = no_step_worsens(&cluster, &intents);
        held.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let ended = next_plan_is_empty(&cluster, &intents);
        ended.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
}

#[test]
fn plans_for_hundreds_of_actors_do_not_depend_on_the_order_of_the_intents() {
    for seed in SEEDS {
        let mut numbers = Numbers(seed);
        let snapshot = cluster(&cluster_text(&mut numbers));
        let asked = intents(&intents_text(&mut numbers));
        let mut shuffled = asked.clone();
        for place in (1..shuffled.len()).rev() {
            shuffled.swap(place, numbers.below(place as u64 + 1) as usize);
        }
        // Ids of their own: nothing is found by where its text lies.
        let apart = cluster(&cluster_text(&mut Numbers(seed)));
        assert_eq!(
            solve(&snapshot, asked),
            solve(&apart, shuffled),
            "seed {seed}"
        );
    }
}

/// The loads of a period: each actor's own, up or down by a point.
fn drift(snapshot: &mut Snapshot, numbers: &mut Numbers) {
    let mut loads: BTreeMap<_, f64> = BTreeMap::new();
    for actor in snapshot.actors.values_mut() {
        let load = actor.usage[Resource::Cpu].perc.unwrap_or_default();
        let load = (load + numbers.below(3) as f64 - 1.0).clamp(0.0, 6.0);
        actor.usage[Resource::Cpu].perc = Some(load);
        *loads.entry(actor.server.clone()).or_default() += load;
    }
    for (id, server) in &mut snapshot.servers {
        server.usage[Resource::Cpu].perc =
            Some(loads.get(id).copied().unwrap_or_default().min(100.0));
    }
}

#[test]
fn limits_hold_in_every_window() {
    let policy = "server.cpu.perc > 55 => balance({any}, cpu);
        limit migrations 7 per 30s;  limit migrations 1 per 60s each T;";
    let checked = check_source(FileId(0), policy, &Environment::default());
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
    let mut moved: Vec<(f64, ActorId)> = Vec::new();
    let mut numbers = Numbers(7);
    let mut snapshot = cluster(&cluster_text(&mut numbers));
    let mut gem = Gem::new(checked.program);
    for period in 1..=60 {
        snapshot.t = f64::from(period) * 10.0;
        drift(&mut snapshot, &mut numbers);
        for action in gem.round(&Columns::of(&snapshot)).decision.actions {
            carry_out(&mut snapshot, &action.body);
            if let ActionBody::Migrate { actor, .. } = action.body {
                moved.push((snapshot.t, actor));
            }
        }
        gem.assume_done();
    }
    assert!(
        moved.len() > 60,
        "{} moves: too few to say anything",
        moved.len()
    );
    for (end, _) in &moved {
        let within = |seconds: f64| {
            let recent = moved
                .iter()
                .filter(move |(t, _)| end - seconds < *t && t <= end);
            recent.map(|(_, actor)| actor)
        };
        assert!(
            within(30.0).count() <= 7,
            "more than 7 in 30 s before {end}"
        );
        let mut actors: Vec<&ActorId> = within(60.0).collect();
        let moves = actors.len();
        actors.sort();
        actors.dedup();
        assert_eq!(
            actors.len(),
            moves,
            "an actor moves twice in 60 s before {end}"
        );
    }
}

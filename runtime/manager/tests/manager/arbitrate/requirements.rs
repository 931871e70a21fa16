//! Requirements, on random clusters: no plan violates one, whatever the rules ask for.

use std::collections::BTreeSet;

use plasma_model::{ActorId, Goal, Intent, REQUIREMENT_PRIORITY};
use proptest::prelude::*;

use super::properties::{accepted, clusters, holds, intent_lists, steps};
use crate::notation::{carry_out, cluster, intents, show, solve};

/// Cases of each property; a failure is printed small and whole.
const CASES: u32 = 2048;

/// Requirements in the notation, most of them about actors that live.
fn requirement_lists() -> impl Strategy<Value = String> {
    let actor = || prop_oneof![4 => 0..8u32, 1 => 0..20u32];
    let goal = prop_oneof![
        2 => actor().prop_map(|a| format!("pin(a{a})")),
        1 => actor().prop_map(|a| format!("reserve(a{a}, cpu)")),
        3 => (actor(), actor()).prop_map(|(a, b)| format!("separate(a{a}, a{b})")),
        2 => (actor(), actor()).prop_map(|(a, b)| format!("colocate(a{a}, a{b})")),
    ];
    let line = goal.prop_map(|goal| format!("{REQUIREMENT_PRIORITY}: {goal}\n"));
    prop::collection::vec(line, 1..5).prop_map(|lines| lines.concat())
}

/// Whom a requirement is about.
fn actors(goal: &Goal) -> Vec<&ActorId> {
    match goal {
        Goal::Pin { actor } | Goal::Reserve { actor, .. } => vec![actor],
        Goal::Separate { a, b } | Goal::Colocate { a, b } => vec![a, b],
        _ => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    /// One that holds goes on to hold, in every state between two steps of the plan; one that is not
    /// told to be unmet holds at the end.
    #[test]
    fn no_plan_violates_a_requirement(
        cluster_text in clusters(),
        required in requirement_lists(),
        asked in intent_lists(),
    ) {
        let before = cluster(&cluster_text);
        let arbitration = solve(&before, intents(&(required + &asked)));
        let context = format!("{cluster_text}\n{}", show(&arbitration));
        let decision = &arbitration.decision;
        let honoured = accepted(&arbitration);
        let all = &decision.intents;
        // One about somebody who is gone is refused, and asks for nothing.
        let is_required = |intent: &&Intent| {
            let lives = |id: &ActorId| before.actors.contains_key(id);
            intent.priority == REQUIREMENT_PRIORITY && actors(&intent.goal).into_iter().all(lives)
        };
        let requirements: Vec<&Intent> = all.iter().filter(is_required).collect();
        let mut snapshot = before.clone();
        for step in steps(&arbitration) {
            for body in &step.moves {
                carry_out(&mut snapshot, body);
            }
            for requirement in &requirements {
                let goal = &requirement.goal;
                let held = holds(goal, &before, &before, &honoured, all);
                prop_assert!(
                    !held || holds(goal, &snapshot, &before, &honoured, all),
                    "{goal} violated by {step:?}\n{context}"
                );
            }
        }
        let unmet: BTreeSet<usize> = decision.unmet.iter().copied().collect();
        for (place, requirement) in all.iter().enumerate() {
            let is_met = || holds(&requirement.goal, &snapshot, &before, &honoured, all);
            prop_assert!(
                !is_required(&requirement) || unmet.contains(&place) || is_met(),
                "{} is not told to be unmet\n{context}", requirement.goal
            );
        }
    }
}

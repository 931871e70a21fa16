//! Cooldowns and limits: budgets are kept, and what is held back is told and follows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_manager::{Arbitration, Budget, Memory, Restraints};
use plasma_model::{ActorId, Goal, Reason, Snapshot};
use proptest::prelude::*;

use super::properties::{clusters, holds_in_place, intent_lists};
use crate::notation::{carry_out, cluster, intents, show, solve_restrained, solve_with};

/// Cases of each property; a failure is printed small and whole.
const CASES: u32 = 256;

/// Periods after which everything that can follow has followed.
const PERIODS_MAX: usize = 60;

fn budget(moves_max: usize) -> Restraints {
    let budget = Budget {
        limit: Arc::from("limit"),
        moves_max,
        left: moves_max,
    };
    Restraints {
        budgets: vec![budget],
        ..Restraints::default()
    }
}

/// Whether something was held back that may follow.
fn waits(arbitration: &Arbitration) -> bool {
    let mut rejected = arbitration.decision.rejected.iter();
    rejected.any(|refused| matches!(refused.reason, Reason::LimitReached { .. }))
}

/// The groups that move at once.
fn groups(arbitration: &Arbitration) -> BTreeSet<BTreeSet<ActorId>> {
    let mut groups: BTreeMap<u64, BTreeSet<ActorId>> = BTreeMap::new();
    for action in &arbitration.decision.actions {
        if let (Some(actor), Some(group)) = (action.body.actor(), action.group) {
            groups.entry(group).or_default().insert(actor.clone());
        }
    }
    groups.into_values().collect()
}

/// The goals about places that are neither refused nor true after a plan.
fn silently_missed(arbitration: &Arbitration, after: &Snapshot) -> Vec<Goal> {
    let decision = &arbitration.decision;
    let is_refused = |place: usize| decision.rejected.iter().any(|r| r.intent == place);
    let intents = decision.intents.iter().enumerate();
    intents
        .filter(|(place, intent)| !is_refused(*place) && !holds_in_place(&intent.goal, after))
        .map(|(_, intent)| intent.goal.clone())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_budget_is_kept_and_what_it_holds_back_follows(
        cluster_text in clusters(),
        intents_text in intent_lists(),
        moves_max in 1..5usize,
    ) {
        let mut snapshot = cluster(&cluster_text);
        let restraints = budget(moves_max);
        let mut memory = Memory::new();
        let mut told = format!("{cluster_text}\n{intents_text}\n");
        let mut periods = 0;
        loop {
            let plan = solve_restrained(&snapshot, intents(&intents_text), &memory, &restraints);
            told += &format!("budget {moves_max}\n{}\n", show(&plan));
            prop_assert!(plan.decision.actions.len() <= moves_max, "{told}");
            if periods == 0 {
                let all = solve_with(&snapshot, intents(&intents_text), &memory);
                let whole = groups(&plan).is_subset(&groups(&all));
                prop_assert!(whole, "a group was cut\n{told}{}", show(&all));
            }
            for action in &plan.decision.actions {
                carry_out(&mut snapshot, &action.body);
            }
            let missed = silently_missed(&plan, &snapshot);
            prop_assert!(missed.is_empty(), "{missed:?} not told of\n{told}");
            memory.accept(plan.reserved.iter().cloned());
            periods += 1;
            if plan.decision.actions.is_empty() {
                prop_assert!(!waits(&plan), "nothing moves, and something waits\n{told}");
                break;
            }
            prop_assert!(periods < PERIODS_MAX, "no end\n{told}");
        }
    }

    #[test]
    fn a_rule_does_not_move_an_actor_while_it_is_cooling(
        cluster_text in clusters(),
        intents_text in intent_lists(),
        cooling in prop::collection::btree_set((0..8u32, 0..9usize), 0..20),
    ) {
        let snapshot = cluster(&cluster_text);
        let mut restraints = Restraints::default();
        for (actor, rule) in &cooling {
            let rules = restraints.cooling.entry(format!("a{actor}").into()).or_default();
            rules.insert(*rule, 100.0);
        }
        let plan = solve_restrained(&snapshot, intents(&intents_text), &Memory::new(), &restraints);
        let served = plan.decision.actions.iter().zip(&plan.decision.action_intents);
        for (action, served) in served {
            let actor = action.body.actor().expect("only actors are asked about");
            let is_free = |rule: usize| {
                restraints.cooling.get(actor).is_none_or(|rules| !rules.contains_key(&rule))
            };
            let asked = served.iter().map(|place| &plan.decision.intents[*place]);
            let may_move = asked
                .flat_map(|intent| &intent.causes)
                .any(|cause| is_free(cause.rule_index));
            prop_assert!(may_move, "{actor} moves\n{cluster_text}\n{intents_text}\n{}", show(&plan));
        }
    }

    #[test]
    fn an_actor_whose_limit_is_used_up_stays(
        cluster_text in clusters(),
        intents_text in intent_lists(),
        exhausted in prop::collection::btree_set(0..12u32, 0..6),
    ) {
        let snapshot = cluster(&cluster_text);
        let mut restraints = Restraints::default();
        for actor in &exhausted {
            restraints.exhausted.insert(format!("a{actor}").into(), Arc::from("limit"));
        }
        let plan = solve_restrained(&snapshot, intents(&intents_text), &Memory::new(), &restraints);
        for action in &plan.decision.actions {
            let actor = action.body.actor().expect("only actors are asked about");
            prop_assert!(!restraints.exhausted.contains_key(actor), "{}", show(&plan));
        }
    }
}

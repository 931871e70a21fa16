//! Rules that another one makes useless, on random clusters: whatever they ask for, the other one
//! asks for as well.

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_diagnostic::Code;
use plasma_eval::{Past, evaluate};
use plasma_model::Reservations;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{STATES, reported};
use crate::random::{cluster, policy};

/// So many pairs of rules are looked at.
const PAIRS: usize = 3000;

#[test]
fn shadowed_rules_ask_for_nothing_of_their_own() {
    let mut runner = TestRunner::deterministic();
    let mut verdicts = Vec::new();
    for _ in 0..PAIRS {
        let pair = policy::related().new_tree(&mut runner).expect("no filters");
        let (wide, narrow) = pair.current();
        verdicts.extend(shadowed(&wide, &narrow).map(|program| (wide, narrow, program)));
    }
    assert!(verdicts.len() > 100, "only {} verdicts", verdicts.len());
    let mut fired = 0;
    for _ in 0..STATES.div_ceil(verdicts.len()) {
        let cluster = cluster::clusters().new_tree(&mut runner);
        let snapshot = cluster.expect("no filters").current();
        let columns = Columns::of(&snapshot);
        let (past, reservations) = (Past::default(), Reservations::default());
        for (wide, narrow, program) in &verdicts {
            let evaluation = evaluate(program, &columns, &past, &reservations);
            for intent in &evaluation.intents {
                let is_of = |rule: usize| intent.causes.iter().any(|c| c.rule_index == rule);
                fired += usize::from(is_of(1));
                assert!(
                    is_of(0) || !is_of(1),
                    "`{narrow}` fires where `{wide}` does not: {snapshot:#?}"
                );
            }
        }
    }
    assert!(fired > 1000, "fired {fired} times only");
}

/// The program of both rules, if the lint says that the second never matters.
fn shadowed(wide: &str, narrow: &str) -> Option<CheckedProgram> {
    let rules = format!("{wide} => pin(Folder(f));\n{narrow} => pin(Folder(f));\n");
    reported(Code::ShadowedRule, &rules)
}

//! Rules that ask for too much: both routes give them up, and nothing else.

use plasma_check::program::{BehaviorKind, CheckedProgram, Condition, Rule};
use plasma_model::{Reservations, Snapshot};

use crate::fixture::*;
use crate::{BudgetBound, Evaluation, Past, reference};

fn folders(count: usize) -> Snapshot {
    let start = cluster().server("s1", 50.0);
    (0..count)
        .fold(start, |cluster, n| {
            cluster.folder(&format!("f{n}"), "s1", 1.0)
        })
        .done()
}

fn pin_of(variables: &[&str], condition: Condition) -> Rule {
    let variables = variables.iter().map(|name| each(name, FOLDER)).collect();
    rule(variables, condition, vec![BehaviorKind::Pin(var(0))])
}

/// What both routes find.
fn evaluated(rules: Vec<Rule>, snapshot: &Snapshot) -> Evaluation {
    let program: CheckedProgram = program(rules);
    let none = Reservations::default();
    let past = Past::default();
    let found = super::evaluate(&program, snapshot, &past, &none);
    assert_eq!(found, reference::evaluate(&program, snapshot, &past, &none));
    found
}

fn bounds(evaluation: &Evaluation) -> Vec<BudgetBound> {
    evaluation.excesses.iter().map(|e| e.bound).collect()
}

#[test]
fn a_cross_product_is_given_up_and_other_rules_are_not() {
    let product = pin_of(&["a", "b", "c"], Condition::Constant(true));
    let single = pin_of(&["a"], Condition::Constant(true));
    let evaluation = evaluated(vec![product, single], &folders(80));
    assert_eq!(bounds(&evaluation), [BudgetBound::RuleBindings]);
    assert_eq!(evaluation.fired, [0, 80]);
    assert_eq!(evaluation.intents.len(), 80);
}

#[test]
fn every_pair_of_a_bare_type_counts() {
    let pairs = rule(
        Vec::new(),
        Condition::Constant(true),
        vec![BehaviorKind::Colocate(bare(FOLDER), bare(FOLDER))],
    );
    let evaluation = evaluated(vec![pairs], &folders(710));
    assert_eq!(bounds(&evaluation), [BudgetBound::RuleBindings]);
    assert!(evaluation.intents.is_empty());
}

//! Rules that ask for too much: both routes give them up, and nothing else.

use plasma_check::program::{
    BehaviorKind, CalculationKind, CallerRef, CheckedProgram, Condition, Operand, OverWindow, Rule,
    Windowed,
};
use plasma_columns::Columns;
use plasma_model::{Aggregate, Reservations, Snapshot, Statistic};

use crate::fixture::*;
use crate::{BudgetBound, Evaluation, Past, reference};

fn cluster_of(folders: usize) -> Cluster {
    let start = cluster().server("s1", 50.0);
    (0..folders).fold(start, |cluster, n| {
        cluster.folder(&format!("f{n}"), "s1", 1.0)
    })
}

fn folders(count: usize) -> Snapshot {
    cluster_of(count).done()
}

fn pin_of(variables: &[&str], condition: Condition) -> Rule {
    let variables = variables.iter().map(|name| each(name, FOLDER)).collect();
    rule(variables, condition, vec![BehaviorKind::Pin(var(0))])
}

/// What both routes find.
fn evaluated(rules: Vec<Rule>, snapshot: &Snapshot) -> Evaluation {
    let program: CheckedProgram = program(rules);
    let none = Reservations::default();
    let found = super::evaluate(&program, &Columns::of(snapshot), &Past::default(), &none);
    let defined = reference::evaluate(&program, snapshot, &Past::default(), &none);
    assert_eq!(found, defined);
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

/// Only those who called are looked at: all pairs would be more than a rule may take.
#[test]
fn calls_of_a_window_lead_from_the_callee_to_its_callers() {
    let cluster = cluster_of(8000).opens("f1", "f2", 9.0);
    let snapshot = cluster.opens("f3", "f4", 9.0).done();
    let Operand::Feature(feature) = opens(CallerRef::Actor(var(0)), var(1), Statistic::Count)
    else {
        panic!("calls are measured");
    };
    let mean = calculated(CalculationKind::OverWindow(Windowed {
        function: OverWindow::Aggregate(Aggregate::Avg),
        feature,
        window_seconds: 10.0,
    }));
    let condition = Condition::And(vec![above(mean, 5.0), above(actor_cpu(var(0)), 0.5)]);
    let program = program(vec![pin_of(&["a", "b"], condition)]);
    let none = Reservations::default();
    let evaluation = super::evaluate(&program, &Columns::of(&snapshot), &Past::default(), &none);
    assert_eq!(evaluation.excesses, []);
    assert_eq!(evaluation.fired, [2]);
}

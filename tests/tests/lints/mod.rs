//! What lints claim for certain, on random clusters.
//!
//! Random conditions are checked; those of which a lint says that they never hold become rules that
//! must not fire, those of which it says that they always do become rules that must not fire under
//! `not`.

mod conflict;
mod reserved;
mod shadowed;

use plasma_check::program::CheckedProgram;
use plasma_check::{Environment, check_source};
use plasma_columns::Columns;
use plasma_diagnostic::{Code, Diagnostic, SourceMap};
use plasma_eval::{Past, evaluate};
use plasma_model::{Reservations, Snapshot};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::random::{cluster, policy};

/// So many random conditions are looked at for verdicts of each kind.
const CONDITIONS: usize = 3000;

/// So many states must survive: rules with a verdict times clusters.
const STATES: usize = 100_000;

#[test]
fn conditions_that_never_hold_together_do_not_fire() {
    let is_verdict = |d: &Diagnostic| d.code == Code::NeverTrue && d.message.contains("together");
    let dead = judged(policy::conjunctions(), is_verdict);
    survive(&dead);
}

#[test]
fn atoms_that_never_hold_do_not_fire() {
    let dead = judged(policy::atoms(), |d| d.code == Code::NeverTrue);
    survive(&dead);
}

#[test]
fn what_always_holds_is_never_false() {
    let negated = policy::conjunctions().prop_map(|condition| format!("not ({condition})"));
    let is_verdict = |d: &Diagnostic| d.code == Code::AlwaysTrue && d.message.contains("this");
    let mut always = judged(negated, is_verdict);
    let is_verdict = |d: &Diagnostic| d.code == Code::AlwaysTrue;
    // A bare type is some actor, and there may be none.
    let atoms = judged(policy::atoms(), is_verdict).into_iter();
    always.extend(atoms.filter(|atom| !atom.contains("Folder.")));
    let never: Vec<String> = always.iter().map(|c| format!("not ({c})")).collect();
    survive(&never);
}

/// The conditions of which a lint says so.
fn judged(
    conditions: impl Strategy<Value = String>,
    is_verdict: impl Fn(&Diagnostic) -> bool,
) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let mut judged = Vec::new();
    for _ in 0..CONDITIONS {
        let condition = conditions
            .new_tree(&mut runner)
            .expect("no filters")
            .current();
        let (_, diagnostics) = checked(std::slice::from_ref(&condition));
        if diagnostics.iter().any(&is_verdict) {
            judged.push(condition);
        }
    }
    judged
}

/// A rule for each condition.
fn checked(conditions: &[String]) -> (CheckedProgram, Vec<Diagnostic>) {
    let rules = conditions.iter().map(|c| format!("{c} => pin(Folder);\n"));
    let text = format!("{}{}", policy::SCHEMA, rules.collect::<String>());
    let mut sources = SourceMap::new();
    let file = sources.add("policy", text.as_str());
    let checked = check_source(file, text.as_str(), &Environment::default());
    let errors = checked.diagnostics.iter().filter(|d| d.is_error());
    let errors: Vec<_> = errors.map(|d| (&d.message, &text)).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    (checked.program, checked.diagnostics)
}

/// The program of some rules, if a lint says something of them.
fn reported(lint: Code, rules: &str) -> Option<CheckedProgram> {
    let text = format!("{}{rules}", policy::SCHEMA);
    let (_, file) = SourceMap::single("policy", text.as_str());
    let checked = check_source(file, text.as_str(), &Environment::default());
    // Not every text is a policy: an `or` may bind `f` on one side only.
    if checked.has_errors() {
        return None;
    }
    let mut found = checked.diagnostics.iter();
    let is_reported = found.any(|d| d.code == lint);
    is_reported.then_some(checked.program)
}

/// Evaluates rules on random clusters: none of them may fire.
#[track_caller]
fn survive(dead: &[String]) {
    assert!(dead.len() > 20, "only {} verdicts", dead.len());
    let (program, _) = checked(dead);
    let mut runner = TestRunner::deterministic();
    for _ in 0..STATES.div_ceil(dead.len()) {
        let snapshot: Snapshot = cluster::clusters()
            .new_tree(&mut runner)
            .expect("no filters")
            .current();
        let evaluation = evaluate(
            &program,
            &Columns::of(&snapshot),
            &Past::default(),
            &Reservations::default(),
        );
        let mut causes = evaluation.intents.iter().flat_map(|intent| &intent.causes);
        if let Some(cause) = causes.next() {
            let condition = &dead[cause.rule_index];
            panic!(
                "`{condition}` fires for {:?} on {snapshot:#?}",
                cause.binding
            );
        }
    }
}

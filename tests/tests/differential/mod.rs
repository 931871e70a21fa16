//! The fast evaluator against the definition, from the text of a policy on: random applications, policies
//! directed by their types, and clusters that change from tick to tick.

mod history;
mod policy;
mod schema;

use plasma_check::{Environment, check_source};
use plasma_columns::Columns;
use plasma_diagnostic::SourceMap;
use plasma_eval::{Evaluator, Past, evaluate, reference};
use plasma_model::{PERIOD_SECONDS_DEFAULT, Reservations, Snapshot};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use history::{histories, snapshots};
use policy::policies;
use schema::schemas;

/// So many policies, each on one history.
const CASES: u32 = 2500;

/// A policy as text, and the ticks of a cluster of its application.
fn cases() -> impl Strategy<Value = (String, Vec<Snapshot>)> {
    schemas().prop_flat_map(|schema| {
        let policies = policies(&schema);
        let ticks = histories().prop_map(move |history| snapshots(&schema, &history));
        (policies, ticks)
    })
}

/// Policies of random applications, with the declarations they are about.
pub(crate) fn policy_texts() -> impl Strategy<Value = String> {
    schemas().prop_flat_map(|schema| {
        let declared = schema.text();
        policies(&schema).prop_map(move |policy| format!("{declared}{policy}"))
    })
}

#[test]
fn definition_columns_and_what_follows_changes_agree() {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let (mut checked, mut fired) = (0, 0);
    let counted = std::cell::RefCell::new((&mut checked, &mut fired));
    let result = runner.run(&cases(), |(policy, ticks)| {
        let agreed = agree(&policy, &ticks)?;
        let mut counted = counted.borrow_mut();
        *counted.0 += u32::from(agreed.is_some());
        *counted.1 += u32::from(agreed.unwrap_or(0) > 0);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // Most are well typed, and many of those fire.
    assert!(
        checked > CASES * 2 / 3,
        "{checked} policies of {CASES} are well typed"
    );
    assert!(fired > CASES / 6, "{fired} policies of {CASES} fire");
}

/// Holds the three ways to evaluate a policy against each other at each tick; how often its rules fired, or `None` if
/// the policy has errors.
fn agree(policy: &str, ticks: &[Snapshot]) -> Result<Option<usize>, TestCaseError> {
    let (_, file) = SourceMap::single("policy", policy);
    let checked = check_source(file, policy, &Environment::default());
    if checked.has_errors() {
        return Ok(None);
    }
    let program = &checked.program;
    let none = Reservations::default();
    let mut rows = Past::of(program);
    let mut past = Past::of(program);
    let mut columns = Columns::default();
    // Numbers of ended actors are given to others as soon as that may be.
    columns.forget_names_after(past.periods_kept(PERIOD_SECONDS_DEFAULT) as u64, 0);
    let mut following = Evaluator::new(program);
    let mut fired = 0;
    for snapshot in ticks {
        columns.follow(snapshot);
        let defined = reference::evaluate(program, snapshot, &rows, &none);
        let whole = evaluate(program, &columns, &past, &none);
        let followed = following.evaluate(program, &columns, &none);
        rows.push(snapshot);
        past.push(columns.frame());
        // Where either gave up, they may have done so at different places.
        if defined.excesses.is_empty() && whole.excesses.is_empty() {
            prop_assert_eq!(&whole, &defined, "whole, at {}:\n{}", snapshot.t, policy);
            prop_assert_eq!(
                &followed,
                &defined,
                "followed, at {}:\n{}",
                snapshot.t,
                policy
            );
        }
        fired += defined.fired.iter().sum::<usize>();
    }
    Ok(Some(fired))
}

//! Runs the tests of a policy: the cluster of each, period after period, under the manager of a running
//! cluster, and what is expected of it.

mod coverage;
mod expectation;
mod reason;
mod witness;

use plasma_check::program::{CheckedProgram, Test};
use plasma_columns::Columns;
use plasma_diagnostic::Span;
use plasma_eval::Past;
use plasma_model::{Decision, Reservations};

use crate::{LiteralCluster, LiteralError, Planner};
pub use coverage::{Coverage, CoverageCount, CoverageKind, Uncovered};
use expectation::Judge;
pub use witness::{is_shown, retain_shown};

/// How a test ended.
#[derive(Clone, Debug, PartialEq)]
pub struct TestReport {
    /// The test's name.
    pub name: String,
    /// Where its name stands.
    pub span: Span,
    /// What did not hold, in the order of the text; none if it passed.
    pub failures: Vec<TestFailure>,
}

/// An expectation that did not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct TestFailure {
    /// Time of the evaluation, in seconds.
    pub t: f64,
    /// Where the expectation stands.
    pub span: Span,
    /// The expectation as it is written.
    pub expected: String,
    /// What was there instead.
    pub actual: String,
    /// Why, line by line: what fires and on which figures, what comes nearest, what arbitration refused.
    pub why: Vec<String>,
}

/// One evaluation of a test.
struct Evaluation<'e> {
    t: f64,
    program: &'e CheckedProgram,
    columns: &'e Columns,
    /// The ticks before, and this one.
    past: &'e Past,
    /// The reservations in force before.
    reservations: &'e Reservations,
    decision: &'e Decision,
    /// The cluster after the actions.
    after: &'e Columns,
}

/// Runs one test of a program; notes in `coverage` what it reached.
pub fn run_test(
    program: &CheckedProgram,
    test: &Test,
    mut coverage: Option<&mut Coverage>,
) -> TestReport {
    let mut judge = Judge::new(test);
    let run = run(program, test, &mut |evaluation| {
        judge.see(evaluation);
        if let Some(coverage) = &mut coverage {
            coverage.see(evaluation);
        }
    });
    let failures = match run {
        Ok(()) => judge.finish(),
        Err(error) => vec![TestFailure {
            t: 0.0,
            span: test.name_span,
            expected: "a cluster that can be".to_owned(),
            actual: error.to_string(),
            why: Vec::new(),
        }],
    };
    TestReport {
        name: test.name.to_string(),
        span: test.name_span,
        failures,
    }
}

/// Runs the cluster of a test, evaluation after evaluation.
fn run(
    program: &CheckedProgram,
    test: &Test,
    see: &mut dyn FnMut(&Evaluation<'_>),
) -> Result<(), LiteralError> {
    let mut cluster = LiteralCluster::from_beginning(test.period_seconds);
    let mut planner = Planner::new(program.clone());
    let mut said = test.said.iter().peekable();
    let periods = (test.end_seconds / test.period_seconds - 1e-9).ceil() as u32;
    for period in 1..=periods {
        let t = f64::from(period) * test.period_seconds;
        // A snapshot at T sees what is said at T, whatever the last digit.
        while let Some((_, said)) = said.next_if(|(from, _)| *from <= t + 1e-9 * t) {
            cluster.take(said)?;
        }
        let columns = cluster.observe()?.clone();
        let reservations = planner.reservations();
        let decision = planner.plan(&columns).decision;
        cluster.carry_out(&decision)?;
        let evaluation = Evaluation {
            t,
            program,
            columns: &columns,
            past: planner.past(),
            reservations: &reservations,
            decision: &decision,
            after: cluster.present(),
        };
        see(&evaluation);
    }
    Ok(())
}

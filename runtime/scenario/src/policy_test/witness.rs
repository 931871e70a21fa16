//! Witnesses of diagnostics: clusters that the checker has found, shown by the evaluator and the manager
//! before anybody is told.

use plasma_check::program::{CheckedProgram, Test, Wanted, When};
use plasma_check::{Checked, Environment, check_source};
use plasma_diagnostic::{FileId, Witness};

use super::expectation::{Judge, WantedBehavior, intents, is_looked_at};
use super::{Evaluation, run};

/// Whether a test shows a contradiction: what it expects holds, and what it expects not to be honoured
/// is asked for by some rule.
pub fn is_shown(program: &CheckedProgram, test: &Test) -> bool {
    let mut judge = Judge::new(test);
    let mut is_asked = true;
    let run = run(program, test, &mut |evaluation| {
        judge.see(evaluation);
        is_asked &= asks_for_what_is_refused(test, evaluation);
    });
    run.is_ok() && is_asked && judge.finish().is_empty()
}

fn asks_for_what_is_refused(test: &Test, evaluation: &Evaluation<'_>) -> bool {
    test.expectations.iter().all(|expectation| {
        let Wanted::Behavior {
            name,
            arguments,
            is_negated: true,
            by,
        } = &expectation.wanted
        else {
            return true;
        };
        let wanted = WantedBehavior {
            name,
            arguments,
            by: by.as_deref(),
        };
        let schema = &evaluation.program.schema;
        !is_decided_by(expectation.when, test, evaluation.t)
            || intents(&wanted, schema, evaluation.decision)
                .next()
                .is_some()
    })
}

/// Whether an expectation is about just this evaluation: of those from a time on, the first.
fn is_decided_by(when: When, test: &Test, t: f64) -> bool {
    let is_first = match when {
        When::At(at) => t - test.period_seconds < at - 1e-9 * t,
        When::Eventually(_) | When::Never(_) | When::Always(_) => true,
    };
    is_first && is_looked_at(when, t)
}

/// Leaves out what has a witness that does not show it: other rules of the policy may be in the way of
/// a cluster that was made for two of them.
pub fn retain_shown(checked: &mut Checked, file: FileId, text: &str, environment: &Environment) {
    let silenced = checked.silenced.iter().map(|s| &s.diagnostic);
    let all = checked.diagnostics.iter().chain(silenced);
    let witnesses: Vec<Witness> = all.filter_map(|d| d.witness.clone()).collect();
    let shown = shown(&witnesses, file, text, environment);
    let is_shown = |witness: &Option<Witness>| match witness {
        Some(witness) => shown.contains(&witness),
        None => true,
    };
    checked.diagnostics.retain(|d| is_shown(&d.witness));
    checked.silenced.retain(|s| is_shown(&s.diagnostic.witness));
}

/// The witnesses that show what they are for.
fn shown<'w>(
    witnesses: &'w [Witness],
    file: FileId,
    text: &str,
    environment: &Environment,
) -> Vec<&'w Witness> {
    if witnesses.is_empty() {
        return Vec::new();
    }
    let with_tests = witnesses
        .iter()
        .fold(text.to_owned(), |text, witness| witness.added_to(&text));
    let checked = check_source(file, with_tests, environment);
    let tests = &checked.program.tests;
    match tests.len().checked_sub(witnesses.len()) {
        Some(own) if !checked.has_errors() => {
            let pairs = witnesses.iter().zip(tests.iter().skip(own));
            let shown = pairs.filter(|(_, test)| is_shown(&checked.program, test));
            shown.map(|(witness, _)| witness).collect()
        }
        // One of them is no test of this policy: then each by itself.
        _ if witnesses.len() > 1 => witnesses
            .iter()
            .flat_map(|one| shown(std::slice::from_ref(one), file, text, environment))
            .collect(),
        _ => Vec::new(),
    }
}

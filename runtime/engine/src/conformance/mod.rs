//! The contract of [`Engine`] as an executable suite: every engine's tests run it.
//!
//! The suite is given a way to start the engine afresh, runs each case on one of its own, and
//! reports every case that failed with what was expected. A live engine must have at least two
//! servers and two actors that do not end by themselves; its period should be short (tens of
//! milliseconds), since cases wait for periods to pass.

mod observer;
mod orders;
mod stop;
mod stream;

use std::fmt;

use observer::Observer;

use crate::{Engine, EngineError};

/// What kind of engine is examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It tells what once was, and takes no orders.
    Recorded,
    /// It runs a cluster, and carries out orders.
    Live,
}

/// One clause of the contract.
#[derive(Clone, Copy)]
pub struct Case {
    /// The clause, as a sentence without its subject.
    pub name: &'static str,
    /// The engines that it holds for; `None` for all.
    pub only: Option<Kind>,
    check: fn(&mut Observer) -> Result<(), Violation>,
}

/// How an engine broke a clause.
#[derive(Debug)]
struct Violation(String);

impl From<EngineError> for Violation {
    fn from(error: EngineError) -> Self {
        Violation(format!("the engine failed: {error}"))
    }
}

/// The clauses that an engine broke.
#[derive(Debug, Default)]
pub struct Failures(Vec<(&'static str, String)>);

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the engine breaks its contract:")?;
        for (case, violation) in &self.0 {
            write!(f, "\n- {case}: {violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failures {}

/// Every clause of the contract.
pub fn cases() -> impl Iterator<Item = Case> {
    [stream::CASES, orders::CASES, stop::CASES]
        .into_iter()
        .flatten()
        .copied()
}

/// Examines an engine: every case that holds for its kind, each on an engine started afresh.
///
/// # Errors
/// All clauses that it breaks.
pub fn examine(
    kind: Kind,
    mut start: impl FnMut() -> Result<Box<dyn Engine>, EngineError>,
) -> Result<(), Failures> {
    let mut failures = Failures::default();
    for case in cases().filter(|case| case.only.is_none_or(|only| only == kind)) {
        let verdict = start().map_err(Violation::from).and_then(|engine| {
            let mut observer = Observer::new(engine);
            let verdict = (case.check)(&mut observer);
            let finished = observer.finish();
            verdict.and(finished.map(drop))
        });
        if let Err(Violation(violation)) = verdict {
            failures.0.push((case.name, violation));
        }
    }
    if failures.0.is_empty() {
        Ok(())
    } else {
        Err(failures)
    }
}

/// `Ok` if the clause's expectation holds.
fn expect(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Violation> {
    if holds {
        Ok(())
    } else {
        Err(Violation(otherwise()))
    }
}

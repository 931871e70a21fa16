//! A cluster beside a document: what its rules do there, and what its figures are.
//!
//! Whoever has the cluster replays the policy on it and hands over an [`Attached`]; here it is put into
//! words. It may be of an older text than the document's: what is shown of a condition is found by what it
//! says, not by where it stood.

mod about;
mod hints;
mod title;
mod values;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use plasma_columns::Columns;
use plasma_eval::{Derivation, Past};

pub use about::attached_hover;
pub use hints::value_hints;
pub use title::{firings_text, firings_title};

/// A cluster at its last tick, and what a policy did there until then.
#[derive(Clone, Debug)]
pub struct Attached {
    /// What people call it: `trace.jsonl`, `ws://127.0.0.1:7117/events`.
    pub name: Arc<str>,
    /// How many ticks were seen.
    pub ticks: usize,
    /// The cluster at the last one.
    pub columns: Arc<Columns>,
    /// The ticks before.
    pub past: Arc<Past>,
    /// What each rule and requirement did, by its name.
    pub rules: BTreeMap<Arc<str>, Firings>,
}

/// When a rule fired.
#[derive(Clone, Debug, Default)]
pub struct Firings {
    /// At how many ticks.
    pub ticks: usize,
    /// For how many bindings, all ticks together.
    pub bindings: usize,
    /// For how many bindings at the last tick.
    pub bindings_now: usize,
    /// The times of the last ticks at which it fired, in seconds: at most [`TIMES_MAX`].
    pub times: VecDeque<f64>,
    /// At the last tick: why it fires for one binding, or what comes nearest to it. `None` if nothing can
    /// be bound, or if that was not looked for.
    pub derivation: Option<Derivation>,
}

/// So many times of firings are kept for each rule.
pub const TIMES_MAX: usize = 64;

impl Firings {
    /// Takes note of a tick.
    pub fn note(&mut self, t: f64, bindings: usize) {
        self.bindings_now = bindings;
        if bindings == 0 {
            return;
        }
        self.ticks += 1;
        self.bindings += bindings;
        self.times.push_back(t);
        if self.times.len() > TIMES_MAX {
            self.times.pop_front();
        }
    }
}

impl Attached {
    /// Time of the last tick, in seconds.
    pub fn t_seconds(&self) -> f64 {
        self.columns.frame().t
    }

    /// How many actors live at the last tick.
    pub fn actors(&self) -> usize {
        self.columns.frame().live().len()
    }

    /// How many servers there are at the last tick.
    pub fn servers(&self) -> usize {
        self.columns.servers().len()
    }
}

//! Ticks of a trace at which two policies differ.

use plasma_check::compare::side_by_side;
use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_eval::Evaluator;
use plasma_model::{Goal, Intent};

use super::example::{Asker, Example, ExampleState, Only, asked, only_in};
use super::pairs::{Pair, pairs};
use crate::{Difference, Replayed, TraceMomentError, TraceTicks};

/// What a trace shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceDifferences {
    /// How many ticks it has.
    pub ticks: usize,
    /// For each pair of rules, in their order, the first tick for each direction.
    pub rules: Vec<Vec<Example>>,
    /// The same for the policies as a whole.
    pub whole: Vec<Example>,
    /// Times of the first ticks at which the policies do something different, in seconds.
    pub acting_at: Vec<f64>,
    /// How many such ticks there are.
    pub acting: usize,
}

/// So many ticks are told.
const TICKS_TOLD_MAX: usize = 5;

/// Goes through a trace with both policies, one tick at a time. What is asked for is that of the tick
/// with nothing reserved; what is done is as [`Replayed`] decides it.
///
/// # Errors
/// At the first mistake in the trace.
pub fn find_in_trace(
    old: &CheckedProgram,
    new: &CheckedProgram,
    ticks: &mut TraceTicks,
) -> Result<TraceDifferences, TraceMomentError> {
    let sides = side_by_side(old, new);
    let pairs = pairs(&sides);
    let mut found = TraceDifferences {
        rules: vec![Vec::new(); pairs.len()],
        ..TraceDifferences::default()
    };
    let (mut old_asking, mut new_asking) = (Evaluator::new(old), Evaluator::new(new));
    let (mut before, mut after) = (Replayed::new(old.clone()), Replayed::new(new.clone()));
    while let Some(columns) = ticks.next_tick()? {
        found.ticks += 1;
        let old_asks = asked(old, columns, &mut old_asking);
        let new_asks = asked(new, columns, &mut new_asking);
        found.compare(&pairs, columns.frame().t, (&old_asks, &new_asks));
        found.act(columns, &mut before, &mut after);
    }
    Ok(found)
}

impl TraceDifferences {
    fn compare(&mut self, pairs: &[Pair<'_>], t: f64, (old, new): (&[Intent], &[Intent])) {
        for (pair, examples) in pairs.iter().zip(&mut self.rules) {
            let (before, after) = (Asker::Rule(pair.old), Asker::Rule(pair.new));
            add(examples, Only::New, t, || only_in(new, after, old, before));
            add(examples, Only::Old, t, || only_in(old, before, new, after));
        }
        let all = Asker::Anybody;
        add(&mut self.whole, Only::New, t, || {
            only_in(new, all, old, all)
        });
        add(&mut self.whole, Only::Old, t, || {
            only_in(old, all, new, all)
        });
    }

    fn act(&mut self, columns: &Columns, old: &mut Replayed, new: &mut Replayed) {
        let (old, new) = (old.decide(columns), new.decide(columns));
        if Difference::of(&old.decision, &new.decision).does_the_same() {
            return;
        }
        self.acting += 1;
        if self.acting_at.len() < TICKS_TOLD_MAX {
            self.acting_at.push(columns.frame().t);
        }
    }
}

/// Adds the first tick at which only one asks for something.
fn add<'i>(
    examples: &mut Vec<Example>,
    only: Only,
    t: f64,
    find: impl FnOnce() -> Vec<(&'i Goal, &'i Intent)>,
) {
    if examples.iter().any(|known| known.only == only) {
        return;
    }
    let found = find();
    if !found.is_empty() {
        examples.push(Example {
            only,
            asked: found.iter().map(|(goal, _)| goal.to_string()).collect(),
            state: ExampleState::Tick { t },
        });
    }
}

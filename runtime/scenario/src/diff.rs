//! How two policies differ in meaning: what one of them asks for and the other one does not, rule by rule
//! and as a whole.
//!
//! That nothing is lost is proved by the checker (`plasma_check::compare`), for every cluster; that
//! something differs is shown by a cluster on which both policies were evaluated, or by a tick of a
//! trace. Where there is neither proof nor example the verdict is `unknown`.

mod changes;
mod example;
mod pairs;
mod ticks;

use std::sync::Arc;

use plasma_check::compare::{SideBySide, asks_for_as_much, side_by_side};
use plasma_check::program::{CheckedProgram, Rule};

use changes::{attributes, has_same_attributes, limits, params};
use example::Stage;
pub use example::{Example, ExampleState, Only};
use pairs::{Pair, pairs};
pub use ticks::{TraceDifferences, find_in_trace};

/// How what a new policy asks for compares with what an old one asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same, on every cluster; and what is made of it is decided in the same way.
    Equivalent,
    /// All that the old one asks for, and on some cluster more.
    More,
    /// Nothing that the old one does not ask for, and on some cluster less.
    Less,
    /// On some cluster something that the old one does not ask for, on some not what that asks for.
    Incomparable,
    /// Neither is proved and shown.
    Unknown,
}

impl Verdict {
    /// The word, as documents write it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Equivalent => "equivalent",
            Verdict::More => "more",
            Verdict::Less => "less",
            Verdict::Incomparable => "incomparable",
            Verdict::Unknown => "unknown",
        }
    }
}

/// How two policies differ.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDiff {
    /// The policies as a whole.
    pub verdict: Verdict,
    /// Their rules, then their requirements: those of the new policy, then those that were removed.
    pub rules: Vec<RuleDiff>,
    /// Limits that were added, removed or changed.
    pub limits: Vec<String>,
    /// Parameters that have another value, are added or are removed; what that means is in the rules.
    pub params: Vec<String>,
    /// What shows that the policies differ as a whole.
    pub examples: Vec<Example>,
}

/// How a rule differs.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleDiff {
    /// Its name in the old policy; `None` if it was added.
    pub old: Option<Arc<str>>,
    /// Its name in the new policy; `None` if it was removed.
    pub new: Option<Arc<str>>,
    /// What it asks for.
    pub verdict: Verdict,
    /// What has changed besides: its priority, behaviors and the like, for people.
    pub changes: Vec<String>,
    /// What shows the difference: at most one cluster for each direction, then one tick.
    pub examples: Vec<Example>,
}

/// Compares two policies.
pub fn diff(old: &CheckedProgram, new: &CheckedProgram) -> PolicyDiff {
    let sides = side_by_side(old, new);
    let stage = Stage {
        old,
        new,
        schema: &sides.schema,
    };
    let pairs = pairs(&sides);
    let mut whole = Whole::default();
    let rules = pairs.iter().map(|pair| {
        let situations = stage.situations(pair);
        whole.add(&stage, &situations);
        rule_diff(&stage, pair, &situations)
    });
    let rules: Vec<RuleDiff> = rules.collect();
    let limits = limits(&sides);
    let mut diff = PolicyDiff {
        verdict: Verdict::Unknown,
        rules,
        limits,
        params: params(old, new),
        examples: whole.examples,
    };
    diff.verdict = whole_verdict(&sides, &diff);
    diff
}

/// Examples for the policies as a whole, one for each direction.
#[derive(Default)]
struct Whole {
    examples: Vec<Example>,
}

impl Whole {
    fn add(&mut self, stage: &Stage<'_>, situations: &[example::Candidate]) {
        for only in [Only::New, Only::Old] {
            if self.examples.iter().all(|known| known.only != only) {
                let shown = stage.shown(None, situations, only);
                self.examples.extend(shown);
            }
        }
    }
}

fn rule_diff(stage: &Stage<'_>, pair: &Pair<'_>, situations: &[example::Candidate]) -> RuleDiff {
    let changes = match (pair.old, pair.new) {
        (Some(old), Some(new)) => attributes(old, new),
        _ => Vec::new(),
    };
    let examples = [Only::New, Only::Old]
        .into_iter()
        .filter_map(|only| stage.shown(Some(pair), situations, only))
        .collect();
    let mut diff = RuleDiff {
        old: pair.old.map(|rule| Arc::clone(&rule.name)),
        new: pair.new.map(|rule| Arc::clone(&rule.name)),
        verdict: Verdict::Unknown,
        changes,
        examples,
    };
    let (nothing_lost, nothing_added) = match (pair.old, pair.new) {
        (Some(old), Some(new)) => (asks_for_as_much(new, old), asks_for_as_much(old, new)),
        (old, new) => (old.is_none(), new.is_none()),
    };
    diff.verdict = verdict(
        nothing_lost,
        nothing_added,
        diff.changes.is_empty(),
        &diff.examples,
    );
    diff
}

/// What is proved, together with what is shown.
fn verdict(
    nothing_lost: bool,
    nothing_added: bool,
    is_same_otherwise: bool,
    examples: &[Example],
) -> Verdict {
    let shows = |only| examples.iter().any(|example| example.only == only);
    match (nothing_lost, nothing_added) {
        (true, true) if is_same_otherwise => Verdict::Equivalent,
        (true, false) if shows(Only::New) => Verdict::More,
        (false, true) if shows(Only::Old) => Verdict::Less,
        (false, false) if shows(Only::New) && shows(Only::Old) => Verdict::Incomparable,
        _ => Verdict::Unknown,
    }
}

/// The policies as a whole: each rule of one must have a rule of the other that asks for as much, and
/// counts the same.
fn whole_verdict(sides: &SideBySide, diff: &PolicyDiff) -> Verdict {
    let is_covered = |rule: &Rule, by: &[Rule]| {
        let mut alike = by.iter().filter(|other| has_same_attributes(rule, other));
        alike.any(|other| asks_for_as_much(other, rule))
    };
    let is_asked = |rule: &Rule, by: &[Rule]| by.iter().any(|o| asks_for_as_much(o, rule));
    let all = |rules: &[Rule], by: &[Rule]| rules.iter().all(|rule| is_asked(rule, by));
    let is_same_otherwise = diff.limits.is_empty()
        && sides.old.iter().all(|rule| is_covered(rule, &sides.new))
        && sides.new.iter().all(|rule| is_covered(rule, &sides.old));
    verdict(
        all(&sides.old, &sides.new),
        all(&sides.new, &sides.old),
        is_same_otherwise,
        &diff.examples,
    )
}

impl PolicyDiff {
    /// Takes in what a trace shows. What was not proved may be decided by it.
    pub fn add_trace(
        &mut self,
        old: &CheckedProgram,
        new: &CheckedProgram,
        found: &TraceDifferences,
    ) {
        let sides = side_by_side(old, new);
        for (rule, examples) in self.rules.iter_mut().zip(&found.rules) {
            for example in examples {
                add_example(&mut rule.examples, example);
            }
        }
        for example in &found.whole {
            add_example(&mut self.examples, example);
        }
        for (rule, pair) in self.rules.iter_mut().zip(pairs(&sides)) {
            let (nothing_lost, nothing_added) = match (pair.old, pair.new) {
                (Some(old), Some(new)) => (asks_for_as_much(new, old), asks_for_as_much(old, new)),
                (old, new) => (old.is_none(), new.is_none()),
            };
            let is_same = rule.changes.is_empty();
            rule.verdict = verdict(nothing_lost, nothing_added, is_same, &rule.examples);
        }
        self.verdict = whole_verdict(&sides, self);
    }
}

/// A tick is told beside a cluster, and one tick for each direction is enough.
fn add_example(examples: &mut Vec<Example>, example: &Example) {
    let is_tick = |example: &Example| matches!(example.state, ExampleState::Tick { .. });
    let mut known = examples.iter();
    if !known.any(|known| known.only == example.only && is_tick(known)) {
        examples.push(example.clone());
    }
}

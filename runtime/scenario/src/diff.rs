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
use example::{Candidate, Stage};
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

/// What is proved about all clusters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// All that was asked for before is asked for.
    pub nothing_lost: bool,
    /// Nothing is asked for that was not before.
    pub nothing_added: bool,
}

/// How two policies differ.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDiff {
    /// The policies as a whole.
    pub verdict: Verdict,
    /// What is proved of the policies as a whole.
    pub proved: Proved,
    /// Whether it counts the same what they ask for: priorities, cooldowns, limits.
    pub counts_the_same: bool,
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
    /// What is proved of it.
    pub proved: Proved,
    /// What has changed besides: its priority, behaviors and the like, for people.
    pub changes: Vec<String>,
    /// What shows the difference: at most one cluster for each direction, then one tick.
    pub examples: Vec<Example>,
}

/// So many rules of the other policy are looked at for one that asks for as much as a rule does.
const RULES_MAX: usize = 256;

/// For so many rules that differ clusters are searched that show it; the others may stay unknown.
const SEARCHED_MAX: usize = 256;

/// Compares two policies.
pub fn diff(old: &CheckedProgram, new: &CheckedProgram) -> PolicyDiff {
    let sides = side_by_side(old, new);
    let pairs = pairs(&sides);
    let proofs: Vec<Proved> = pairs.iter().map(Proved::of).collect();
    let stage = Stage {
        old,
        new,
        schema: &sides.schema,
    };
    let mut examples: Vec<Example> = Vec::new();
    let mut searches_left = SEARCHED_MAX;
    let rules = pairs.iter().zip(&proofs).map(|(pair, proved)| {
        let is_searched = !proved.is_all() && searches_left > 0;
        searches_left -= usize::from(is_searched);
        let situations = match is_searched {
            true => stage.situations(pair),
            false => Vec::new(),
        };
        for only in [Only::New, Only::Old] {
            if examples.iter().all(|known| known.only != only) {
                examples.extend(stage.shown(None, &situations, only));
            }
        }
        rule_diff(&stage, pair, *proved, &situations)
    });
    let rules: Vec<RuleDiff> = rules.collect();
    let limits = limits(&sides);
    let whole = Whole {
        sides: &sides,
        pairs: &pairs,
        proofs: &proofs,
    };
    let proved = whole.proved();
    let counts_the_same = limits.is_empty() && whole.counts_the_same();
    PolicyDiff {
        verdict: verdict(proved, counts_the_same, &examples),
        proved,
        counts_the_same,
        rules,
        limits,
        params: params(old, new),
        examples,
    }
}

impl Proved {
    fn of(pair: &Pair<'_>) -> Proved {
        match (pair.old, pair.new) {
            (Some(old), Some(new)) => Proved {
                nothing_lost: asks_for_as_much(new, old),
                nothing_added: asks_for_as_much(old, new),
            },
            (old, new) => Proved {
                nothing_lost: old.is_none(),
                nothing_added: new.is_none(),
            },
        }
    }

    /// Whether the same is asked for.
    fn is_all(self) -> bool {
        self.nothing_lost && self.nothing_added
    }
}

fn rule_diff(
    stage: &Stage<'_>,
    pair: &Pair<'_>,
    proved: Proved,
    situations: &[Candidate],
) -> RuleDiff {
    let changes = match (pair.old, pair.new) {
        (Some(old), Some(new)) => attributes(old, new, proved),
        _ => Vec::new(),
    };
    let examples = [Only::New, Only::Old].into_iter();
    let examples: Vec<Example> = examples
        .filter_map(|only| stage.shown(Some(pair), situations, only))
        .collect();
    RuleDiff {
        old: pair.old.map(|rule| Arc::clone(&rule.name)),
        new: pair.new.map(|rule| Arc::clone(&rule.name)),
        verdict: verdict(proved, changes.is_empty(), &examples),
        proved,
        changes,
        examples,
    }
}

/// What is proved, together with what is shown.
fn verdict(proved: Proved, counts_the_same: bool, examples: &[Example]) -> Verdict {
    let shows = |only| examples.iter().any(|example| example.only == only);
    match (proved.nothing_lost, proved.nothing_added) {
        (true, true) if counts_the_same => Verdict::Equivalent,
        (true, false) if shows(Only::New) => Verdict::More,
        (false, true) if shows(Only::Old) => Verdict::Less,
        (false, false) if shows(Only::New) && shows(Only::Old) => Verdict::Incomparable,
        _ => Verdict::Unknown,
    }
}

/// The policies as a whole: each rule of one must have a rule of the other that asks for as much, the one
/// that it is paired with or another one.
struct Whole<'w> {
    sides: &'w SideBySide,
    pairs: &'w [Pair<'w>],
    proofs: &'w [Proved],
}

impl Whole<'_> {
    fn proved(&self) -> Proved {
        let is_asked = |rule: Option<&Rule>, is_by_pair: bool, others: &[Rule]| {
            let others = others.iter().take(RULES_MAX);
            let mut others = others.filter(|_| rule.is_some());
            is_by_pair || rule.is_none_or(|rule| others.any(|o| asks_for_as_much(o, rule)))
        };
        let pairs = || self.pairs.iter().zip(self.proofs);
        Proved {
            nothing_lost: pairs()
                .all(|(pair, proved)| is_asked(pair.old, proved.nothing_lost, &self.sides.new)),
            nothing_added: pairs()
                .all(|(pair, proved)| is_asked(pair.new, proved.nothing_added, &self.sides.old)),
        }
    }

    /// Whether what each rule asks for is asked for by one that counts the same.
    fn counts_the_same(&self) -> bool {
        let counts = |rule: Option<&Rule>, is_by_pair: bool, others: &[Rule]| {
            is_by_pair
                || rule.is_none_or(|rule| {
                    let others = others.iter().take(RULES_MAX);
                    let mut others = others.filter(|other| has_same_attributes(rule, other));
                    others.any(|other| asks_for_as_much(other, rule))
                })
        };
        self.pairs.iter().zip(self.proofs).all(|(pair, proved)| {
            let both = pair.old.zip(pair.new);
            let is_same = both.is_some_and(|(old, new)| has_same_attributes(old, new));
            counts(pair.old, is_same && proved.nothing_lost, &self.sides.new)
                && counts(pair.new, is_same && proved.nothing_added, &self.sides.old)
        })
    }
}

impl PolicyDiff {
    /// Takes in what a trace shows: what was not shown by a cluster may be shown by it.
    pub fn add_trace(&mut self, found: &TraceDifferences) {
        for (rule, examples) in self.rules.iter_mut().zip(&found.rules) {
            rule.examples.extend(examples.iter().cloned());
            rule.verdict = verdict(rule.proved, rule.changes.is_empty(), &rule.examples);
        }
        self.examples.extend(found.whole.iter().cloned());
        self.verdict = verdict(self.proved, self.counts_the_same, &self.examples);
    }
}

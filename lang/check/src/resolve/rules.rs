//! All rules of a program, and what is kept of each so that only those that change need be checked again.

use std::ops::Range;
use std::sync::Arc;

use plasma_diagnostic::{Diagnostic, FileId, Span, TextChange};
use plasma_syntax::tree::{self, Item, Tree};
use rustc_hash::FxHashMap;

use super::{Checker, RuleChecker};
use crate::error::duplicate_name;
use crate::names::Named;
use crate::program::Rule;

/// What else than the rule itself came of checking a rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// What is wrong or doubtful with it.
    reports: Vec<Diagnostic>,
    /// The parameters that it uses, by their places.
    params: Vec<usize>,
    /// The definitions that it uses, by their places.
    definitions: Vec<usize>,
}

/// The rules of a program after checking.
#[derive(Clone, Debug, Default)]
pub(crate) struct CheckedRules {
    /// Those without a mistake.
    pub(crate) rules: Vec<Rule>,
    /// For each rule, those with a mistake included, what else came of checking it.
    pub(crate) outcomes: Vec<Outcome>,
}

/// What became of the rules of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) file: FileId,
    pub(crate) text: TextChange,
    /// The rules that are gone, by their places among all.
    pub(crate) gone: Range<usize>,
    /// How many came in their place.
    pub(crate) came: usize,
}

impl Change {
    /// Where a rule now is among all; it is none of those that are gone.
    pub(crate) fn place(&self, place: usize) -> usize {
        match place < self.gone.end {
            true => place,
            false => place - self.gone.len() + self.came,
        }
    }

    /// Whether rules have another place than before.
    pub(crate) fn renumbers(&self) -> bool {
        self.gone.len() != self.came
    }
}

/// Checks all rules of the module being checked, which are numbered behind those that are checked already.
pub(super) fn check_rules(checker: &mut Checker<'_>, all: &mut CheckedRules) {
    let tree = checker.tree;
    let rules = tree.rules().count();
    all.rules.reserve(rules);
    all.outcomes.reserve(rules);
    let first_index = all.outcomes.len();
    check_some(checker, tree.rules(), 0, first_index, all);
}

/// Checks the rules that came with a change, and takes over all others as they were; reports what was wrong or
/// doubtful with any. What their names stand for is noted of those that came.
pub(super) fn check_again(
    checker: &mut Checker<'_>,
    change: &Change,
    before: CheckedRules,
) -> CheckedRules {
    let mut all = before;
    let mut came = CheckedRules::default();
    let first = change.gone.start;
    let new = checker.tree.rules().skip(first).take(change.came);
    check_some(checker, new, first, first, &mut came);
    all.replace(change, came);
    for outcome in &all.outcomes {
        outcome
            .params
            .iter()
            .for_each(|place| checker.params.mark_used(*place));
        let definitions = outcome.definitions.iter();
        definitions.for_each(|place| checker.definitions.mark_used(*place));
    }
    checker.params.take_used();
    checker.definitions.take_used();
    all
}

/// Checks rules that follow each other. The first has a place in its file and another one among all.
fn check_some<'a>(
    checker: &mut Checker<'a>,
    rules: impl Iterator<Item = &'a tree::Rule> + Clone,
    first_place: usize,
    first_index: usize,
    all: &mut CheckedRules,
) {
    let tree = checker.tree;
    let module = checker.module;
    let mut following = rules.clone().skip(1);
    checker.params.take_used();
    checker.definitions.take_used();
    let before = checker.diagnostics.len();
    let mut state = RuleChecker::new(checker, first_index);
    for (number, rule) in rules.enumerate() {
        if let Some(next) = following.next() {
            tree.bring_near(rule.condition, next.condition);
        }
        state.begin(first_index + number);
        let noted = state.checker.names.len();
        if let Some(name) = rule.name() {
            state.checker.note(name.span, Named::Rule(state.index));
        }
        state.check(rule, first_place + number, &mut all.rules);
        // Few at a time: what is left to sort in the end is almost in order.
        if let Some(noted) = state.checker.names.get_mut(noted..) {
            noted.sort_by_key(|(span, _)| *span);
        }
        let checker = &mut *state.checker;
        checker.keep_reports(before, module);
        all.outcomes.push(Outcome {
            reports: checker.diagnostics.drain(before..).collect(),
            params: checker.params.take_used(),
            definitions: checker.definitions.take_used(),
        });
    }
}

/// Reports the rules of the module being checked that are called as an earlier one.
pub(super) fn report_duplicates(checker: &mut Checker<'_>) {
    let tree = checker.tree;
    let mut names: FxHashMap<&str, Span> = FxHashMap::default();
    for (place, rule) in tree.rules().enumerate() {
        let Some(name) = rule.name() else { continue };
        let text = checker.text(name);
        let first = *names.entry(text).or_insert(name.span);
        if first != name.span {
            let report = duplicate_name::rule(name.span, text, first, place + 1);
            checker.report(report);
        }
    }
}

impl CheckedRules {
    /// What is wrong or doubtful with the rules.
    pub(super) fn reports(&self) -> impl Iterator<Item = &Diagnostic> {
        self.outcomes.iter().flat_map(|outcome| &outcome.reports)
    }

    /// Puts rules in the place of others.
    fn replace(&mut self, change: &Change, came: CheckedRules) {
        let place = |index| self.rules.partition_point(|rule| rule.index < index);
        let places = place(change.gone.start)..place(change.gone.end);
        self.go(change);
        self.rules.splice(places, came.rules);
        self.outcomes.splice(change.gone.clone(), came.outcomes);
    }

    /// Has what stays know where it is.
    fn go(&mut self, change: &Change) {
        // What a rule takes from a definition stands there, before or behind it.
        for rule in &mut self.rules {
            rule.move_spans(change.file, &change.text);
            if rule.index >= change.gone.end && change.renumbers() {
                rule.index = change.place(rule.index);
                // Those without a name of the policy itself are called by their places.
                if rule.name.starts_with('#') {
                    rule.name = Arc::from(format!("#{}", rule.index + 1));
                }
            }
        }
        for report in self
            .outcomes
            .iter_mut()
            .flat_map(|outcome| &mut outcome.reports)
        {
            report.move_spans(change.file, &change.text);
        }
    }
}

/// How many of the first items are rules.
pub(super) fn rules_before(tree: &Tree, items: usize) -> usize {
    let before = tree.items().iter().take(items);
    before.filter(|item| matches!(item, Item::Rule(_))).count()
}

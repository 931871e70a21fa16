//! Lints about one rule without mistakes.

use super::{
    ambiguous_server, colocation_chain, cross_product, never_released, no_gap, truth,
    unused_variable,
};
use crate::program::Rule;
use crate::resolve::{Checker, Facts, anchored};

/// Reports what a rule leaves in doubt.
pub(crate) fn check(checker: &mut Checker<'_>, rule: &Rule, facts: &Facts<'_, '_>) {
    let before = checker.diagnostics.len();
    let source = |span| checker.text_at(span);
    let mut found = Vec::new();
    truth::check(rule, facts, &source, &mut found);
    no_gap::check(rule, &mut found);
    never_released::check(rule, facts, &source, &mut found);
    cross_product::check(rule, facts, &mut found);
    colocation_chain::check(rule, &mut found);
    ambiguous_server::check(rule, facts, &mut found);
    unused_variable::check(rule, facts, &source, &mut found);
    for diagnostic in found {
        let diagnostic = anchored(diagnostic, rule.span, facts.expanded);
        // A definition that is used twice may say one thing twice.
        let new = checker.diagnostics.get(before..).unwrap_or(&[]);
        if !new.contains(&diagnostic) {
            checker.report(diagnostic);
        }
    }
}

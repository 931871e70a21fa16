//! Lints about one rule without mistakes.

use super::{
    ambiguous_server, colocation_chain, cross_product, never_released, no_gap, truth,
    unused_variable,
};
use crate::program::Rule;
use crate::resolve::{Checker, Facts};

/// Reports what a rule leaves in doubt.
pub(crate) fn check(checker: &mut Checker<'_>, rule: &Rule, facts: &Facts<'_, '_>) {
    let tree = checker.tree;
    let found = &mut checker.diagnostics;
    truth::check(rule, facts, tree, found);
    no_gap::check(rule, found);
    never_released::check(rule, facts, tree, found);
    cross_product::check(rule, facts, found);
    colocation_chain::check(rule, found);
    ambiguous_server::check(rule, facts, found);
    unused_variable::check(rule, facts, tree, found);
}

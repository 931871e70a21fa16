//! Gives a rule without a name one, by which `why`, tests and recordings then call it.

use plasma_diagnostic::{Edit, Span};

use super::headline::name_for;
use crate::Analysis;

/// The change that names the rule at a place; `None` if there is none without a name.
pub(super) fn name_rule(analysis: &Analysis, place: Span) -> Option<(String, Vec<Edit>)> {
    let mut rules = analysis.tree().rules();
    let rule = rules.find(|rule| rule.span.meets(place))?;
    if rule.head.is_some() {
        return None;
    }
    let name = name_for(analysis, rule);
    let edit = Edit {
        span: rule.span.before(),
        text: format!("rule {name}: "),
    };
    Some((format!("name this rule `{name}`"), vec![edit]))
}

//! Silences a lint where it is reported, for a month: a reason seldom holds for ever.

use plasma_diagnostic::{Code, Diagnostic, Edit, Severity, Span};
use plasma_syntax::tree::Item;

use super::headline::{rule_at, with_attribute};
use crate::Analysis;

/// For how long.
const DAYS: u16 = 30;

/// The changes that silence a lint in its rule, and in the whole document.
pub(super) fn silence(analysis: &Analysis, diagnostic: &Diagnostic) -> Vec<(String, Edit)> {
    let is_lint = diagnostic.code.severity() == Severity::Warning;
    let Some(today) = analysis
        .today()
        .filter(|_| is_lint && diagnostic.code != Code::ExpiredAllow)
    else {
        return Vec::new();
    };
    let lint = diagnostic.code.name();
    let until = today.days_later(DAYS);
    let allow = format!("allow \"{lint}\" \"say why\" until \"{until}\"");
    let rule = rule_at(analysis.tree(), diagnostic.primary);
    let is_requirement = |start| {
        let mut requirements = analysis.tree().requirements();
        requirements.any(|requirement| requirement.span.start == start)
    };
    let rule = rule.filter(|rule| !is_requirement(rule.span.start));
    let in_rule = rule.and_then(|rule| with_attribute(analysis, rule, &allow));
    let in_rule =
        in_rule.map(|edit| (format!("silence `{lint}` in this rule until {until}"), edit));
    let in_file = at_beginning(analysis, &format!("{allow};"));
    let in_file = (
        format!("silence `{lint}` in this file until {until}"),
        in_file,
    );
    in_rule.into_iter().chain([in_file]).collect()
}

/// The change that adds an `allow` of the whole document: before those that there are, or at the beginning.
fn at_beginning(analysis: &Analysis, allow: &str) -> Edit {
    let span = match analysis.tree().items().first() {
        Some(Item::Allow(first)) => first.span.before(),
        _ => Span::new(analysis.file, 0, 0),
    };
    Edit {
        span,
        text: format!("{allow}\n"),
    }
}

//! `allow "no-gap" "why" until "2027-01-31"`: lints that the text itself silences, in the whole file
//! or in one rule.

use plasma_diagnostic::{Code, Diagnostic, Severity, Span, lint_named};
use plasma_syntax::tree::{AllowDecl, AttributeName, Item};

use super::expired_allow::expired_allow;
use crate::Date;
use crate::error::wrong_allow;
use crate::resolve::Checker;

/// A lint that the text silences.
#[derive(Clone, Debug, PartialEq)]
pub struct Silenced {
    /// What would be reported.
    pub diagnostic: Diagnostic,
    /// Why it is not, as the `allow` says.
    pub reason: String,
    /// The last day on which it is not.
    pub until: Date,
    /// The `allow`.
    pub allow: Span,
}

/// An `allow` in force.
struct Allow {
    lint: Code,
    reason: String,
    until: Date,
    span: Span,
    /// The text in which the lint is silent; `None` for all of it.
    within: Option<Span>,
}

impl Allow {
    fn silences(&self, diagnostic: &Diagnostic) -> bool {
        let place = diagnostic.primary;
        diagnostic.code == self.lint
            && self.within.is_none_or(|within| {
                within.file == place.file && (within.start..within.end).contains(&place.start)
            })
    }
}

/// Takes what the text silences out of what was found so far, and reports every `allow` that is
/// wrong or has expired.
pub(crate) fn check(checker: &mut Checker<'_>, today: Option<Date>) -> Vec<Silenced> {
    let allows = allows(checker, today);
    if allows.is_empty() {
        return Vec::new();
    }
    let mut silenced = Vec::new();
    for diagnostic in std::mem::take(&mut checker.diagnostics) {
        let is_lint = diagnostic.code.severity() == Severity::Warning;
        // The nearest one says why.
        let allow = allows
            .iter()
            .rev()
            .find(|allow| allow.silences(&diagnostic));
        match allow.filter(|_| is_lint) {
            Some(allow) => silenced.push(Silenced {
                diagnostic,
                reason: allow.reason.clone(),
                until: allow.until,
                allow: allow.span,
            }),
            None => checker.report(diagnostic),
        }
    }
    silenced.sort_by_key(|s| (s.diagnostic.primary, s.diagnostic.code));
    silenced
}

/// The `allow`s in force: those of the file first.
fn allows(checker: &mut Checker<'_>, today: Option<Date>) -> Vec<Allow> {
    let tree = checker.tree;
    let mut allows = Vec::new();
    let mut is_first = true;
    for item in tree.items() {
        match item {
            Item::Allow(_) if !is_first => {
                checker.report(wrong_allow::misplaced(item.span()));
            }
            Item::Allow(allow) => allows.extend(read(checker, allow, None, today)),
            Item::Rule(rule) => {
                for attribute in rule.head.iter().flat_map(|head| &head.attributes) {
                    match (attribute.name, &attribute.allow) {
                        (AttributeName::Allow, Some(allow)) => {
                            allows.extend(read(checker, allow, Some(rule.span), today));
                        }
                        (AttributeName::Allow, None) => {
                            checker.report(wrong_allow::no_lint(attribute.span));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        is_first &= matches!(item, Item::Allow(_));
    }
    allows
}

/// What an `allow` says; `None` if it is wrong or has expired, which is reported.
fn read(
    checker: &mut Checker<'_>,
    allow: &AllowDecl,
    within: Option<Span>,
    today: Option<Date>,
) -> Option<Allow> {
    let tree = checker.tree;
    let lint = match lint_named(&tree.text_value(allow.lint)) {
        Ok(lint @ Code::ExpiredAllow) => {
            checker.report(wrong_allow::about_itself(allow.lint, lint.name()));
            return None;
        }
        Ok(lint) => lint,
        Err(error) => {
            checker.report(wrong_allow::unknown_lint(allow.lint, &error));
            return None;
        }
    };
    let reason = allow.reason.map(|span| tree.text_value(span));
    let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) else {
        let span = allow.reason.unwrap_or(allow.span);
        checker.report(wrong_allow::no_reason(span, lint.name()));
        return None;
    };
    let Some(day) = allow.until else {
        checker.report(wrong_allow::no_day(allow.span, lint.name()));
        return None;
    };
    let text = tree.text_value(day);
    let Some(until) = Date::from_text(&text) else {
        checker.report(wrong_allow::bad_day(day, &text));
        return None;
    };
    if today.is_some_and(|today| today > until) {
        checker.report(expired_allow(allow.span, lint.name(), until));
        return None;
    }
    Some(Allow {
        lint,
        reason,
        until,
        span: allow.span,
        within,
    })
}

//! Hints about cluster literals and tests.

use plasma_diagnostic::Fix;

use super::{Advice, Hint, replacement};
use crate::error::syntax_error::Place;
use crate::expected::Expected;
use crate::token::TokenKind;

/// The first that applies is taken.
pub(super) const HINTS: &[Hint] = &[host_with_in, statement_with_semicolon];

/// What would else be taken for a mistake in a rule.
pub(super) const OF_TESTS: &[Hint] = &[test_without_quotes, expectation_of_others, in_for_within];

/// `Folder f in s1 { .. }`
fn host_with_in(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let found = place.found()?;
    if found.kind != TokenKind::In || !expected.has("on") {
        return None;
    }
    replacement(
        "an actor is `on` a server: `Folder f on s1`",
        Fix::safe("replace with `on`", place.span(found), "on"),
    )
}

/// `test hot { .. }`
fn test_without_quotes(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let found = place.found()?;
    if place.before(1)?.kind != TokenKind::Test || !expected.has("text") {
        return None;
    }
    let quoted = format!("\"{}\"", place.text(found));
    replacement(
        "the name of a test is a text in quotes",
        Fix::safe(
            format!("replace with `{quoted}`"),
            place.span(found),
            quoted,
        ),
    )
}

/// `assert f on s2;`
fn expectation_of_others(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let word = place.before(1)?;
    let is_foreign = matches!(
        place.text(word),
        "assert" | "check" | "ensure" | "must" | "should" | "verify" | "expects" | "assume"
    );
    if !is_foreign || !expected.has("->") {
        return None;
    }
    replacement(
        "what a test expects begins with `expect`",
        Fix::safe("replace with `expect`", place.span(word), "expect"),
    )
}

/// `eventually f on s2 in 30s;`
fn in_for_within(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let (word, found) = (place.before(1)?, place.found()?);
    let is_time = word.kind == TokenKind::In && found.kind == TokenKind::Number;
    if !is_time || !expected.has("ref") || !place.is_in_test() {
        return None;
    }
    replacement(
        "by when something must have held, is written `within`",
        Fix::safe("replace with `within`", place.span(word), "within"),
    )
}

/// `server s1; client -> f.open: 5;`
fn statement_with_semicolon(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let found = place.found()?;
    if found.kind != TokenKind::Semicolon || !expected.is_at_statement() {
        return None;
    }
    replacement(
        "statements about a cluster end without `;`",
        Fix::safe("remove `;`", place.span(found), ""),
    )
}

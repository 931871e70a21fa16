//! Hints about cluster literals.

use plasma_diagnostic::Fix;

use super::{Advice, Hint, replacement};
use crate::error::syntax_error::Place;
use crate::expected::Expected;
use crate::token::TokenKind;

/// The first that applies is taken.
pub(super) const HINTS: &[Hint] = &[host_with_in, statement_with_semicolon];

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

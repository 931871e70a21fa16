//! Hints about declarations: actors and parameters.

use plasma_diagnostic::Fix;

use super::{Advice, Hint, advice, replacement};
use crate::error::syntax_error::Place;
use crate::expected::Expected;
use crate::token::TokenKind;

/// The first that applies is taken.
pub(super) const HINTS: &[Hint] = &[
    function_with_parameters,
    actor_without_end,
    comma_between_members,
    actor_without_braces,
    colon_for_equal_sign,
];

/// `fn open(path);`
fn function_with_parameters(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    let is_declared = place.kind_before(2) == Some(TokenKind::Fn);
    if !is_declared || place.found()?.kind != TokenKind::LeftParen {
        return None;
    }
    let name = place.text(place.before(1)?);
    advice(format!(
        "a function is declared by its name alone: `fn {name};`"
    ))
}

/// `actor Folder { fn open;` and then something else
fn actor_without_end(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    use TokenKind::{Actor, Param, Rule};
    let ends = place
        .found()
        .is_none_or(|token| matches!(token.kind, Actor | Param | Rule));
    if !ends || !expected.has("fn") || !expected.has("}") {
        return None;
    }
    advice("the declaration of an actor type ends with `}`")
}

/// `files: [File], depth: int`
fn comma_between_members(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    use TokenKind::{Behavior, Comma};
    let sign = place.found()?;
    let ends_member = expected.missing_sign() == Some(";");
    if sign.kind != Comma || !ends_member || place.kind_ahead(1) == Some(Behavior) {
        return None;
    }
    replacement(
        "each line ends with `;`",
        Fix::safe("replace with `;`", place.span(sign), ";"),
    )
}

/// `actor Folder;`
fn actor_without_braces(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let sign = place.found()?;
    let is_actor = place.kind_before(2) == Some(TokenKind::Actor);
    if sign.kind != TokenKind::Semicolon || !is_actor || !expected.is_only("{") {
        return None;
    }
    let name = place.text(place.before(1)?);
    replacement(
        format!("a type that offers nothing is declared by `actor {name} {{ }}`"),
        Fix::safe("replace `;` with `{ }`", place.span(sign), " { }"),
    )
}

/// `param high: 80%;`
fn colon_for_equal_sign(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let sign = place.found()?;
    let is_param = place.kind_before(2) == Some(TokenKind::Param);
    if sign.kind != TokenKind::Colon || !is_param || !expected.has("=") {
        return None;
    }
    replacement(
        "a parameter gets its value with `=`: `param high = 80%;`",
        Fix::safe("replace with `=`", place.span(sign), " ="),
    )
}

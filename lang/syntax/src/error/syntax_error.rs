//! E0002 syntax-error: tokens in an order that the grammar does not know.

mod definition;
mod hint;
mod mended;
mod place;
mod series;

use lalrpop_util::ParseError;
use plasma_diagnostic::{Code, Diagnostic, Fix, Span};

pub(crate) use definition::*;
pub(crate) use mended::*;
pub(crate) use place::Place;
pub(crate) use series::*;

use super::bad_token::shown;
use crate::builder::Error;
use crate::expected::{Expected, joined};
use crate::token::{Token, TokenKind};

fn syntax(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::SyntaxError, span, message)
}

/// Whether a mistake is no more than a sign that is missing.
pub(crate) fn is_missing_sign(error: &Error) -> bool {
    expected_by(error).missing_sign().is_some()
}

fn expected_by(error: &Error) -> Expected {
    match error {
        ParseError::UnrecognizedEof { expected, .. }
        | ParseError::UnrecognizedToken { expected, .. } => Expected::new(expected),
        ParseError::InvalidToken { .. }
        | ParseError::ExtraToken { .. }
        | ParseError::User { .. } => Expected::new(&[]),
    }
}

/// What to say about an unexpected token; `None` if it, or what stands before it, is text that was
/// reported when it was read.
pub(crate) fn unexpected(place: &Place<'_>, error: &Error) -> Option<Diagnostic> {
    let expected = expected_by(error);
    let is_bad = |token: Option<Token>| token.is_some_and(|t| t.kind == TokenKind::Bad);
    if is_bad(place.found()) || is_bad(place.before(1)) {
        return None;
    }
    let expected = if place.is_after_comparison() {
        expected.without_comparisons()
    } else {
        expected
    };
    let diagnostic = general(place, &expected);
    let open = expected.has(")").then(|| place.unclosed()).flatten();
    let diagnostic = match open {
        Some(open) => unclosed(diagnostic, place, open),
        None => diagnostic,
    };
    Some(hint::add(diagnostic, place, &expected))
}

/// "expected .., found ..". A missing sign is shown where it belongs: behind the token before.
fn general(place: &Place<'_>, expected: &Expected) -> Diagnostic {
    let words = joined(&expected.words());
    let missing = expected.missing_sign();
    let Some(found) = place.found() else {
        let message = if words.is_empty() {
            "unexpected end of the text".to_owned()
        } else {
            format!("expected {words}, found the end of the text")
        };
        let diagnostic = syntax(place.after_previous(), message);
        return match missing {
            Some(sign) => insert(diagnostic, place, sign),
            None => diagnostic,
        };
    };
    let text = shown(place.text(found));
    let begins_item = found.kind.begins_item();
    if let Some(sign) = missing {
        let message = format!("expected {words}, found `{text}`");
        return insert(syntax(place.after_previous(), message), place, sign);
    }
    let message = if words.is_empty() {
        format!("unexpected `{text}`")
    } else {
        format!("expected {words}, found `{text}`")
    };
    // Before the next item, what is missing belongs to the one before.
    let is_in_item = begins_item && !expected.has("rule") && place.before(1).is_some();
    let span = if is_in_item {
        place.after_previous()
    } else {
        place.span(found)
    };
    syntax(span, message)
}

/// Shows the parenthesis that was left open.
fn unclosed(diagnostic: Diagnostic, place: &Place<'_>, open: Token) -> Diagnostic {
    use TokenKind::{FatArrow, Semicolon};
    let diagnostic = diagnostic.with_label(place.span(open), "this parenthesis is not closed");
    let ends_here = matches!(
        place.found().map(|t| t.kind),
        None | Some(FatArrow | Semicolon)
    );
    if !ends_here || !diagnostic.fixes.is_empty() {
        return diagnostic;
    }
    diagnostic.with_fix(Fix::doubtful("insert `)`", place.after_previous(), ")"))
}

/// Offers to put a missing sign behind the token before.
fn insert(diagnostic: Diagnostic, place: &Place<'_>, sign: &str) -> Diagnostic {
    let title = format!("insert `{sign}`");
    let fix = Fix {
        safe: sign == ";" && place.found_begins_anew(),
        ..Fix::doubtful(title, place.after_previous(), sign)
    };
    diagnostic
        .with_primary_label(format!("`{sign}` is missing here"))
        .with_fix(fix)
}

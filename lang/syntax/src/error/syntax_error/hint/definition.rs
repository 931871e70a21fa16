//! Hints about definitions and used modules.

use plasma_diagnostic::{Fix, Span};

use super::{Advice, Hint, advice, replacement};
use crate::error::syntax_error::Place;
use crate::expected::Expected;
use crate::token::TokenKind;

/// The first that applies is taken.
pub(super) const HINTS: &[Hint] = &[
    definition_without_parentheses,
    colon_for_equal_sign,
    parameter_without_type,
    quoted_path,
    path_with_other_signs,
    settings_without_braces,
];

/// `def hot = server.cpu.perc > 80;`
fn definition_without_parentheses(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let sign = place.found()?;
    let is_named = place.kind_before(2) == Some(TokenKind::Def);
    if !is_named || !expected.has("(") || sign.kind == TokenKind::LeftParen {
        return None;
    }
    let name = place.text(place.before(1)?);
    let help = format!(
        "what a definition is about stands in parentheses, also if that is nothing: `def {name}() = ..`"
    );
    match sign.kind {
        TokenKind::Equal => {
            let fix = Fix::safe("insert `()`", place.after_previous(), "()");
            replacement(help, fix)
        }
        _ => advice(help),
    }
}

/// `def busy(s: server): s.cpu.perc > 80;` and with `=>`
fn colon_for_equal_sign(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let sign = place.found()?;
    let is_sign = matches!(sign.kind, TokenKind::Colon | TokenKind::FatArrow);
    let is_behind = place.kind_before(1) == Some(TokenKind::RightParen);
    if !is_sign || !is_behind || !expected.is_only("=") {
        return None;
    }
    replacement(
        "what a definition stands for follows `=`: `def busy(s: server) = s.cpu.perc > 80;`",
        Fix::safe("replace with `=`", place.span(sign), " ="),
    )
}

/// `def busy(s) = ..` and `def busy(server(s)) = ..`
fn parameter_without_type(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let sign = place.found()?.kind;
    let is_param = expected.is_only(":")
        && matches!(
            place.kind_before(2),
            Some(TokenKind::LeftParen | TokenKind::Comma)
        );
    let ends = matches!(
        sign,
        TokenKind::RightParen | TokenKind::Comma | TokenKind::LeftParen
    );
    if !is_param || !ends {
        return None;
    }
    let name = place.text(place.before(1)?);
    if sign == TokenKind::LeftParen {
        let inner = place.text(place.ahead(1)?);
        return advice(format!(
            "in a definition the name stands first: `{inner}: {name}`"
        ));
    }
    advice(format!(
        "each name says what it stands for: `{name}: server`, `{name}: Folder`, `{name}: any`, \
         `{name}: percent`"
    ))
}

/// `use "lib/hot.plasma";`
fn quoted_path(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    let text = place.found()?;
    if text.kind != TokenKind::Text || place.kind_before(1) != Some(TokenKind::Use) {
        return None;
    }
    let inner = place.text(text).trim_matches('"');
    let path = inner.strip_suffix(".plasma").unwrap_or(inner);
    let path = path.trim_start_matches("./").replace('/', ".");
    let is_path = path.split('.').all(|word| {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(is_letter)
    });
    let help = "a module is named by its path below this file's folder, with dots and without \
                `.plasma`: `use lib.hot;` is `lib/hot.plasma`";
    if !is_path {
        return advice(help);
    }
    let fix = Fix::doubtful(format!("replace with `{path}`"), place.span(text), path);
    replacement(help, fix)
}

/// `use std::hotspot;` and `use std/hotspot;`
fn path_with_other_signs(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    use TokenKind::{Colon, Slash};
    let (sign, next) = (place.found()?, place.ahead(1)?);
    if !is_in_path(place) {
        return None;
    }
    let whole = match (sign.kind, next.kind) {
        (Colon, Colon) => Span {
            end: place.span(next).end,
            ..place.span(sign)
        },
        (Slash, _) => place.span(sign),
        _ => return None,
    };
    replacement(
        "the words of a path are joined with dots: `use std.hotspot;`",
        Fix::safe("replace with `.`", whole, "."),
    )
}

/// `use std.hotspot with share = 40%;`
fn settings_without_braces(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    if place.text(place.found()?) != "with" || !is_in_path(place) {
        return None;
    }
    advice("the parameters of a module are set in braces: `with { share = 40% }`")
}

/// Whether all before the place, back to a `use`, is a path.
fn is_in_path(place: &Place<'_>) -> bool {
    let before = (1..).map(|back| place.kind_before(back));
    let mut before = before.skip_while(|kind| {
        use TokenKind::{Dot, Lower, Upper};
        matches!(kind, Some(Lower | Upper | Dot))
    });
    before.next() == Some(Some(TokenKind::Use))
}

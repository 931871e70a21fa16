//! Hints about the parts of a rule: head, condition, arrow and behaviors.

use plasma_diagnostic::{Fix, Span};

use super::{Advice, Hint, advice, replacement};
use crate::error::syntax_error::Place;
use crate::expected::Expected;
use crate::token::TokenKind;
use crate::tree::AttributeName;

/// The first that applies is taken.
pub(super) const HINTS: &[Hint] = &[
    thin_arrow,
    rule_without_name,
    attribute_without_brackets,
    attribute_missing,
    block,
    name_without_rule,
    missing_condition,
    semicolon_for_arrow,
    extra_sign,
    condition_without_behaviors,
];

/// `server.cpu > 80 -> pin(f);`
fn thin_arrow(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let found = place.found()?;
    if found.kind != TokenKind::ThinArrow || !expected.has("=>") {
        return None;
    }
    replacement(
        "the behaviors of a rule stand after `=>`",
        Fix::safe("replace with `=>`", place.span(found), "=>"),
    )
}

/// `rule: server.cpu > 80 => ..` or `rule [priority 1]: ..`
fn rule_without_name(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    let sign = place.found()?.kind;
    let word = place.text(place.before(1)?);
    if word != "rule" || !matches!(sign, TokenKind::Colon | TokenKind::LeftBracket) {
        return None;
    }
    advice("a rule that begins with `rule` has a name: `rule hot_folder: ..`")
}

/// `rule x []: ..`
fn attribute_missing(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let is_in_brackets = place.kind_before(3) == Some(TokenKind::Rule)
        && place.kind_before(1) == Some(TokenKind::LeftBracket);
    if !is_in_brackets || !expected.has("lower") {
        return None;
    }
    advice("for example `[priority 10]`")
}

/// `server.cpu > 80;`
fn condition_without_behaviors(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let is_end = place
        .found()
        .is_none_or(|token| token.kind == TokenKind::Semicolon);
    if !is_end || !expected.has("=>") {
        return None;
    }
    advice("a condition is followed by `=>` and what to do: `=> pin(f);`")
}

/// `rule hot priority 10: ..`
fn attribute_without_brackets(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let (word, number) = (place.found()?, place.ahead(1)?);
    let is_known = |(known, _): &(&str, _)| *known == place.text(word);
    let is_attribute = AttributeName::ALL.iter().any(is_known) && number.kind == TokenKind::Number;
    if place.kind_before(2) != Some(TokenKind::Rule) || !expected.has(":") || !is_attribute {
        return None;
    }
    let bracketed = format!("[{} {}]", place.text(word), place.text(number));
    replacement(
        format!("the attributes of a rule stand in brackets: `{bracketed}`"),
        Fix::safe(
            format!("replace with `{bracketed}`"),
            place.range(word, number),
            bracketed,
        ),
    )
}

/// `rule hot { .. }` or `.. => { .. }`
fn block(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let is_brace = place.found()?.kind == TokenKind::LeftBrace;
    let is_in_rule = ["behavior", "=>", ":"].iter().any(|t| expected.has(t));
    if !is_brace || !is_in_rule || place.kind_before(1) == Some(TokenKind::Server) {
        return None;
    }
    advice("a rule has no braces: `server.cpu > 80 => pin(f); reserve(f, cpu);`")
}

/// `hot: server.cpu > 80 => ..` or `Folder(f): f.cpu > 80 => ..`
fn name_without_rule(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    use TokenKind::{Lower, RightBrace, Semicolon, Upper};
    let (colon, name) = (place.found()?, place.before(1)?);
    if colon.kind != TokenKind::Colon || !expected.has("=>") {
        return None;
    }
    let begins = matches!(place.kind_before(2), None | Some(Semicolon | RightBrace));
    let names_type =
        place.kind_ahead(1) == Some(Upper) && place.kind_ahead(2) == Some(TokenKind::Comma);
    match (begins && name.kind == Lower, names_type) {
        (true, true) => advice("a variable stands in parentheses behind its type: `Folder(f)`"),
        (true, false) => {
            let start = Span {
                end: name.start,
                ..place.span(name)
            };
            replacement(
                "a rule with a name begins with `rule`",
                Fix::doubtful("insert `rule`", start, "rule "),
            )
        }
        _ => advice("`:` stands only behind the name of a rule; `and` joins conditions"),
    }
}

/// `=> pin(f);`
fn missing_condition(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let arrow = place.found()?;
    if arrow.kind != TokenKind::FatArrow || !expected.has("rule") {
        return None;
    }
    let start = Span {
        end: arrow.start,
        ..place.span(arrow)
    };
    replacement(
        "the condition stands before `=>`: `true` always holds",
        Fix::doubtful("insert `true`", start, "true "),
    )
}

/// `f.cpu > 80; pin(f);` or `f.cpu > 80; => pin(f);`
fn semicolon_for_arrow(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let sign = place.found()?;
    if sign.kind != TokenKind::Semicolon || !expected.has("=>") {
        return None;
    }
    match place.kind_ahead(1)? {
        TokenKind::Behavior => replacement(
            "the behaviors of a rule stand after `=>`",
            Fix::safe("replace with `=>`", place.span(sign), " =>"),
        ),
        TokenKind::FatArrow => replacement(
            "nothing stands between a condition and its `=>`",
            Fix::safe("remove `;`", place.span(sign), ""),
        ),
        _ => None,
    }
}

/// `f.cpu > 80) => ..`, `pin(f);;` or `pin(f); }`
fn extra_sign(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    use TokenKind::{RightBrace, RightParen, Semicolon};
    let sign = place.found()?;
    let help = match sign.kind {
        RightParen if !expected.has(")") && expected.has("and") => "nothing opens this parenthesis",
        RightBrace if expected.has("rule") => "nothing opens this brace",
        Semicolon if expected.has("rule") && place.kind_before(1) == Some(Semicolon) => {
            "one `;` ends a behavior"
        }
        _ => return None,
    };
    let title = format!("remove `{}`", place.text(sign));
    replacement(help, Fix::doubtful(title, place.span(sign), ""))
}

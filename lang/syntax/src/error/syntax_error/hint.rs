//! Hints for what people write who know another language: one function a trap.

use plasma_diagnostic::{Diagnostic, Fix};

use super::Place;
use crate::expected::Expected;
use crate::number::unit_named;
use crate::token::TokenKind;
use crate::words::BEHAVIOR_WORDS;

/// Adds to a diagnostic what it knows, or gives it back as it was.
type Hint = fn(&Place<'_>, &Expected) -> Option<Advice>;

/// What a hint adds.
struct Advice {
    help: String,
    fix: Option<Fix>,
}

/// All hints; the first that applies is taken.
const HINTS: &[Hint] = &[
    rate_with_member,
    unit_after_blank,
    word_in_capitals,
    word_of_another_language,
    thin_arrow,
    function_with_parameters,
    rule_without_name,
    attribute_missing,
    actor_without_end,
    behavior_without_arguments,
    behavior_in_condition,
    condition_without_behaviors,
    missing_behavior,
    in_without_ref,
    host_with_in,
    statement_with_semicolon,
    arithmetic,
];

/// Adds the first hint that applies.
pub(crate) fn add(diagnostic: Diagnostic, place: &Place<'_>, expected: &Expected) -> Diagnostic {
    let advice = HINTS.iter().find_map(|hint| hint(place, expected));
    let Some(Advice { help, fix }) = advice else {
        return diagnostic;
    };
    let mut diagnostic = diagnostic;
    let is_missing_sign = !diagnostic.primary_label.is_empty();
    if let (true, None, Some(found)) = (is_missing_sign, &fix, place.found()) {
        // More than a sign is missing: the mistake is what stands there.
        diagnostic.primary = place.span(found);
        diagnostic.primary_label.clear();
    }
    Diagnostic {
        help: Some(help),
        fixes: fix.into_iter().collect(),
        ..diagnostic
    }
}

fn advice(help: impl Into<String>) -> Option<Advice> {
    Some(Advice {
        help: help.into(),
        fix: None,
    })
}

fn replacement(help: impl Into<String>, fix: Fix) -> Option<Advice> {
    Some(Advice {
        help: help.into(),
        fix: Some(fix),
    })
}

/// `10/s.cpu`
fn rate_with_member(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    let (found, number) = (place.found()?, place.before(1)?);
    let is_rate = number.kind == TokenKind::Number && place.text(number).ends_with("/s");
    if !is_rate || found.kind != TokenKind::Dot {
        return None;
    }
    let text = place.text(number);
    let digits = text.trim_end_matches("/s");
    advice(format!(
        "`{text}` without blanks is one number, {digits} per second; a division is written with \
         blanks"
    ))
}

/// `5 KB`
fn unit_after_blank(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    let (found, number) = (place.found()?, place.before(1)?);
    let digits = place.text(number);
    let is_bare = digits.ends_with(|c: char| c.is_ascii_digit());
    let unit = unit_named(place.text(found))?;
    if number.kind != TokenKind::Number || !is_bare || !found.kind.is_word() {
        return None;
    }
    let blank = plasma_diagnostic::Span {
        end: found.start,
        ..place.after_previous()
    };
    replacement(
        format!(
            "a unit follows its number without a blank: `{digits}{}`",
            unit.text
        ),
        Fix::safe("remove the blank", blank, ""),
    )
}

/// `a AND b`
fn word_in_capitals(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    let candidates = [place.found(), place.before(1)];
    let word = candidates.into_iter().flatten().find(|token| {
        let text = place.text(*token);
        let lower = text.to_ascii_lowercase();
        token.kind == TokenKind::Upper
            && text.len() > 1
            && text.chars().all(|c| c.is_ascii_uppercase())
            && matches!(
                lower.as_str(),
                "and" | "or" | "not" | "in" | "true" | "false"
            )
    })?;
    let lower = place.text(word).to_ascii_lowercase();
    replacement(
        format!("the words of the language are in lower case: `{lower}`"),
        Fix::safe(format!("replace with `{lower}`"), place.span(word), lower),
    )
}

/// `if server.cpu > 80 then ..`
fn word_of_another_language(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    let words = [place.found(), place.before(1)];
    let mut texts = words.into_iter().flatten().map(|token| place.text(token));
    texts
        .any(|text| matches!(text, "if" | "when" | "then" | "do"))
        .then_some(())?;
    advice("a rule is written `condition => behavior;`, for example `server.cpu > 80 => pin(f);`")
}

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

/// `pin f;`
fn behavior_without_arguments(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let words = [place.found(), place.before(1)];
    let mut lower = words.into_iter().flatten();
    let has_no_arguments = |kind| {
        kind == TokenKind::Lower
            || (kind == TokenKind::Behavior && expected.is_only("(") && place.found().is_some())
    };
    let word = lower.find(|token| {
        has_no_arguments(token.kind) && BEHAVIOR_WORDS.contains(&place.text(*token))
    })?;
    let name = place.text(word);
    advice(format!(
        "a behavior has its arguments in parentheses: `{}`",
        example(name)
    ))
}

/// `server.cpu > 80 and pin(f)` or `server.cpu > 80 pin(f);`
fn behavior_in_condition(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let is_behavior = place.found()?.kind == TokenKind::Behavior;
    if !is_behavior || expected.is_only(";") {
        return None;
    }
    let help = "behaviors stand after the `=>` of a rule";
    if !expected.has("=>") {
        return advice(help);
    }
    let fix = Fix::doubtful("insert `=>`", place.after_previous(), " =>");
    replacement(help, fix)
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

/// `server.cpu > 80 => f.open;`
fn missing_behavior(_: &Place<'_>, expected: &Expected) -> Option<Advice> {
    if !expected.is_only("behavior") {
        return None;
    }
    advice("the behaviors are `pin`, `reserve`, `separate`, `colocate` and `balance`")
}

/// `File(x) in f.files`
fn in_without_ref(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    if place.kind_before(1) != Some(TokenKind::In) || !expected.is_only("ref") {
        return None;
    }
    advice("whether an actor is referenced is asked with `ref`: `File(x) in ref(f.files)`")
}

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

/// `server.cpu + 10 > 80`
fn arithmetic(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    use TokenKind::{Minus, Plus, Slash, Star};
    if !matches!(place.found()?.kind, Plus | Minus | Star | Slash) {
        return None;
    }
    advice("a comparison has a feature or a number on each side, for example `server.cpu > 80`")
}

fn example(behavior: &str) -> &'static str {
    match behavior {
        "pin" => "pin(f)",
        "reserve" => "reserve(f, cpu)",
        "separate" => "separate(a, b)",
        "colocate" => "colocate(a, b)",
        _ => "balance({Folder}, cpu)",
    }
}

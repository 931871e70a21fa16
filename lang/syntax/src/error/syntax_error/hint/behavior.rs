//! Hints about behaviors.

use plasma_diagnostic::{Fix, Span};

use super::{Advice, Hint, advice, replacement};
use crate::error::syntax_error::Place;
use crate::expected::Expected;
use crate::token::TokenKind;
use crate::words::BEHAVIOR_WORDS;

/// The first that applies is taken.
pub(super) const HINTS: &[Hint] = &[
    joined_behaviors,
    behavior_without_arguments,
    behavior_in_condition,
    missing_behavior,
];

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
    if let Some(and) = place.before(1).filter(|t| t.kind == TokenKind::And) {
        return replacement(
            help,
            Fix::doubtful("replace `and` with `=>`", place.span(and), "=>"),
        );
    }
    if !expected.has("=>") {
        return advice(help);
    }
    let fix = Fix::doubtful("insert `=>`", place.after_previous(), " =>");
    replacement(help, fix)
}

/// `server.cpu > 80 => f.open;`
fn missing_behavior(_: &Place<'_>, expected: &Expected) -> Option<Advice> {
    if !expected.is_only("behavior") {
        return None;
    }
    advice(
        "the behaviors are `pin`, `drain`, `reserve`, `separate`, `colocate`, `migrate`, `scale_out`, \
         `scale_in`, `spread`, `balance`, `passivate`, `checkpoint` and `alert`",
    )
}

fn example(behavior: &str) -> &'static str {
    match behavior {
        "pin" => "pin(f)",
        "drain" => "drain(s)",
        "migrate" => "migrate(f, s)",
        "spread" => "spread({Folder})",
        "scale_out" => "scale_out(1)",
        "scale_in" => "scale_in(1)",
        "alert" => "alert(\"{f} is busy\")",
        "passivate" => "passivate(f)",
        "checkpoint" => "checkpoint(f)",
        "reserve" => "reserve(f, cpu)",
        "separate" => "separate(a, b)",
        "colocate" => "colocate(a, b)",
        _ => "balance({Folder}, cpu)",
    }
}

/// `pin(f), reserve(f, cpu);` or `pin(f) and reserve(f, cpu);`
fn joined_behaviors(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    use TokenKind::{And, Behavior, Comma};
    let sign = place.found()?;
    let joins = matches!(sign.kind, Comma | And) && place.kind_ahead(1) == Some(Behavior);
    if !joins || !expected.is_only(";") {
        return None;
    }
    let range = Span {
        end: sign.end,
        ..place.after_previous()
    };
    replacement(
        "each behavior ends with `;`",
        Fix::safe("replace with `;`", range, ";"),
    )
}

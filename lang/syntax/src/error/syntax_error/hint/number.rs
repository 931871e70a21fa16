//! Hints about numbers.

use plasma_diagnostic::{Fix, Span};

use super::{Advice, Hint, advice, replacement};
use crate::error::syntax_error::Place;
use crate::expected::Expected;
use crate::number::unit_named;
use crate::token::{Token, TokenKind};

/// The first that applies is taken.
pub(super) const HINTS: &[Hint] = &[rate_with_member, unit_after_blank, digits_in_groups];

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
    let blank = Span {
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

/// Numbers of more groups of digits are none.
const GROUPS_MAX: usize = 6;

/// `1,000`
fn digits_in_groups(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    let first = place.before(1)?;
    let is_number = |token: Token| token.kind == TokenKind::Number;
    if place.found()?.kind != TokenKind::Comma || !is_number(first) {
        return None;
    }
    let mut digits = place.text(first).to_owned();
    let (mut last, mut at) = (first, 0);
    while let (Some(TokenKind::Comma), Some(group)) = (place.kind_ahead(at), place.ahead(at + 1)) {
        let text = place.text(group);
        let is_adjacent = place.ahead(at)?.start == last.end && group.start == last.end + 1;
        let figures = text.find(|c: char| !c.is_ascii_digit() && c != '.');
        let whole = text.get(..figures.unwrap_or(text.len())).unwrap_or(text);
        let is_group = whole
            .split('.')
            .next()
            .is_some_and(|group| group.len() == 3);
        if at >= GROUPS_MAX * 2 || !is_number(group) || !is_adjacent || !is_group {
            break;
        }
        digits.push_str(text);
        (last, at) = (group, at + 2);
    }
    if at == 0 {
        return None;
    }
    replacement(
        format!("the digits of a number stand without `,`: `{digits}`"),
        // They may be two arguments as well.
        Fix::doubtful(
            format!("replace with `{digits}`"),
            place.range(first, last),
            digits,
        ),
    )
}

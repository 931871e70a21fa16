//! Hints about words of other languages, and words in the wrong place.

use plasma_diagnostic::{Edit, Fix, Span};

use super::{Advice, Hint, advice, replacement};
use crate::error::syntax_error::Place;
use crate::expected::Expected;
use crate::token::TokenKind;

/// The first that applies is taken.
pub(super) const HINTS: &[Hint] = &[
    word_in_capitals,
    loop_over_actors,
    range_in_words,
    word_of_another_language,
    name_in_quotes,
    misplaced_not,
    joined_twice,
    comma_between_conditions,
];

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
fn word_of_another_language(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let words = [place.found(), place.before(1)].into_iter().flatten();
    // In a requirement `where` is a word of ours.
    let words = words.filter(|token| token.kind != TokenKind::Where);
    let texts = words.map(|token| place.text(token));
    let mut texts = texts.map(str::to_ascii_lowercase);
    let is_foreign = texts.any(|text| {
        let words = [
            "if", "when", "then", "do", "else", "unless", "select", "where", "from",
        ];
        words.contains(&text.as_str())
    });
    is_foreign.then_some(())?;
    if expected.has("where") {
        return advice("for whom a requirement is, stands behind `where`");
    }
    advice("a rule is written `condition => behavior;`, for example `server.cpu > 80 => pin(f);`")
}

/// `forall f in Folder: ..`
fn loop_over_actors(place: &Place<'_>, _: &Expected) -> Option<Advice> {
    let word = place.text(place.before(1)?).to_ascii_lowercase();
    let is_loop = matches!(
        word.as_str(),
        "for" | "forall" | "foreach" | "each" | "every" | "all"
    );
    if !is_loop || !place.found()?.kind.is_operand_word() {
        return None;
    }
    if place.kind_before(2) == Some(TokenKind::LeftParen) {
        return advice(
            "what is taken together stands before `for`: `avg(f.cpu.perc for Folder(f))`",
        );
    }
    advice(
        "a rule is about all actors of a type by itself: `Folder(f).cpu > 80 => pin(f);` pins each \
         folder for which it holds",
    )
}

/// `server.cpu between 20 and 80` or `server.cpu is 80`
fn range_in_words(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let found = place.found()?;
    if !expected.has("<") {
        return None;
    }
    match place.text(found).to_ascii_lowercase().as_str() {
        "between" => advice("a range is two comparisons: `server.cpu > 20 and server.cpu < 80`"),
        "is" | "equals" | "eq" => replacement(
            "write `==` for “equal to”",
            Fix::doubtful("replace with `==`", place.span(found), "=="),
        ),
        "above" | "exceeds" | "over" | "gt" => replacement(
            "write `>` for “greater than”",
            Fix::doubtful("replace with `>`", place.span(found), ">"),
        ),
        "below" | "under" | "lt" => replacement(
            "write `<` for “less than”",
            Fix::doubtful("replace with `<`", place.span(found), "<"),
        ),
        _ => None,
    }
}

/// `client.call(f."open")`
fn name_in_quotes(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    // A text can be compared, but nothing belongs to it.
    let found = match place.found()?.kind {
        TokenKind::LeftParen | TokenKind::Dot => place.before(1)?,
        _ => place.found()?,
    };
    let content = place.text(found).trim_matches('"').to_owned();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '%' | '.' | '/');
    let is_word = !content.is_empty() && content.chars().all(is_plain);
    if found.kind != TokenKind::Text || expected.has("text") || !is_word {
        return None;
    }
    replacement(
        format!("names and numbers stand without quotes: `{content}`"),
        Fix::safe("remove the quotes", place.span(found), content),
    )
}

/// `f.cpu not > 80`
fn misplaced_not(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let (not, next) = (place.before(1)?, place.found()?);
    if not.kind != TokenKind::Not || !next.kind.is_comparison() || !expected.has("in") {
        return None;
    }
    let at = place.at.checked_sub(1)?;
    let operand = Place { at, ..*place }.operand_start()?;
    let before = Span {
        end: operand.start,
        ..place.span(operand)
    };
    let rest = Span {
        end: next.start,
        ..place.span(not)
    };
    let edit = |span, text: &str| Edit {
        span,
        text: text.to_owned(),
    };
    replacement(
        "`not` stands before the whole comparison: `not f.cpu > 80`",
        Fix {
            // With a `for` behind it, all of it would be under the `not`.
            title: "move `not` to the front".to_owned(),
            safe: false,
            edits: vec![edit(before, "not "), edit(rest, "")],
        },
    )
}

/// `a and and b` or `server.cpu > 80 or < 20`
fn joined_twice(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    use TokenKind::{And, Or};
    let (found, before) = (place.found()?, place.before(1)?);
    if !matches!(before.kind, And | Or) || !expected.begins_condition() {
        return None;
    }
    if found.kind.is_comparison() {
        return advice(
            "each comparison names what it compares: `server.cpu > 80 or server.cpu < 20`",
        );
    }
    if !matches!(found.kind, And | Or) {
        return None;
    }
    let text = place.text(found);
    let range = Span {
        start: before.end,
        ..place.span(found)
    };
    replacement(
        "one word joins two conditions",
        Fix::doubtful(format!("remove `{text}`"), range, ""),
    )
}

/// `f.cpu > 80, f.mem > 20 => ..`
fn comma_between_conditions(place: &Place<'_>, expected: &Expected) -> Option<Advice> {
    let comma = place.found()?;
    let is_in_condition = expected.has("and") && expected.has("=>");
    if comma.kind != TokenKind::Comma || !is_in_condition {
        return None;
    }
    if place.kind_ahead(1) == Some(TokenKind::FatArrow) {
        let fix = Fix::safe("remove `,`", place.span(comma), "");
        return replacement("nothing stands between a condition and its `=>`", fix);
    }
    replacement(
        "conditions are joined with `and` or `or`",
        Fix::doubtful("replace with `and`", place.span(comma), " and"),
    )
}

//! E0001 bad-token: text that is no token of the language, or one written as elsewhere.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span, did_you_mean};

use crate::number::UNITS;
use crate::token::TokenKind;

fn bad(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::BadToken, span, message)
}

/// Characters that begin no token.
pub(crate) fn unexpected_text(span: Span, text: &str) -> Diagnostic {
    let first = text.chars().next().unwrap_or(' ');
    if first.is_alphabetic() || first == '_' {
        return bad(span, format!("`{}` is not a name", shown(text)))
            .with_help("names are made of the letters a to z, digits and `_`");
    }
    if is_invisible(first) || first == '\u{fffd}' {
        let number = first as u32;
        let help = if first.is_whitespace() {
            "this is a blank of another kind: replace it with a plain one"
        } else {
            "is this a text file? policies are UTF-8 text without control characters"
        };
        return bad(span, format!("unexpected character U+{number:04X}")).with_help(help);
    }
    let diagnostic = bad(span, format!("unexpected `{}`", shown(text)));
    match first {
        '\'' | '‘' | '’' | '“' | '”' | '„' | '`' => {
            diagnostic.with_help("texts are written in plain double quotes: `\"a\"`")
        }
        _ => diagnostic,
    }
}

/// A text without its closing quote; `quote` is the opening one.
pub(crate) fn unclosed_text(quote: Span) -> Diagnostic {
    bad(quote, "this text has no closing `\"`")
        .with_help("a text ends on the line it begins on; `\\\"` is a quote within it")
}

/// A block comment without its end; `opening` is its beginning.
pub(crate) fn unclosed_comment(opening: Span) -> Diagnostic {
    bad(opening, "this comment has no closing `*/`")
        .with_help("block comments nest: each `/*` needs a `*/` of its own")
}

/// A token as other languages write it: the token that was meant (none for a comment), and what to
/// say. `None` for a token of this language.
pub(crate) fn foreign(
    kind: TokenKind,
    span: Span,
    text: &str,
) -> Option<(Option<TokenKind>, Diagnostic)> {
    use TokenKind::*;
    let (meant, written) = match kind {
        ForeignAnd => (And, "and"),
        ForeignOr => (Or, "or"),
        ForeignNot => (Not, "not"),
        ForeignLessEqual => (LessEqual, "<="),
        ForeignGreaterEqual => (GreaterEqual, ">="),
        ForeignNotEqual => (NotEqual, "!="),
        ForeignEqualEqual => (EqualEqual, "=="),
        ForeignFatArrow => (FatArrow, "=>"),
        ForeignThinArrow => (ThinArrow, "->"),
        PointNumber => return Some((Some(Number), point_number(span, text))),
        ForeignComment => return Some((None, foreign_comment(span))),
        _ => return None,
    };
    let replacement = if meant == Not {
        "not ".to_owned()
    } else {
        written.to_owned()
    };
    let diagnostic = bad(span, format!("`{text}` is written `{written}` here")).with_fix(
        Fix::safe(format!("replace with `{written}`"), span, replacement),
    );
    Some((Some(meant), diagnostic))
}

/// A word of other languages that has one meaning here.
pub(crate) fn foreign_word(span: Span, text: &str, meant: &str) -> Diagnostic {
    bad(span, format!("`{text}` is written `{meant}` here")).with_fix(Fix::safe(
        format!("replace with `{meant}`"),
        span,
        meant,
    ))
}

/// A reserved word as the name of a parameter.
pub(crate) fn reserved_name(span: Span, text: &str) -> Diagnostic {
    bad(
        span,
        format!("`{text}` is a word of the language and cannot be the name of a parameter"),
    )
    .with_help("give the parameter another name, here and wherever it is used")
}

fn point_number(span: Span, text: &str) -> Diagnostic {
    let fixed = format!("0{text}");
    bad(span, format!("the number `{text}` begins with its point"))
        .with_help(format!("write `{fixed}`"))
        .with_fix(Fix::safe(format!("replace with `{fixed}`"), span, fixed))
}

fn foreign_comment(span: Span) -> Diagnostic {
    let sign = Span {
        end: span.start + 1,
        ..span
    };
    bad(sign, "comments begin with `//`").with_fix(Fix::safe("replace with `//`", sign, "//"))
}

/// `80 %`: `number` and the percent sign after a `blank`.
pub(crate) fn spaced_percent(whole: Span, blank: Span, number: &str) -> Diagnostic {
    bad(whole, "a blank between a number and its `%`")
        .with_help(format!("write `{number}%`"))
        .with_fix(Fix::safe("remove the blank", blank, ""))
}

/// `=> 80`: the arrow that was meant as a comparison.
pub(crate) fn arrow_for_comparison(arrow: Span) -> Diagnostic {
    bad(
        arrow,
        "`=>` does not compare: it stands before the behaviors of a rule",
    )
    .with_help("write `>=` for “greater or equal”")
    .with_fix(Fix::safe("replace with `>=`", arrow, ">="))
}

/// A number with a unit that does not exist. `digits` and `unit` are the two parts of its text.
pub(crate) fn unknown_unit(span: Span, digits: &str, unit: &str) -> Diagnostic {
    let place = Span {
        start: span.start + digits.len() as u32,
        ..span
    };
    let diagnostic = bad(
        place,
        format!("unknown unit `{}` after `{}`", shown(unit), shown(digits)),
    );
    let prefix = digits == "0";
    let radixes = [('x', 16), ('b', 2), ('o', 8)];
    let in_radix = radixes
        .iter()
        .filter(|_| prefix)
        .find_map(|(sign, radix)| u64::from_str_radix(unit.strip_prefix(*sign)?, *radix).ok());
    if let Some(value) = in_radix {
        let decimal = value.to_string();
        return bad(
            span,
            format!("`{}` is not a decimal number", shown(&format!("0{unit}"))),
        )
        .with_help(format!("write `{decimal}`"))
        .with_fix(Fix::safe(
            format!("replace with `{decimal}`"),
            span,
            decimal,
        ));
    }
    if let Some(times) = unit.strip_prefix('x').filter(|rest| is_digits(rest)) {
        return diagnostic.with_help(format!(
            "{times} times {digits} is written `{digits} x{times}`, with a blank, and only in a \
             series"
        ));
    }
    if unit.strip_prefix(['e', 'E']).is_some_and(is_digits) {
        return diagnostic.with_help("numbers are written out: `1000`, not `1e3`");
    }
    if unit.strip_prefix('_').is_some_and(is_digits) {
        return diagnostic.with_help("digits are written without `_`: `1000`, not `1_000`");
    }
    match meant_unit(unit) {
        Some(meant) => diagnostic
            .with_help(format!("did you mean `{digits}{meant}`?"))
            .with_fix(Fix::doubtful(
                format!("replace with `{meant}`"),
                place,
                meant,
            )),
        None => diagnostic.with_help(
            "units are `%`, `us` `ms` `s` `m` `h` `d`, `B` `KB` `MB` `GB` `KiB` `MiB` `GiB`, and \
             `/s` behind a size or a number",
        ),
    }
}

/// A number that is no finite value.
pub(crate) fn number_too_great(span: Span) -> Diagnostic {
    bad(span, "this number is too great")
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

/// The unit that was probably meant: by its name in words, else by likeness.
fn meant_unit(unit: &str) -> Option<&'static str> {
    const WORDS: &[(&str, &str)] = &[
        ("/sec", "/s"),
        ("/second", "/s"),
        ("day", "d"),
        ("days", "d"),
        ("hour", "h"),
        ("hours", "h"),
        ("hr", "h"),
        ("min", "m"),
        ("mins", "m"),
        ("minute", "m"),
        ("minutes", "m"),
        ("msec", "ms"),
        ("perc", "%"),
        ("percent", "%"),
        ("pct", "%"),
        ("sec", "s"),
        ("secs", "s"),
        ("second", "s"),
        ("seconds", "s"),
        ("G", "GB"),
        ("K", "KB"),
        ("M", "MB"),
        ("k", "KB"),
    ];
    let lower = unit.to_lowercase();
    let word = WORDS
        .iter()
        .find(|(word, _)| *word == unit || *word == lower);
    let like = || did_you_mean(unit, UNITS.iter().map(|unit| unit.text));
    word.map(|(_, meant)| *meant).or_else(like)
}

/// Whether a reader would not see the character: blanks, controls, joiners and directions.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// User text as a message shows it: not longer than a line, and nothing that upsets a terminal.
pub(crate) fn shown(text: &str) -> String {
    const CHARACTERS_MAX: usize = 40;
    let harmless = |c: char| {
        if is_invisible(c) && c != ' ' {
            '\u{fffd}'
        } else {
            c
        }
    };
    let mut chars = text.chars().map(harmless);
    let mut shown: String = chars.by_ref().take(CHARACTERS_MAX).collect();
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}

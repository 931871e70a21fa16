//! E0002 syntax-error: tokens in an order that the grammar does not know.

mod hint;

use lalrpop_util::ParseError;
use plasma_diagnostic::{Code, Diagnostic, Edit, Fix, Span, did_you_mean};

use super::bad_token::shown;
use crate::builder::Error;
use crate::expected::{Expected, joined};
use crate::token::{Token, TokenKind};
use crate::tree::Tree;

fn syntax(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::SyntaxError, span, message)
}

/// Where the parser met something that it did not expect.
pub(crate) struct Place<'t> {
    /// The tree so far, for its text.
    pub(crate) tree: &'t Tree,
    /// All tokens.
    pub(crate) tokens: &'t [Token],
    /// Place of the unexpected token; one past the last at the end of the text.
    pub(crate) at: usize,
}

impl Place<'_> {
    /// The unexpected token; `None` at the end of the text.
    fn found(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    /// The token so many places before the unexpected one.
    fn before(&self, places: usize) -> Option<Token> {
        let at = self.at.checked_sub(places)?;
        self.tokens.get(at).copied()
    }

    fn kind_before(&self, places: usize) -> Option<TokenKind> {
        self.before(places).map(|token| token.kind)
    }

    fn span(&self, token: Token) -> Span {
        Span::new(self.tree.file(), token.start, token.end)
    }

    fn text(&self, token: Token) -> &str {
        self.tree.text(self.span(token))
    }

    /// Whether the unexpected token can only begin something new, so that what stands before it is
    /// at its end.
    fn found_begins_anew(&self) -> bool {
        use TokenKind::{Actor, Behavior, Fn, Param, RightBrace, Rule};
        let Some(found) = self.found() else {
            return true;
        };
        let between = Span {
            end: found.start,
            ..self.after_previous()
        };
        matches!(
            found.kind,
            Behavior | Rule | Param | Actor | Fn | RightBrace
        ) || self.tree.text(between).contains('\n')
    }

    /// Whether the operand before the unexpected token belongs to a comparison already.
    fn is_after_comparison(&self) -> bool {
        use TokenKind::*;
        let before = self.tokens.get(..self.at).unwrap_or(&[]);
        let mut closed = 0usize;
        for token in before.iter().rev() {
            match token.kind {
                RightParen => closed += 1,
                LeftParen if closed == 0 => return false,
                LeftParen => closed -= 1,
                _ if closed > 0 => {}
                Less | LessEqual | Greater | GreaterEqual | EqualEqual | NotEqual | Equal | Ref => {
                    return true;
                }
                Lower | Upper | Any | Server | Client | Number | True | False | Dot | Bad => {}
                _ => return false,
            }
        }
        false
    }

    /// The empty place behind the token before.
    fn after_previous(&self) -> Span {
        let end = self.before(1).map_or(0, |token| token.end);
        Span::new(self.tree.file(), end, end)
    }
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
    let begins_item = matches!(
        found.kind,
        TokenKind::Rule | TokenKind::Param | TokenKind::Actor
    );
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

/// `=` between operands.
pub(crate) fn assignment(sign: Span) -> Diagnostic {
    syntax(sign, "`=` does not compare")
        .with_help("write `==` for “equal to”")
        .with_fix(Fix::safe("replace with `==`", sign, "=="))
}

/// `40 < x < 60`: `source` is the `whole`, `sign` the second comparison, `middle` what stands
/// between the two.
pub(crate) fn chained(
    source: &str,
    whole: Span,
    sign: Span,
    middle: Span,
    middle_text: &str,
) -> Diagnostic {
    let cut = sign.start.saturating_sub(whole.start) as usize;
    let (first, rest) = source.split_at_checked(cut).unwrap_or((source, ""));
    let written_out = format!("{} and {middle_text} {rest}", first.trim_end());
    let diagnostic = syntax(sign, "comparisons do not chain")
        .with_label(middle, "this is compared twice")
        .with_help(format!("write `{}`", shown_condition(&written_out)));
    let inserted = format!(" and {middle_text}");
    diagnostic.with_fix(Fix::safe("compare twice", middle.after(), inserted))
}

/// Conditions in a help line may be longer than other user text, but stay on one line.
fn shown_condition(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 80 {
        line
    } else {
        shown(&line)
    }
}

/// `a > b in ref(..)`.
pub(crate) fn chained_in(whole: Span) -> Diagnostic {
    syntax(whole, "`in ref` does not follow a comparison")
        .with_help("join two conditions with `and` or `or`")
}

/// `in ref()`
pub(crate) fn ref_of_nothing(parentheses: Span) -> Diagnostic {
    syntax(parentheses, "`ref` needs a property of an actor")
        .with_help("for example `File(x) in ref(f.files)`")
}

/// A rule attribute that does not exist.
pub(crate) fn unknown_attribute(span: Span, text: &str) -> Diagnostic {
    let diagnostic = syntax(span, format!("a rule has no attribute `{}`", shown(text)));
    match did_you_mean(text, ["priority"]) {
        Some(meant) => diagnostic
            .with_help(format!("did you mean `{meant}`?"))
            .with_fix(Fix::doubtful(
                format!("replace with `{meant}`"),
                span,
                meant,
            )),
        None => diagnostic.with_help("the attribute of a rule is `priority N`"),
    }
}

/// `[priority: 10]` or `[priority=10]`
pub(crate) fn attribute_sign(sign: Span, text: &str) -> Diagnostic {
    syntax(
        sign,
        format!("no `{text}` stands between an attribute and its value"),
    )
    .with_help("for example `[priority 10]`")
    .with_fix(Fix::safe(
        format!("replace `{text}` with a blank"),
        sign,
        " ",
    ))
}

/// `rule x(priority 10):`
pub(crate) fn attributes_in_parentheses(whole: Span) -> Diagnostic {
    let (open, close) = (
        Span {
            end: whole.start + 1,
            ..whole
        },
        Span {
            start: whole.end - 1,
            ..whole
        },
    );
    let edits = vec![
        Edit {
            span: open,
            text: " [".to_owned(),
        },
        Edit {
            span: close,
            text: "]".to_owned(),
        },
    ];
    syntax(whole, "the attributes of a rule stand in brackets")
        .with_help("for example `rule hot_folder [priority 10]: ..`")
        .with_fix(Fix {
            title: "replace the parentheses with brackets".to_owned(),
            safe: true,
            edits,
        })
}

/// A parameter whose value is no literal.
pub(crate) fn param_value(span: Span) -> Diagnostic {
    syntax(span, "a parameter's value is a number, `true` or `false`")
        .with_help("for example `param high = 80%;`")
}

/// A name that should begin with a lower-case letter; `what` says whose.
pub(crate) fn upper_name(span: Span, what: &str, text: &str) -> Diagnostic {
    let lower = snake_case(text);
    syntax(span, format!("{what} begins with a lower-case letter"))
        .with_help(format!("write `{}`", shown(&lower)))
        .with_fix(Fix::doubtful(
            format!("replace with `{}`", shown(&lower)),
            span,
            lower,
        ))
}

/// An actor type that should begin with an upper-case letter.
pub(crate) fn lower_type(span: Span, text: &str) -> Diagnostic {
    let upper = upper_camel_case(text);
    syntax(
        span,
        "the name of an actor type begins with an upper-case letter",
    )
    .with_help(format!("write `{}`", shown(&upper)))
    .with_fix(Fix::doubtful(
        format!("replace with `{}`", shown(&upper)),
        span,
        upper,
    ))
}

/// A reference without its brackets, in a cluster literal.
pub(crate) fn bare_reference(span: Span, text: &str) -> Diagnostic {
    let list = format!("[{}]", shown(text));
    syntax(span, "references are written in brackets")
        .with_help(format!(
            "write `{list}`; a text is written in quotes: `\"{}\"`",
            shown(text)
        ))
        .with_fix(Fix::doubtful(
            format!("replace with `{list}`"),
            span,
            format!("[{text}]"),
        ))
}

/// A label without its quotes, in a cluster literal.
pub(crate) fn bare_label(span: Span, text: &str) -> Diagnostic {
    let quoted = format!("\"{}\"", shown(text));
    syntax(span, "a label is a text in quotes")
        .with_help(format!("write `{quoted}`"))
        .with_fix(Fix::safe(
            format!("replace with `{quoted}`"),
            span,
            format!("\"{text}\""),
        ))
}

/// Several figures for one field, in a cluster literal.
pub(crate) fn series(span: Span) -> Diagnostic {
    syntax(span, "a field has one figure, not a series of them")
        .with_help("brackets hold references: `files: [x, y]`")
}

/// A rule that ends behind its condition.
pub(crate) fn missing_behaviors(end: Span) -> Diagnostic {
    syntax(end, "this rule has a condition and no behaviors")
        .with_help("a condition is followed by `=>` and what to do: `=> pin(f);`")
}

fn snake_case(text: &str) -> String {
    let mut snake = String::with_capacity(text.len());
    let mut was_lower = false;
    for c in text.chars() {
        if c.is_ascii_uppercase() && was_lower {
            snake.push('_');
        }
        was_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

fn upper_camel_case(text: &str) -> String {
    let words = text.split('_').filter(|word| !word.is_empty());
    let camel: String = words
        .flat_map(|word| {
            let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
            [first.to_ascii_uppercase(), rest.to_owned()]
        })
        .collect();
    if camel.starts_with(|c: char| c.is_ascii_uppercase()) {
        camel
    } else {
        "Name".to_owned()
    }
}

//! E0002 for what the grammar accepts and the language does not: reported by the builder, which knows
//! what was meant.

use plasma_diagnostic::{Diagnostic, Edit, Fix, Span, did_you_mean};

use super::syntax;
use crate::error::bad_token::shown;
use crate::tree::{AttributeName, TypeShape};

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
    // A bare type in the middle is chosen anew in each comparison.
    diagnostic.with_fix(Fix::doubtful("compare twice", middle.after(), inserted))
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
pub(crate) fn chained_in(word: &str, whole: Span) -> Diagnostic {
    syntax(whole, format!("`{word}` does not follow a comparison"))
        .with_help("join two conditions with `and` or `or`")
}

/// `count(f.cpu > 3)`.
pub(crate) fn compared_argument(sign: Span) -> Diagnostic {
    syntax(sign, "a comparison is no argument")
        .with_help("what is counted under a condition: `count(Folder(f) where f.cpu.perc > 10)`")
}

/// `in ref()`
pub(crate) fn ref_of_nothing(parentheses: Span) -> Diagnostic {
    syntax(parentheses, "`ref` needs a property of an actor")
        .with_help("for example `File(x) in ref(f.files)`")
}

/// `rule hot-folder: ..`
pub(crate) fn hyphenated(span: Span, meant: &str) -> Diagnostic {
    syntax(span, "a name has no `-` in it")
        .with_help(format!(
            "names are made of letters, digits and `_`: `{}`",
            shown(meant)
        ))
        .with_fix(Fix::safe(
            format!("replace with `{}`", shown(meant)),
            span,
            meant,
        ))
}

/// An attribute that does not exist, of a rule or of a test, of which there are these.
pub(crate) fn unknown_attribute(
    span: Span,
    text: &str,
    fitting: &[(&str, AttributeName)],
) -> Diagnostic {
    let is_of_test = fitting == AttributeName::OF_TESTS;
    let (what, all) = match is_of_test {
        true => ("a test", "the attribute of a test is `period 1s`"),
        false => (
            "a rule",
            "the attributes of a rule are `priority N`, `cooldown 60s` and `release N`",
        ),
    };
    let diagnostic = syntax(span, format!("{what} has no attribute `{}`", shown(text)));
    match did_you_mean(text, fitting.iter().map(|(word, _)| *word)) {
        Some(meant) => diagnostic
            .with_help(format!("did you mean `{meant}`?"))
            .with_fix(Fix::doubtful(
                format!("replace with `{meant}`"),
                span,
                meant,
            )),
        None => diagnostic.with_help(all),
    }
}

/// `rule x [period 1s]`, `test "x" [priority 3]`
pub(crate) fn misplaced_attribute(span: Span, word: &str) -> Diagnostic {
    let (what, others) = match word {
        "period" => ("a rule", "a test has one: `test \"..\" [period 1s] { .. }`"),
        _ => (
            "a test",
            "a rule has one; the attribute of a test is `period 1s`",
        ),
    };
    syntax(span, format!("{what} has no attribute `{word}`")).with_help(others)
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

/// `List<File>` or `File[]`
pub(crate) fn type_as_elsewhere(span: Span, shape: TypeShape, name: &str) -> Diagnostic {
    let (what, meant) = match shape {
        TypeShape::Optional => ("a reference that may be missing", format!("{name}?")),
        TypeShape::One | TypeShape::List => ("a list of references", format!("[{name}]")),
    };
    syntax(span, format!("{what} is written `{}` here", shown(&meant))).with_fix(Fix::safe(
        format!("replace with `{}`", shown(&meant)),
        span,
        meant,
    ))
}

/// A name that should begin with an upper-case letter; `what` says whose.
pub(crate) fn lower_type(span: Span, what: &str, text: &str) -> Diagnostic {
    let upper = upper_camel_case(text);
    syntax(
        span,
        format!("the name of {what} begins with an upper-case letter"),
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

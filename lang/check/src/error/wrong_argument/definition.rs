//! `wrong-argument` where a definition is used.

use plasma_diagnostic::{Diagnostic, Span};

use super::wrong;

/// A definition: its name, where it is defined, and how its parentheses are filled.
#[derive(Clone, Copy)]
pub(crate) struct Defined<'a> {
    pub(crate) name: &'a str,
    pub(crate) span: Span,
    /// `busy(s: server)`
    pub(crate) signature: &'a str,
}

impl Defined<'_> {
    fn label(&self, diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.with_label(self.span, format!("defined as `{}`", self.signature))
    }
}

/// Too many or too few arguments.
pub(crate) fn wrong_number(
    defined: Defined<'_>,
    span: Span,
    needed: usize,
    given: usize,
) -> Diagnostic {
    let arguments = match needed {
        0 => "no argument".to_owned(),
        1 => "one argument".to_owned(),
        n => format!("{n} arguments"),
    };
    let message = format!("`{}` takes {arguments}, not {given}", defined.name);
    defined.label(wrong(span, message))
}

/// An argument of another kind: `needed` and `found` are for people, "a server".
pub(crate) fn wrong_kind(
    defined: Defined<'_>,
    (span, text): (Span, &str),
    needed: &str,
    found: &str,
) -> Diagnostic {
    let message = format!(
        "`{}` is about {needed}, and `{text}` is {found}",
        defined.name
    );
    defined.label(wrong(span, message))
}

/// A bare type where one actor is needed.
pub(crate) fn bare_type(
    defined: Defined<'_>,
    (span, text): (Span, &str),
    variable: &str,
) -> Diagnostic {
    let message = format!(
        "`{}` is about one actor, and `{text}` is a type",
        defined.name
    );
    let help = format!("say which one by a variable: `{text}({variable})`");
    defined.label(wrong(span, message)).with_help(help)
}

/// A condition where a number, a text or something else with a value is needed.
pub(crate) fn condition_as_value(defined: Defined<'_>, span: Span) -> Diagnostic {
    let message = format!(
        "`{}` stands for a condition, and a value is needed here",
        defined.name
    );
    defined.label(wrong(span, message))
}

/// A definition where an actor or a server is needed.
pub(crate) fn no_entity(defined: Defined<'_>, span: Span) -> Diagnostic {
    let message = format!(
        "`{}` is a definition, and stands for no actor and no server",
        defined.name
    );
    defined.label(wrong(span, message))
}

/// What a definition is about, of a type that there is not.
pub(crate) fn unknown_about(span: Span, text: &str) -> Diagnostic {
    wrong(span, format!("a definition cannot be about `{text}`")).with_help(
        "it can be about a `server`, an actor type, `any`, or a value: `int`, `float`, `bool`, `text`, \
         `bytes`, `duration`, `percent`",
    )
}

/// Bare `server` within a definition.
pub(crate) fn bare_server(span: Span) -> Diagnostic {
    let message = "bare `server` says nothing in a definition".to_owned();
    wrong(span, message).with_help(
        "let the definition be about a server, `def busy(s: server) = ..`, and use it as \
         `busy(server)`",
    )
}

/// A variable that a definition with a value introduces by itself.
pub(crate) fn open_variable(span: Span, name: &str, whole: Span) -> Diagnostic {
    let message = format!("which `{name}` is meant, if there are several?");
    wrong(span, message)
        .with_label(whole, "this is a value, not a condition")
        .with_help(format!(
            "let the definition be about it, `def ..({name}: Type)`, or take all together: \
             `max(.. for Type({name}))`"
        ))
}

/// Definitions within definitions, deeper than can be followed.
pub(crate) fn too_deep(span: Span, levels_max: usize) -> Diagnostic {
    let message = format!("definitions stand within each other more than {levels_max} deep here");
    Diagnostic::new(plasma_diagnostic::Code::TooLarge, span, message)
}

/// More uses of definitions in one rule than can be followed.
pub(crate) fn too_many(span: Span, uses_max: usize) -> Diagnostic {
    let message = format!(
        "the definitions that this rule uses stand for more than {uses_max} others, all together"
    );
    Diagnostic::new(plasma_diagnostic::Code::TooLarge, span, message)
}

//! A mistake or a doubt about a text, with its place, its causes and its way out.

use crate::{Code, FileId, Severity, Span, TextChange};

/// A mistake or a doubt about a text, with its place, its causes and its way out.
///
/// Texts are for people: lower case, no full stop, backticks around what the user wrote. The
/// message must stand alone, as it does in the short form.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Which kind.
    pub code: Code,
    /// How bad it is: the code's own severity, unless the user set another one.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where: as little text as possible.
    pub primary: Span,
    /// What to say at that place; empty for nothing.
    pub primary_label: String,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// The way out.
    pub help: Option<String>,
    /// What else to know.
    pub notes: Vec<String>,
    /// Changes that would resolve it.
    pub fixes: Vec<Fix>,
    /// What shows it, for a doubt that is about what could happen.
    pub witness: Option<Witness>,
}

/// What to say before the test of a [`Witness`].
pub const WITNESS: &str = "this test shows it, and passes:";

/// A state of the cluster that shows what a diagnostic says: a test of the policy, which passes as
/// long as it is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The `test` block, without a line break at its end.
    pub test: String,
    /// Where in the text it can be added, on a line of its own: an empty place.
    pub place: Span,
}

/// Something to say about a second place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What to say.
    pub message: String,
}

/// A change of the text that would resolve a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does: ``replace with `open` ``.
    pub title: String,
    /// Whether it can be applied without being looked at.
    pub safe: bool,
    /// The changes, which do not overlap.
    pub edits: Vec<Edit>,
}

/// One piece of text to be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there afterwards; empty to delete.
    pub text: String,
}

impl Diagnostic {
    /// A diagnostic of this kind and place, with the kind's own severity.
    pub fn new(code: Code, primary: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            primary,
            primary_label: String::new(),
            labels: Vec::new(),
            help: None,
            notes: Vec::new(),
            fixes: Vec::new(),
            witness: None,
        }
    }

    /// Moves its places in a file to where they lie after a change of the text.
    pub fn move_spans(&mut self, file: FileId, change: &TextChange) {
        change.move_span(file, &mut self.primary);
        for label in &mut self.labels {
            change.move_span(file, &mut label.span);
        }
        for edit in self.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            change.move_span(file, &mut edit.span);
        }
        if let Some(witness) = &mut self.witness {
            change.move_span(file, &mut witness.place);
        }
    }

    /// Says something at the primary place.
    #[must_use]
    pub fn with_primary_label(mut self, text: impl Into<String>) -> Diagnostic {
        self.primary_label = text.into();
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn with_label(mut self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.labels.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Says the way out.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Adds something to know.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// Adds a change that would resolve it.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Diagnostic {
        self.fixes.push(fix);
        self
    }

    /// Adds a state of the cluster that shows it.
    #[must_use]
    pub fn with_witness(mut self, witness: Witness) -> Diagnostic {
        self.witness = Some(witness);
        self
    }

    /// Whether the policy cannot be used because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl Witness {
    /// The text of the file with the test behind it.
    pub fn added_to(&self, text: &str) -> String {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        format!("{text}{end}\n{}\n", self.test)
    }
}

impl Fix {
    /// A change that can be applied without being looked at.
    pub fn safe(title: impl Into<String>, span: Span, text: impl Into<String>) -> Fix {
        Fix {
            title: title.into(),
            safe: true,
            edits: vec![Edit {
                span,
                text: text.into(),
            }],
        }
    }

    /// A change that the user should look at first.
    pub fn doubtful(title: impl Into<String>, span: Span, text: impl Into<String>) -> Fix {
        Fix {
            safe: false,
            ..Fix::safe(title, span, text)
        }
    }
}

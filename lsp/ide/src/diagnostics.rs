//! Mistakes and doubts about a document, as an editor shows them.

use plasma_diagnostic::{Code, Diagnostic, Label, Severity, Span, WITNESS};

use crate::Analysis;

/// A mistake or a doubt, with the text that an editor shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where in the document.
    pub span: Span,
    /// How bad it is.
    pub severity: Severity,
    /// What kind it is; `None` for what is wrong with the project around the document.
    pub code: Option<Code>,
    /// What is wrong and the way out, in plain text of one or more lines.
    pub message: String,
    /// Whether the text there has no effect, and may be shown faded.
    pub is_unused: bool,
    /// Other places that explain it, in the document and in the files around it.
    pub related: Vec<Related>,
}

/// Another place that explains a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub span: Span,
    /// What to say about it.
    pub message: String,
}

/// What is wrong with a document, in the order of its text; first what is wrong with its project.
pub fn diagnostics(analysis: &Analysis) -> Vec<Problem> {
    let project = analysis.problems.iter().map(|message| Problem {
        span: Span::new(analysis.file, 0, 0),
        severity: Severity::Error,
        code: None,
        message: message.clone(),
        is_unused: false,
        related: Vec::new(),
    });
    let reported = analysis.checked.diagnostics.iter();
    let here = reported.filter_map(|d| shown_here(analysis, d));
    let mut problems: Vec<_> = project.chain(here.map(|d| problem(&d))).collect();
    problems.sort_by_key(|problem| problem.span.start);
    problems
}

/// What can be shown in the document: a mistake in a module stands at the `use` that takes it in.
fn shown_here(analysis: &Analysis, diagnostic: &Diagnostic) -> Option<Diagnostic> {
    let file = analysis.file;
    if diagnostic.primary.file == file {
        return Some(diagnostic.clone());
    }
    let used = diagnostic.labels.iter().find(|l| l.span.file == file)?;
    let sources = &analysis.sources;
    let place = diagnostic.primary;
    let line = sources.position(place.file, place.start).line;
    let mut shown = diagnostic.clone();
    shown.primary = used.span;
    shown.labels.retain(|label| label.span != used.span);
    shown.message = format!("{}:{line}: {}", sources.name(place.file), shown.message);
    shown.fixes.clear();
    // There it can be mended.
    shown.labels.insert(
        0,
        Label {
            span: place,
            message: diagnostic.message.clone(),
        },
    );
    Some(shown)
}

pub(crate) fn problem(diagnostic: &Diagnostic) -> Problem {
    let mut message = diagnostic.message.clone();
    let mut say = |kind: &str, text: &str| {
        message.push('\n');
        message.push_str(kind);
        message.push_str(text);
    };
    if let Some(help) = &diagnostic.help {
        say("help: ", help);
    }
    for note in &diagnostic.notes {
        say("note: ", note);
    }
    if let Some(witness) = &diagnostic.witness {
        say("note: ", WITNESS);
        say("", &witness.test);
    }
    Problem {
        span: diagnostic.primary,
        severity: diagnostic.severity,
        code: Some(diagnostic.code),
        message,
        is_unused: matches!(diagnostic.code, Code::UnusedParam | Code::UnusedDefinition),
        related: diagnostic
            .labels
            .iter()
            .map(|label| Related {
                span: label.span,
                message: label.message.clone(),
            })
            .collect(),
    }
}

//! `plasma check --format json`: diagnostics with ranges, labels and fixes.

use plasma_diagnostic::{Diagnostic, Fix, Severity, SourceMap, Span};
use serde::Serialize;

/// The whole document.
#[derive(Debug, Serialize)]
pub(crate) struct CheckDocument<'a> {
    diagnostics: Vec<DiagnosticDocument<'a>>,
    summary: Summary,
}

/// How much was found.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Summary {
    /// Files checked.
    pub(crate) files: usize,
    /// Errors found.
    pub(crate) errors: usize,
    /// Warnings found.
    pub(crate) warnings: usize,
}

#[derive(Debug, Serialize)]
struct DiagnosticDocument<'a> {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: &'a str,
    file: &'a str,
    range: RangeDocument,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    labels: Vec<LabelDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    fixes: Vec<FixDocument<'a>>,
}

#[derive(Debug, Serialize)]
struct LabelDocument<'a> {
    range: RangeDocument,
    file: &'a str,
    message: &'a str,
}

#[derive(Debug, Serialize)]
struct FixDocument<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<EditDocument<'a>>,
}

#[derive(Debug, Serialize)]
struct EditDocument<'a> {
    range: RangeDocument,
    text: &'a str,
}

#[derive(Debug, Serialize)]
struct RangeDocument {
    start: PlaceDocument,
    end: PlaceDocument,
}

#[derive(Debug, Serialize)]
struct PlaceDocument {
    line: u32,
    column: u32,
}

impl Summary {
    /// Counts what was found in `files` files.
    pub(crate) fn new(files: usize, diagnostics: &[Diagnostic]) -> Self {
        let count = |severity| {
            diagnostics
                .iter()
                .filter(|d| d.severity == severity)
                .count()
        };
        Summary {
            files,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        }
    }
}

impl<'a> CheckDocument<'a> {
    /// The document of what was found.
    pub(crate) fn new(
        sources: &'a SourceMap,
        diagnostics: &'a [Diagnostic],
        summary: Summary,
    ) -> Self {
        let diagnostics = diagnostics
            .iter()
            .map(|d| DiagnosticDocument::new(sources, d));
        CheckDocument {
            diagnostics: diagnostics.collect(),
            summary,
        }
    }
}

impl<'a> DiagnosticDocument<'a> {
    fn new(sources: &'a SourceMap, diagnostic: &'a Diagnostic) -> Self {
        let labels = diagnostic.labels.iter().map(|label| LabelDocument {
            range: RangeDocument::new(sources, label.span),
            file: sources.name(label.span.file),
            message: &label.message,
        });
        DiagnosticDocument {
            code: diagnostic.code.number(),
            name: diagnostic.code.name(),
            severity: diagnostic.severity.name(),
            message: &diagnostic.message,
            file: sources.name(diagnostic.primary.file),
            range: RangeDocument::new(sources, diagnostic.primary),
            label: &diagnostic.primary_label,
            labels: labels.collect(),
            help: diagnostic.help.as_deref(),
            notes: &diagnostic.notes,
            fixes: diagnostic
                .fixes
                .iter()
                .map(|fix| FixDocument::new(sources, fix))
                .collect(),
        }
    }
}

impl<'a> FixDocument<'a> {
    fn new(sources: &SourceMap, fix: &'a Fix) -> Self {
        let edits = fix.edits.iter().map(|edit| EditDocument {
            range: RangeDocument::new(sources, edit.span),
            text: &edit.text,
        });
        FixDocument {
            title: &fix.title,
            safe: fix.safe,
            edits: edits.collect(),
        }
    }
}

impl RangeDocument {
    fn new(sources: &SourceMap, span: Span) -> Self {
        let (start, end) = sources.range(span);
        let place = |p: plasma_diagnostic::Position| PlaceDocument {
            line: p.line,
            column: p.column,
        };
        RangeDocument {
            start: place(start),
            end: place(end),
        }
    }
}

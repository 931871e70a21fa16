//! `plasma check --format json`: diagnostics with ranges, labels and fixes.

use plasma_diagnostic::{Diagnostic, Fix, Fixed, Severity, SourceMap, Span};
use serde::Serialize;
use serde_json::Value as Json;

use crate::found::Found;

/// The whole document.
#[derive(Debug, Serialize)]
pub(crate) struct CheckDocument<'a> {
    diagnostics: Vec<DiagnosticDocument<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixed: Vec<FixedDocument<'a>>,
    summary: Summary,
}

/// How much was found.
#[derive(Debug, Serialize)]
struct Summary {
    files: usize,
    errors: usize,
    warnings: usize,
    /// Lints that the baseline knows.
    #[serde(skip_serializing_if = "is_none")]
    known: usize,
}

/// What `--fix` did.
#[derive(Debug, Serialize)]
struct FixedDocument<'a> {
    code: &'static str,
    name: &'static str,
    file: &'a str,
    line: usize,
    title: &'a str,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<WitnessDocument<'a>>,
}

/// A test that shows it, and where it can be added.
#[derive(Debug, Serialize)]
struct WitnessDocument<'a> {
    test: &'a str,
    place: PlaceDocument,
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

/// Diagnostics as the document has them, for other documents.
pub(crate) fn diagnostics(sources: &SourceMap, diagnostics: &[Diagnostic]) -> Vec<Json> {
    let documents = diagnostics
        .iter()
        .map(|d| serde_json::to_value(DiagnosticDocument::new(sources, d)).unwrap_or_default());
    documents.collect()
}

impl<'a> CheckDocument<'a> {
    /// The document of what was found.
    pub(crate) fn new(found: &'a Found) -> Self {
        let sources = &found.sources;
        let diagnostics = found.diagnostics.iter();
        let fixed = found.fixed.iter();
        CheckDocument {
            diagnostics: diagnostics
                .map(|d| DiagnosticDocument::new(sources, d))
                .collect(),
            fixed: fixed
                .map(|(file, fixed)| FixedDocument::new(file, fixed))
                .collect(),
            summary: Summary {
                files: found.files.len(),
                errors: found.count(Severity::Error),
                warnings: found.count(Severity::Warning),
                known: found.known,
            },
        }
    }
}

impl<'a> FixedDocument<'a> {
    fn new(file: &'a str, fixed: &'a Fixed) -> Self {
        FixedDocument {
            code: fixed.code.number(),
            name: fixed.code.name(),
            file,
            line: fixed.line,
            title: &fixed.title,
        }
    }
}

fn is_none(count: &usize) -> bool {
    *count == 0
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
            witness: diagnostic.witness.as_ref().map(|witness| WitnessDocument {
                test: &witness.test,
                place: RangeDocument::new(sources, witness.place).start,
            }),
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

//! From plain data to protocol types.

use plasma_diagnostic::Severity;
use plasma_ide::{CompletionKind, Problem};

use crate::client::Client;
use crate::lsp_types::{
    Code, CompletionItem, CompletionItemKind, CompletionItemTextEdit, Contents, Diagnostic,
    DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Documentation, Hover,
    InsertTextFormat, Location, MarkupContent, MarkupKind, Message, TextEdit, Uri,
};
use crate::position::Lines;

/// What is wrong with a document.
pub(crate) fn diagnostics(uri: &Uri, lines: &Lines<'_>, problems: Vec<Problem>) -> Vec<Diagnostic> {
    let converted = problems.into_iter().map(|problem| {
        let related = problem.related.into_iter().map(|related| {
            let location = Location {
                uri: uri.clone(),
                range: lines.range(related.span),
            };
            DiagnosticRelatedInformation {
                location,
                message: related.message,
            }
        });
        let related: Vec<_> = related.collect();
        Diagnostic {
            range: lines.range(problem.span),
            severity: Some(match problem.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
            }),
            code: problem.code.map(|code| Code::String(code.to_owned())),
            source: Some("plasma".to_owned()),
            message: Message::String(problem.message),
            tags: problem.is_unused.then(|| vec![DiagnosticTag::Unnecessary]),
            related_information: (!related.is_empty()).then_some(related),
            ..Diagnostic::default()
        }
    });
    converted.collect()
}

/// What a word stands for.
pub(crate) fn hover(lines: &Lines<'_>, hover: plasma_ide::Hover) -> Hover {
    Hover {
        contents: Contents::MarkupContent(markdown(hover.markdown)),
        range: Some(lines.range(hover.span)),
    }
}

fn markdown(value: String) -> MarkupContent {
    MarkupContent {
        kind: MarkupKind::Markdown,
        value,
    }
}

/// Something that can stand at the cursor.
pub(crate) fn completion_item(
    lines: &Lines<'_>,
    client: Client,
    item: plasma_ide::CompletionItem,
) -> CompletionItem {
    let snippet = item.snippet.filter(|_| client.takes_snippets);
    let format = match snippet {
        Some(_) => InsertTextFormat::Snippet,
        None => InsertTextFormat::PlainText,
    };
    let edit = TextEdit {
        range: lines.range(item.replace),
        new_text: snippet.unwrap_or(item.insert),
    };
    CompletionItem {
        label: item.label,
        kind: Some(match item.kind {
            CompletionKind::Keyword => CompletionItemKind::Keyword,
            CompletionKind::Type => CompletionItemKind::Class,
            CompletionKind::Property | CompletionKind::Metric => CompletionItemKind::Property,
            CompletionKind::Function => CompletionItemKind::Method,
            CompletionKind::Behavior => CompletionItemKind::Function,
            CompletionKind::Variable => CompletionItemKind::Variable,
            CompletionKind::Param => CompletionItemKind::Constant,
        }),
        detail: Some(item.detail),
        documentation: Some(Documentation::MarkupContent(markdown(item.docs))),
        insert_text_format: Some(format),
        text_edit: Some(CompletionItemTextEdit::TextEdit(edit)),
        ..CompletionItem::default()
    }
}

/// Changes of a document's text.
pub(crate) fn text_edits(lines: &Lines<'_>, edits: Vec<plasma_ide::TextEdit>) -> Vec<TextEdit> {
    let edits = edits.into_iter().map(|edit| TextEdit {
        range: lines.range(edit.span),
        new_text: edit.text,
    });
    edits.collect()
}

//! From offsets and plain data to positions and protocol types.

use plasma_diagnostic::{FileId, Severity, SourceMap, Span};
use plasma_ide::{CompletionKind, Problem};

use crate::lsp_types::{
    ClientCapabilities, Code, CompletionItem, CompletionItemKind, CompletionItemTextEdit, Contents,
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Documentation,
    Hover, InsertTextFormat, Location, MarkupContent, MarkupKind, Message, Position,
    PositionEncodingKind, Range, TextEdit, Uri,
};

/// The unit in which characters of a line are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16, what every editor understands.
    Utf16,
}

impl Encoding {
    /// The best that an editor offers.
    pub(crate) fn negotiate(client: &ClientCapabilities) -> Encoding {
        let general = client.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref());
        if offered.unwrap_or(&[]).contains(&PositionEncodingKind::UTF8) {
            Encoding::Utf8
        } else {
            Encoding::Utf16
        }
    }

    /// Its name in the protocol.
    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
        }
    }
}

/// The byte at a position; one beyond the end of a line or of the text counts as that end, one
/// within a character as its beginning.
pub(crate) fn offset(
    sources: &SourceMap,
    file: FileId,
    encoding: Encoding,
    position: Position,
) -> u32 {
    let line = position.line.saturating_add(1);
    let text = sources.line(file, line);
    let character = position.character as usize;
    let mut counted = 0;
    let within = text.char_indices().find_map(|(at, c)| {
        counted += encoding.width(c);
        (counted > character).then_some(at)
    });
    sources.line_start(file, line) + within.unwrap_or(text.len()) as u32
}

/// The position of a byte.
fn position(sources: &SourceMap, file: FileId, encoding: Encoding, offset: u32) -> Position {
    let line = sources.position(file, offset).line;
    let start = sources.line_start(file, line) as usize;
    let before = sources.text(file).get(start..offset as usize).unwrap_or("");
    let character: usize = before.chars().map(|c| encoding.width(c)).sum();
    Position {
        line: line.saturating_sub(1),
        character: character as u32,
    }
}

/// The range of a span.
pub(crate) fn range(sources: &SourceMap, encoding: Encoding, span: Span) -> Range {
    Range {
        start: position(sources, span.file, encoding, span.start),
        end: position(sources, span.file, encoding, span.end),
    }
}

/// What is wrong with a document.
pub(crate) fn diagnostics(
    uri: &Uri,
    sources: &SourceMap,
    encoding: Encoding,
    problems: Vec<Problem>,
) -> Vec<Diagnostic> {
    let converted = problems.into_iter().map(|problem| {
        let related = problem.related.into_iter().map(|related| {
            let location = Location {
                uri: uri.clone(),
                range: range(sources, encoding, related.span),
            };
            DiagnosticRelatedInformation {
                location,
                message: related.message,
            }
        });
        let related: Vec<_> = related.collect();
        Diagnostic {
            range: range(sources, encoding, problem.span),
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
pub(crate) fn hover(sources: &SourceMap, encoding: Encoding, hover: plasma_ide::Hover) -> Hover {
    Hover {
        contents: Contents::MarkupContent(markdown(hover.markdown)),
        range: Some(range(sources, encoding, hover.span)),
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
    sources: &SourceMap,
    encoding: Encoding,
    item: plasma_ide::CompletionItem,
) -> CompletionItem {
    let edit = TextEdit {
        range: range(sources, encoding, item.replace),
        new_text: item.insert,
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
        insert_text_format: Some(InsertTextFormat::Snippet),
        text_edit: Some(CompletionItemTextEdit::TextEdit(edit)),
        ..CompletionItem::default()
    }
}

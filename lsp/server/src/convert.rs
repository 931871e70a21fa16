//! From plain data to protocol types.

use plasma_diagnostic::{Edit, Severity};
use plasma_ide::{ActionKind, CompletionKind, Problem, Related};
use serde_json::json;

use crate::client::Client;
use crate::lsp_types::{
    Code, CodeAction, CodeActionKind, CodeActionResponse, CompletionItem, CompletionItemKind,
    CompletionItemTextEdit, Contents, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, Documentation, Hover, InsertTextFormat, MarkupContent, MarkupKind, Message,
    SymbolKind, TextEdit, Uri, WorkspaceEdit,
};
use crate::places::Places;
use crate::position::Lines;

/// What is wrong with a document.
pub(crate) fn diagnostics(places: &Places<'_>, problems: Vec<Problem>) -> Vec<Diagnostic> {
    let converted = problems.into_iter();
    converted.map(|p| diagnostic(places, p)).collect()
}

fn diagnostic(places: &Places<'_>, problem: Problem) -> Diagnostic {
    let mut message = problem.message;
    let mut related = Vec::new();
    for Related {
        span,
        message: explained,
    } in problem.related
    {
        match places.location(span) {
            Some(location) => related.push(DiagnosticRelatedInformation {
                location,
                message: explained,
            }),
            // What cannot be gone to is said.
            None => message.push_str(&format!("\n{}: {explained}", places.text(span))),
        }
    }
    Diagnostic {
        range: places.range(problem.span),
        severity: Some(match problem.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
        }),
        code: problem
            .code
            .map(|code| Code::String(code.number().to_owned())),
        source: Some("plasma".to_owned()),
        message: Message::String(message),
        tags: problem.is_unused.then(|| vec![DiagnosticTag::Unnecessary]),
        related_information: (!related.is_empty()).then_some(related),
        // The pages have no address yet; an editor can show them by this command.
        data: problem.code.map(|code| {
            json!({
                "name": code.name(),
                "explain": format!("plasma explain {code}"),
            })
        }),
        ..Diagnostic::default()
    }
}

/// Something that can be done, with what it resolves.
pub(crate) fn code_action(
    places: &Places<'_>,
    action: plasma_ide::CodeAction,
) -> CodeActionResponse {
    CodeActionResponse::CodeAction(CodeAction {
        title: action.title,
        kind: Some(match action.kind {
            ActionKind::QuickFix => CodeActionKind::QuickFix,
            ActionKind::Extract => CodeActionKind::RefactorExtract,
            ActionKind::Rewrite => CodeActionKind::RefactorRewrite,
        }),
        diagnostics: action
            .problem
            .map(|problem| vec![diagnostic(places, problem)]),
        is_preferred: Some(action.is_preferred),
        edit: Some(workspace_edit(places.uri, &places.lines, action.edits)),
        ..CodeAction::default()
    })
}

/// All safe fixes of a document.
pub(crate) fn fix_all(uri: &Uri, lines: &Lines<'_>, edit: Edit) -> CodeActionResponse {
    CodeActionResponse::CodeAction(CodeAction {
        title: "apply every safe fix".to_owned(),
        kind: Some(CodeActionKind::SourceFixAll),
        edit: Some(workspace_edit(uri, lines, vec![edit])),
        ..CodeAction::default()
    })
}

fn workspace_edit(uri: &Uri, lines: &Lines<'_>, edits: Vec<Edit>) -> WorkspaceEdit {
    let edits = edits.into_iter().map(|edit| TextEdit {
        range: lines.range(edit.span),
        new_text: edit.text,
    });
    WorkspaceEdit {
        changes: Some([(uri.clone(), edits.collect())].into()),
        ..WorkspaceEdit::default()
    }
}

/// What a word stands for.
pub(crate) fn hover(lines: &Lines<'_>, hover: plasma_ide::Hover) -> Hover {
    Hover {
        contents: Contents::MarkupContent(markdown(hover.markdown)),
        range: Some(lines.range(hover.span)),
    }
}

/// A text in markdown.
pub(crate) fn markdown(value: String) -> MarkupContent {
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
            CompletionKind::Behavior | CompletionKind::Definition => CompletionItemKind::Function,
            CompletionKind::Rule => CompletionItemKind::Event,
            CompletionKind::Variable => CompletionItemKind::Variable,
            CompletionKind::Param => CompletionItemKind::Constant,
            CompletionKind::Module => CompletionItemKind::Module,
            CompletionKind::Value => CompletionItemKind::Value,
        }),
        detail: Some(item.detail),
        documentation: Some(Documentation::MarkupContent(markdown(item.docs))),
        insert_text_format: Some(format),
        text_edit: Some(CompletionItemTextEdit::TextEdit(edit)),
        additional_text_edits: item.also.map(|also| {
            vec![TextEdit {
                range: lines.range(also.span),
                new_text: also.text,
            }]
        }),
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

/// What something declared is.
pub(crate) fn symbol_kind(kind: plasma_ide::SymbolKind) -> SymbolKind {
    use plasma_ide::SymbolKind as Ours;
    match kind {
        Ours::Actor => SymbolKind::Class,
        Ours::Property => SymbolKind::Property,
        Ours::Function => SymbolKind::Method,
        Ours::Param => SymbolKind::Constant,
        Ours::Module => SymbolKind::Module,
        Ours::Definition => SymbolKind::Function,
        Ours::Rule | Ours::Requirement | Ours::Limit => SymbolKind::Event,
        Ours::Test => SymbolKind::Namespace,
        Ours::TestServer | Ours::TestActor => SymbolKind::Object,
        Ours::TestCalls | Ours::TestTime => SymbolKind::Key,
        Ours::Expectation => SymbolKind::Boolean,
    }
}

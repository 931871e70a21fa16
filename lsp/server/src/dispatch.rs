//! Who answers which message. A feature is one line here.

use lsp_server::{ErrorCode, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::commands;
use crate::convert;
use crate::hierarchy;
use crate::hints;
use crate::lenses;
use crate::lsp_types::{
    CodeActionKind as Kind, CodeActionParams, CodeActionResponse, CompletionItem, CompletionParams,
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    DocumentFormattingParams, DocumentOnTypeFormattingParams, DocumentRangeFormattingParams, Hover,
    HoverParams, PublishDiagnosticsParams, TextEdit, Uri, WorkspaceFolder,
};
use crate::navigation;
use crate::places::Places;
use crate::position::Lines;
use crate::pull;
use crate::renaming;
use crate::session::Session;
use crate::settings::SECTION;
use crate::shape;
use crate::symbols;

/// Answers a request.
pub(crate) fn request(session: &mut Session, request: Request) -> Response {
    match request.method.as_str() {
        "textDocument/hover" => respond(session, request, hover),
        "textDocument/definition" => respond(session, request, navigation::definition),
        "textDocument/declaration" => respond(session, request, navigation::declaration),
        "textDocument/typeDefinition" => respond(session, request, navigation::type_definition),
        "textDocument/references" => respond(session, request, navigation::references),
        "textDocument/documentHighlight" => {
            respond(session, request, navigation::document_highlight)
        }
        "textDocument/documentLink" => respond(session, request, navigation::document_link),
        "textDocument/documentSymbol" => respond(session, request, symbols::document_symbol),
        "workspace/symbol" => respond(session, request, symbols::workspace_symbol),
        "textDocument/prepareRename" => {
            respond_or_refuse(session, request, renaming::prepare_rename)
        }
        "textDocument/rename" => respond_or_refuse(session, request, renaming::rename),
        "textDocument/prepareCallHierarchy" => respond(session, request, hierarchy::prepare),
        "callHierarchy/incomingCalls" => respond(session, request, hierarchy::incoming),
        "callHierarchy/outgoingCalls" => respond(session, request, hierarchy::outgoing),
        "workspace/textDocumentContent" => {
            respond_or_refuse(session, request, navigation::text_document_content)
        }
        "textDocument/semanticTokens/full" => respond(session, request, shape::semantic_tokens),
        "textDocument/semanticTokens/full/delta" => {
            respond(session, request, shape::semantic_tokens_delta)
        }
        "textDocument/semanticTokens/range" => {
            respond(session, request, shape::semantic_tokens_range)
        }
        "textDocument/foldingRange" => respond(session, request, shape::folding_range),
        "textDocument/selectionRange" => respond(session, request, shape::selection_range),
        "textDocument/codeAction" => respond(session, request, code_action),
        "textDocument/completion" => respond(session, request, completion),
        "textDocument/signatureHelp" => respond(session, request, hints::signature_help),
        "textDocument/inlayHint" => respond(session, request, hints::inlay_hint),
        "textDocument/codeLens" => respond(session, request, lenses::code_lens),
        "textDocument/diagnostic" => respond(session, request, pull::diagnostic),
        "workspace/executeCommand" => respond_or_refuse(session, request, commands::execute),
        "textDocument/formatting" => respond(session, request, formatting),
        "textDocument/rangeFormatting" => respond(session, request, range_formatting),
        "textDocument/onTypeFormatting" => respond(session, request, on_type_formatting),
        "initialize" => {
            let reason = "`initialize` was answered already".to_owned();
            Response::new_err(request.id, ErrorCode::InvalidRequest as i32, reason)
        }
        _ => {
            let reason = format!("`{}` is not offered", request.method);
            Response::new_err(request.id, ErrorCode::MethodNotFound as i32, reason)
        }
    }
}

fn respond<P: DeserializeOwned, R: Serialize>(
    session: &mut Session,
    request: Request,
    feature: impl FnOnce(&mut Session, P) -> R,
) -> Response {
    match serde_json::from_value(request.params) {
        Ok(params) => answer(request.id, &feature(session, params)),
        Err(error) => invalid_params(request.id, &error),
    }
}

/// As [`respond`], where the feature can refuse with a reason for people.
fn respond_or_refuse<P: DeserializeOwned, R: Serialize>(
    session: &mut Session,
    request: Request,
    feature: impl FnOnce(&mut Session, P) -> Result<R, String>,
) -> Response {
    match serde_json::from_value(request.params) {
        Ok(params) => match feature(session, params) {
            Ok(result) => answer(request.id, &result),
            Err(reason) => Response::new_err(request.id, ErrorCode::RequestFailed as i32, reason),
        },
        Err(error) => invalid_params(request.id, &error),
    }
}

fn hover(session: &mut Session, params: HoverParams) -> Option<Hover> {
    let place = params.text_document_position_params;
    let client = session.client();
    session.analysis(&place.text_document.uri)?;
    let (analysis, attached) = session.beside(&place.text_document.uri)?;
    let lines = Lines::of(analysis, client.encoding);
    let offset = lines.offset(place.position) as u32;
    let mut hover = plasma_ide::hover(analysis, offset)?;
    let told = attached.and_then(|a| plasma_ide::attached_hover(analysis, offset, a));
    if let Some(told) = told {
        hover.markdown = format!("{}\n\n---\n\n{told}", hover.markdown);
    }
    Some(convert::hover(&lines, hover))
}

fn code_action(session: &mut Session, params: CodeActionParams) -> Option<Vec<CodeActionResponse>> {
    let uri = params.text_document.uri;
    let client = session.client();
    let analysis = session.analysis(&uri)?;
    let places = Places::new(&uri, analysis, client);
    let only = params.context.only.as_deref();
    let is_wanted = |kinds: &[Kind]| only.is_none_or(|only| only.iter().any(|k| kinds.contains(k)));
    let place = places.lines.span(analysis.file(), params.range);
    let mut found = Vec::new();
    if is_wanted(&[Kind::QuickFix, Kind::Empty]) {
        found.extend(plasma_ide::code_actions(analysis, place));
    }
    let refactorings = [
        Kind::Refactor,
        Kind::RefactorExtract,
        Kind::RefactorRewrite,
        Kind::Empty,
    ];
    if is_wanted(&refactorings) {
        found.extend(plasma_ide::refactorings(analysis, place));
    }
    let actions = found.into_iter();
    let actions = actions.map(|action| convert::code_action(&places, action));
    let mut actions: Vec<_> = actions.collect();
    // What changes the whole document is done only where it is asked for.
    let is_for_all = |kind: &Kind| matches!(kind, Kind::Source | Kind::SourceFixAll);
    if only.is_some_and(|only| only.iter().any(is_for_all)) {
        let edit = plasma_ide::fix_all(analysis);
        actions.extend(edit.map(|edit| convert::fix_all(&uri, &places.lines, edit)));
    }
    Some(actions)
}

fn completion(session: &mut Session, params: CompletionParams) -> Option<Vec<CompletionItem>> {
    let place = params.text_document_position_params;
    let client = session.client();
    session.analysis(&place.text_document.uri)?;
    let (analysis, attached) = session.beside(&place.text_document.uri)?;
    let lines = Lines::of(analysis, client.encoding);
    let offset = lines.offset(place.position) as u32;
    let mut items = plasma_ide::completion_with_modules(analysis, offset, &session.files());
    if let Some(attached) = attached {
        items.extend(plasma_ide::live_names(analysis, offset, attached));
    }
    let items = items.into_iter();
    Some(
        items
            .map(|item| convert::completion_item(&lines, client, item))
            .collect(),
    )
}

fn formatting(session: &mut Session, params: DocumentFormattingParams) -> Option<Vec<TextEdit>> {
    let client = session.client();
    let analysis = session.analysis(&params.text_document.uri)?;
    let lines = Lines::of(analysis, client.encoding);
    Some(convert::text_edits(&lines, plasma_ide::format(analysis)?))
}

fn range_formatting(
    session: &mut Session,
    params: DocumentRangeFormattingParams,
) -> Option<Vec<TextEdit>> {
    let client = session.client();
    let analysis = session.analysis(&params.text_document.uri)?;
    let lines = Lines::of(analysis, client.encoding);
    let start = lines.offset(params.range.start) as u32;
    let end = lines.offset(params.range.end) as u32;
    let edits = plasma_ide::format_range(analysis, start..end);
    Some(convert::text_edits(&lines, edits))
}

fn on_type_formatting(
    session: &mut Session,
    params: DocumentOnTypeFormattingParams,
) -> Option<Vec<TextEdit>> {
    let client = session.client();
    let analysis = session.analysis(&params.text_document.uri)?;
    let lines = Lines::of(analysis, client.encoding);
    let edits = plasma_ide::format_typed(analysis, lines.offset(params.position) as u32);
    Some(convert::text_edits(&lines, edits))
}

/// Takes note of a notification. There is nobody to tell about a malformed one: it is left aside.
pub(crate) fn notification(session: &mut Session, notification: Notification) {
    match notification.method.as_str() {
        "textDocument/didOpen" => {
            if let Some(params) = params::<DidOpenTextDocumentParams>(notification) {
                let document = params.text_document;
                session.open(document.uri, document.version, document.text);
            }
        }
        "textDocument/didChange" => {
            if let Some(params) = params::<DidChangeTextDocumentParams>(notification) {
                let document = params.text_document;
                let uri = document.text_document_identifier.uri;
                session.change(&uri, document.version, params.content_changes);
            }
        }
        "textDocument/didClose" => {
            if let Some(params) = params::<DidCloseTextDocumentParams>(notification) {
                session.close(params.text_document.uri);
            }
        }
        "textDocument/didSave" => {
            if let Some(params) = params::<DidSaveTextDocumentParams>(notification) {
                session.saved(&params.text_document.uri);
            }
        }
        "workspace/didChangeConfiguration" => settings(session, &notification.params),
        "workspace/didChangeWatchedFiles" => {
            if let Some(params) = params::<DidChangeWatchedFilesParams>(notification) {
                for change in params.changes {
                    session.changed_on_disk(&change.uri);
                }
            }
        }
        "workspace/didChangeWorkspaceFolders" => {
            if let Some(params) = params::<DidChangeWorkspaceFoldersParams>(notification) {
                let uris = |folders: Vec<WorkspaceFolder>| -> Vec<Uri> {
                    folders.into_iter().map(|folder| folder.uri).collect()
                };
                let event = params.event;
                session.change_roots(&uris(event.added), &uris(event.removed));
            }
        }
        _ => {}
    }
}

/// The settings have changed: the editor sends them, or has to be asked for them.
fn settings(session: &mut Session, params: &Value) {
    match params
        .get("settings")
        .and_then(|settings| settings.get(SECTION))
    {
        Some(sent @ Value::Object(_)) => session.set(sent),
        _ if session.client().has_settings => session.outbox().ask_settings(),
        _ => {}
    }
}

fn params<P: DeserializeOwned>(notification: Notification) -> Option<P> {
    serde_json::from_value(notification.params).ok()
}

/// The message that shows what is wrong with a document.
pub(crate) fn publish(params: PublishDiagnosticsParams) -> Notification {
    Notification::new("textDocument/publishDiagnostics".to_owned(), params)
}

/// A good answer.
pub(crate) fn answer(id: RequestId, result: &impl Serialize) -> Response {
    match serde_json::to_value(result) {
        Ok(result) => Response::new_ok(id, result),
        Err(error) => Response::new_err(id, ErrorCode::InternalError as i32, error.to_string()),
    }
}

/// The answer to a request that the editor took back.
pub(crate) fn cancelled(id: RequestId) -> Response {
    let reason = "the request was cancelled".to_owned();
    Response::new_err(id, ErrorCode::RequestCanceled as i32, reason)
}

/// The answer to parameters that are not those of the request.
pub(crate) fn invalid_params(id: RequestId, error: &serde_json::Error) -> Response {
    Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string())
}

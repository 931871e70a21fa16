//! What the server offers an editor, in the answer to `initialize`.

use crate::client::Client;
use crate::lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProvider, CompletionOptions,
    DocumentFormattingProvider, DocumentOnTypeFormattingOptions, DocumentRangeFormattingProvider,
    HoverProvider, InitializeResult, Save, ServerCapabilities, ServerInfo, TextDocumentSync,
    TextDocumentSyncKind, TextDocumentSyncOptions,
};

/// The answer to `initialize`: what is offered to an editor that can do this.
pub(crate) fn initialize_result(client: Client) -> InitializeResult {
    InitializeResult {
        capabilities: capabilities(client),
        server_info: Some(ServerInfo {
            name: "plasma".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    }
}

fn capabilities(client: Client) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(text_document_sync()),
        hover_provider: Some(HoverProvider::Bool(true)),
        completion_provider: Some(completion()),
        code_action_provider: client.takes_code_actions.then(code_actions),
        document_formatting_provider: Some(DocumentFormattingProvider::Bool(true)),
        document_range_formatting_provider: Some(DocumentRangeFormattingProvider::Bool(true)),
        document_on_type_formatting_provider: Some(on_type_formatting()),
        ..ServerCapabilities::default()
    }
}

fn text_document_sync() -> TextDocumentSync {
    TextDocumentSync::Options(TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::Incremental),
        save: Some(Save::Bool(true)),
        ..TextDocumentSyncOptions::default()
    })
}

fn completion() -> CompletionOptions {
    let triggers = [".", "(", "{", "["];
    CompletionOptions {
        trigger_characters: Some(triggers.map(str::to_owned).to_vec()),
        ..CompletionOptions::default()
    }
}

fn on_type_formatting() -> DocumentOnTypeFormattingOptions {
    let [first_typed, more_typed @ ..] = plasma_ide::FORMATTED_BEHIND;
    DocumentOnTypeFormattingOptions {
        first_trigger_character: first_typed.to_owned(),
        more_trigger_character: Some(more_typed.map(str::to_owned).to_vec()),
    }
}

fn code_actions() -> CodeActionProvider {
    let kinds = vec![CodeActionKind::QuickFix, CodeActionKind::SourceFixAll];
    CodeActionProvider::CodeActionOptions(CodeActionOptions {
        code_action_kinds: Some(kinds),
        ..CodeActionOptions::default()
    })
}

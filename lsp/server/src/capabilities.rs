//! What the server offers an editor, in the answer to `initialize`.

use plasma_scenario::LIBRARY_SCHEME;

use crate::client::Client;
use crate::commands;
use crate::lsp_types::{
    CallHierarchyProvider, ChangeNotifications, CodeActionKind, CodeActionOptions,
    CodeActionProvider, CodeLensOptions, CompletionOptions, DeclarationProvider,
    DefinitionProvider, DiagnosticOptions, DiagnosticProvider, DocumentFormattingProvider,
    DocumentHighlightProvider, DocumentLinkOptions, DocumentOnTypeFormattingOptions,
    DocumentRangeFormattingProvider, DocumentSymbolProvider, ExecuteCommandOptions,
    FoldingRangeProvider, Full, HoverProvider, InitializeResult, InlayHintProvider,
    ReferenceOptions, ReferencesProvider, RenameOptions, RenameProvider, Save,
    SelectionRangeProvider, SemanticTokensFullDelta, SemanticTokensOptions,
    SemanticTokensOptionsRange, SemanticTokensProvider, ServerCapabilities, ServerInfo,
    SignatureHelpOptions, TextDocumentContent, TextDocumentContentOptions, TextDocumentSync,
    TextDocumentSyncKind, TextDocumentSyncOptions, TypeDefinitionProvider, WorkDoneProgressOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceOptions, WorkspaceSymbolOptions,
    WorkspaceSymbolProvider,
};
use crate::shape;

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
        definition_provider: Some(DefinitionProvider::Bool(true)),
        declaration_provider: Some(DeclarationProvider::Bool(true)),
        type_definition_provider: Some(TypeDefinitionProvider::Bool(true)),
        signature_help_provider: Some(signature_help()),
        inlay_hint_provider: Some(InlayHintProvider::Bool(true)),
        code_lens_provider: Some(CodeLensOptions::default()),
        diagnostic_provider: client.pulls_diagnostics.then(diagnostics),
        execute_command_provider: Some(commands()),
        references_provider: Some(references()),
        document_highlight_provider: Some(DocumentHighlightProvider::Bool(true)),
        document_link_provider: Some(DocumentLinkOptions::default()),
        document_symbol_provider: Some(DocumentSymbolProvider::Bool(true)),
        workspace_symbol_provider: Some(workspace_symbols()),
        rename_provider: Some(rename(client)),
        call_hierarchy_provider: Some(CallHierarchyProvider::Bool(true)),
        semantic_tokens_provider: Some(semantic_tokens()),
        folding_range_provider: Some(FoldingRangeProvider::Bool(true)),
        selection_range_provider: Some(SelectionRangeProvider::Bool(true)),
        workspace: Some(workspace(client)),
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
    let triggers = [".", "(", "{", "[", "\""];
    CompletionOptions {
        trigger_characters: Some(triggers.map(str::to_owned).to_vec()),
        ..CompletionOptions::default()
    }
}

fn signature_help() -> SignatureHelpOptions {
    SignatureHelpOptions {
        trigger_characters: Some(["(", ","].map(str::to_owned).to_vec()),
        ..SignatureHelpOptions::default()
    }
}

fn diagnostics() -> DiagnosticProvider {
    DiagnosticProvider::DiagnosticOptions(DiagnosticOptions {
        identifier: None,
        inter_file_dependencies: true,
        workspace_diagnostics: false,
        ..DiagnosticOptions::default()
    })
}

fn commands() -> ExecuteCommandOptions {
    ExecuteCommandOptions {
        commands: commands::ALL.map(str::to_owned).to_vec(),
        ..ExecuteCommandOptions::default()
    }
}

fn references() -> ReferencesProvider {
    ReferencesProvider::ReferenceOptions(ReferenceOptions {
        work_done_progress_options: tells_progress(),
    })
}

fn workspace_symbols() -> WorkspaceSymbolProvider {
    WorkspaceSymbolProvider::WorkspaceSymbolOptions(WorkspaceSymbolOptions {
        work_done_progress_options: tells_progress(),
        ..WorkspaceSymbolOptions::default()
    })
}

fn tells_progress() -> WorkDoneProgressOptions {
    WorkDoneProgressOptions {
        work_done_progress: Some(true),
    }
}

fn on_type_formatting() -> DocumentOnTypeFormattingOptions {
    let [first_typed, more_typed @ ..] = plasma_ide::FORMATTED_BEHIND;
    DocumentOnTypeFormattingOptions {
        first_trigger_character: first_typed.to_owned(),
        more_trigger_character: Some(more_typed.map(str::to_owned).to_vec()),
    }
}

/// Options are only for editors that ask what can be renamed.
fn rename(client: Client) -> RenameProvider {
    if !client.prepares_renames {
        return RenameProvider::Bool(true);
    }
    RenameProvider::RenameOptions(RenameOptions {
        prepare_provider: Some(true),
        work_done_progress_options: tells_progress(),
    })
}

fn semantic_tokens() -> SemanticTokensProvider {
    let full = SemanticTokensFullDelta { delta: Some(true) };
    SemanticTokensProvider::SemanticTokensOptions(SemanticTokensOptions {
        legend: shape::legend(),
        range: Some(SemanticTokensOptionsRange::Bool(true)),
        full: Some(Full::SemanticTokensFullDelta(full)),
        ..SemanticTokensOptions::default()
    })
}

fn workspace(client: Client) -> WorkspaceOptions {
    let folders = WorkspaceFoldersServerCapabilities {
        supported: Some(true),
        change_notifications: Some(ChangeNotifications::Bool(true)),
    };
    let texts = TextDocumentContentOptions {
        schemes: vec![LIBRARY_SCHEME.to_owned()],
    };
    WorkspaceOptions {
        workspace_folders: client.has_folders.then_some(folders),
        text_document_content: client
            .shows_texts
            .then_some(TextDocumentContent::Options(texts)),
        ..WorkspaceOptions::default()
    }
}

fn code_actions() -> CodeActionProvider {
    let kinds = vec![
        CodeActionKind::QuickFix,
        CodeActionKind::RefactorExtract,
        CodeActionKind::RefactorRewrite,
        CodeActionKind::SourceFixAll,
    ];
    CodeActionProvider::CodeActionOptions(CodeActionOptions {
        code_action_kinds: Some(kinds),
        ..CodeActionOptions::default()
    })
}

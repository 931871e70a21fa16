//! The protocol's types. This module alone names the crate that they come from, which is young.

pub(crate) use gen_lsp_types::{
    ClientCapabilities, Code, CodeAction, CodeActionKind, CodeActionOptions, CodeActionParams,
    CodeActionProvider, CodeActionResponse, CompletionItem, CompletionItemKind,
    CompletionItemTextEdit, CompletionOptions, CompletionParams, Contents, Diagnostic,
    DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWatchedFilesRegistrationOptions,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    DocumentFormattingParams, DocumentFormattingProvider, DocumentOnTypeFormattingOptions,
    DocumentOnTypeFormattingParams, DocumentRangeFormattingParams, DocumentRangeFormattingProvider,
    Documentation, FileSystemWatcher, GlobPattern, Hover, HoverParams, HoverProvider,
    InitializeParams, InitializeResult, InsertTextFormat, Location, MarkupContent, MarkupKind,
    Message, Position, PositionEncodingKind, PublishDiagnosticsParams, Range, Registration,
    RegistrationParams, Save, ServerCapabilities, ServerInfo, TextDocumentContentChangeEvent,
    TextDocumentSync, TextDocumentSyncKind, TextDocumentSyncOptions, TextEdit, Uri, WorkspaceEdit,
};

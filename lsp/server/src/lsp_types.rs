//! The protocol's types. This module alone names the crate that they come from, which is young.

pub(crate) use gen_lsp_types::{ClientCapabilities, Code, Message};
pub(crate) use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionOptions,
    CompletionParams, Contents, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, DidChangeTextDocumentParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, Documentation, Hover, HoverParams, HoverProvider, InitializeParams,
    InitializeResult, InsertTextFormat, Location, MarkupContent, MarkupKind, Position,
    PositionEncodingKind, PublishDiagnosticsParams, Range, ServerCapabilities, ServerInfo,
    TextDocumentContentChangeEvent, TextDocumentSync, TextDocumentSyncKind, TextEdit, Uri,
};

//! Editor features as plain data.
//!
//! An [`Analysis`] is a document parsed and checked; each feature is a function of it, in a file of
//! its own name. Places are byte offsets and spans, texts are markdown; nothing here knows the
//! language server protocol, and nothing reads files.

mod analysis;
mod attached;
mod call_hierarchy;
mod code_actions;
mod code_lenses;
mod completion;
mod definition;
mod diagnostics;
mod document_highlights;
mod document_links;
mod document_symbols;
mod folding_ranges;
mod format;
mod hover;
mod index;
mod inlay_hints;
mod keywords;
mod lines;
mod markdown;
mod references;
mod rename;
mod selection_ranges;
mod semantic_tokens;
mod signature_help;
mod value_types;
mod vicinity;
mod workspace_symbols;

pub use plasma_check::{Date, Files, ModuleError, ModuleText};
pub use plasma_diagnostic::Span;
pub use plasma_syntax::{POLICY_BYTES_MAX, Parsed};

pub use analysis::{Analysis, Outdated, SchemaText, Surroundings, parsed};
pub use attached::{
    Attached, Firings, TIMES_MAX, attached_hover, firings_text, firings_title, live_names,
    value_hints,
};
pub use call_hierarchy::{Use, hierarchy_item, incoming_uses, outgoing_uses};
pub use code_actions::{ActionKind, CodeAction, code_actions, fix_all, refactorings};
pub use code_lenses::{CodeLens, Task, code_lenses};
pub use completion::{CompletionItem, CompletionKind, completion, completion_with_modules};
pub use definition::{Definition, definition, type_definition};
pub use diagnostics::{Problem, Related, diagnostics};
pub use document_highlights::document_highlights;
pub use document_links::{DocumentLink, document_links};
pub use document_symbols::{DocumentSymbol, SymbolKind, document_symbols, text_symbols};
pub use folding_ranges::{FoldingKind, FoldingRange, folding_ranges};
pub use format::{FORMATTED_BEHIND, TextEdit, format, format_range, format_typed};
pub use hover::{Hover, hover};
pub use index::{Index, Owner, Place, Role, Thing, ThingKind};
pub use inlay_hints::{HintKind, InlayHint, inlay_hints};
pub use keywords::{KEYWORDS, Keyword, keyword};
pub use lines::line_starts;
pub use references::{References, references, word_at};
pub use rename::{Renameable, Renaming, prepare_rename, rename};
pub use selection_ranges::selection_ranges;
pub use semantic_tokens::{SemanticToken, TokenKind, semantic_tokens};
pub use signature_help::{SignatureHelp, signature_help};
pub use value_types::{VALUE_TYPES, value_type};
pub use workspace_symbols::{SYMBOLS_MAX, WorkspaceSymbol, workspace_symbols};

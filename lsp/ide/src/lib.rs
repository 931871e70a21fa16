//! Editor features as plain data.
//!
//! An [`Analysis`] is a document parsed and checked; each feature is a function of it, in a file of
//! its own name. Places are byte offsets and spans, texts are markdown; nothing here knows the
//! language server protocol, and nothing reads files.

mod analysis;
mod code_actions;
mod completion;
mod diagnostics;
mod format;
mod hover;
mod keywords;
mod lines;
mod markdown;
mod value_types;

pub use plasma_check::{Date, Files, ModuleError, ModuleText};

pub use analysis::{Analysis, SchemaText, Surroundings};
pub use code_actions::{CodeAction, code_actions, fix_all};
pub use completion::{CompletionItem, CompletionKind, completion};
pub use diagnostics::{Problem, Related, diagnostics};
pub use format::{FORMATTED_BEHIND, TextEdit, format, format_range, format_typed};
pub use hover::{Hover, hover};
pub use keywords::{KEYWORDS, Keyword, keyword};
pub use lines::line_starts;
pub use value_types::{VALUE_TYPES, value_type};

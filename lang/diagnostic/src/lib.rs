//! Spans, source maps, diagnostics with fixes, and their rendering.
//!
//! Every phase of the language returns its result together with [`Diagnostic`]s: a stable [`Code`],
//! a message, the place in the text, other places that explain it, a way out and, where it is
//! certain, a [`Fix`]. [`render()`] alone decides how they look on a terminal; documents such as JSON
//! are made by the command line from the plain data here.

mod change;
mod code;
mod diagnostic;
mod level;
mod mend;
mod page;
mod render;
mod source;
mod span;
mod suggest;

pub use change::TextChange;
pub use code::{CODES, Code, CodeRow, Severity};
pub use diagnostic::{Diagnostic, Edit, Fix, Label, WITNESS, Witness};
pub use level::{Level, Levels, LintNameError, lint_named};
pub use mend::{Fixed, Mended, edited, mend};
pub use render::{RenderOptions, render, render_short};
pub use source::{Position, SourceMap};
pub use span::{FileId, Span};
pub use suggest::did_you_mean;

//! An open document: its text, kept equal to the editor's, and what was last found out about it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use plasma_ide::{Analysis, Index, Parsed};
use plasma_scenario::project::Attachment;

use crate::lsp_types::{SemanticToken, TextDocumentContentChangeEvent};
use crate::position::{Encoding, Lines};
use crate::session::Beside;

/// An open document.
#[derive(Debug)]
pub(crate) struct Document {
    /// The editor's number for its text.
    pub(crate) version: i32,
    /// Its text.
    pub(crate) text: String,
    /// Where it is saved, if it is.
    pub(crate) path: Option<PathBuf>,
    /// The schema's file, as of the last analysis.
    pub(crate) schema: Option<PathBuf>,
    /// The cluster that its project names, as of the last analysis.
    pub(crate) attachment: Option<Attachment>,
    /// The cluster that is looked at beside it, as far as it is known.
    pub(crate) beside: Option<Beside>,
    /// The number of what was found out about it: another one when something changed.
    pub(crate) stamp: u64,
    /// `None` if something changed since.
    pub(crate) analysis: Option<Analysis>,
    /// That of the text before, if nothing but the text changed since.
    pub(crate) before: Option<Analysis>,
    /// What its names stand for; `None` if nobody asked since something changed.
    pub(crate) index: Option<Arc<Index>>,
    /// Whether the editor changed it since its diagnostics were told or asked for.
    pub(crate) is_edited: bool,
    /// Whether the editor knows its diagnostics.
    pub(crate) is_published: bool,
    /// The tokens that the editor has, with their number.
    pub(crate) tokens: (u64, Vec<SemanticToken>),
}

impl Document {
    /// A document that was opened.
    pub(crate) fn new(version: i32, text: String, path: Option<PathBuf>) -> Document {
        Document {
            version,
            text,
            path,
            schema: None,
            attachment: None,
            beside: None,
            stamp: 0,
            analysis: None,
            before: None,
            index: None,
            is_edited: true,
            is_published: false,
            tokens: (0, Vec::new()),
        }
    }

    /// Whether the last analysis read this file, or would if it had been there.
    pub(crate) fn reads(&self, file: &Path) -> bool {
        self.analysis.as_ref().is_some_and(|analysis| {
            let sources = analysis.sources();
            analysis.lacks_modules()
                || sources
                    .files()
                    .any(|id| Path::new(sources.name(id)) == file)
        })
    }

    /// Has it looked at again, since something around it changed.
    pub(crate) fn forget(&mut self) {
        for analysis in [self.analysis.take(), self.before.take()]
            .into_iter()
            .flatten()
        {
            let bytes = analysis.text().len();
            let_go(analysis, bytes);
        }
        self.has_changed();
    }

    /// Has it looked at again where its text changed.
    pub(crate) fn forget_text(&mut self) {
        if let Some(analysis) = self.analysis.take() {
            self.before = Some(analysis);
        }
        self.has_changed();
    }

    /// The analysis of the text before as it is with the present text; only that text, parsed, if there is more to
    /// look at. `None` if nothing is known.
    pub(crate) fn changed(&mut self) -> Option<Result<Analysis, Parsed>> {
        let before = self.before.take()?;
        Some(before.with_text(self.text.as_str()).map_err(|outdated| {
            let_go(outdated.checked, self.text.len());
            outdated.parsed
        }))
    }

    fn has_changed(&mut self) {
        self.index = None;
        self.stamp += 1;
        self.is_published = false;
    }
}

/// A text of so many bytes is large.
const LARGE_BYTES: usize = 256 << 10;

/// Lets go of what was found out about a text of so many bytes. That of a large one takes milliseconds to give
/// back, for which nobody has to wait.
fn let_go(known: impl Send + 'static, bytes: usize) {
    if bytes >= LARGE_BYTES {
        let thread = std::thread::Builder::new().name("let-go".to_owned());
        // Without a thread it is let go of here, with what was not taken.
        let _ = thread.spawn(move || drop(known));
    }
}

/// Carries out a change of a text; each of several is about the text that the one before left.
pub(crate) fn apply(text: &mut String, encoding: Encoding, change: TextDocumentContentChangeEvent) {
    match change {
        TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
            *text = whole.text;
        }
        TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
            let lines = Lines::new(text, encoding);
            let start = lines.offset(part.range.start);
            let end = lines.offset(part.range.end);
            text.replace_range(start.min(end)..start.max(end), &part.text);
        }
    }
}

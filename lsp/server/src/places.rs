//! Where the places of an analysis lie in the terms of the protocol: in its document, and in the files around it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use plasma_diagnostic::{FileId, Span};
use plasma_ide::Analysis;

use crate::client::Client;
use crate::lsp_types::{Location, Range, Uri};
use crate::position::Lines;
use crate::uri::{library_uri, uri_of};

/// Where the places of an analysis lie.
pub(crate) struct Places<'a> {
    /// How the editor calls the document.
    pub(crate) uri: &'a Uri,
    /// The lines of the document.
    pub(crate) lines: Lines<'a>,
    analysis: &'a Analysis,
    client: Client,
    /// The other files, each once it is needed; `None` for one that the editor cannot show.
    others: RefCell<BTreeMap<FileId, Option<(Uri, Lines<'a>)>>>,
}

impl<'a> Places<'a> {
    /// Those of the analysis of a document, for an editor.
    pub(crate) fn new(uri: &'a Uri, analysis: &'a Analysis, client: Client) -> Places<'a> {
        Places {
            uri,
            lines: Lines::of(analysis, client.encoding),
            analysis,
            client,
            others: RefCell::default(),
        }
    }

    /// A place of the document.
    pub(crate) fn range(&self, span: Span) -> Range {
        self.lines.range(span)
    }

    /// A place of the document or of another file; `None` if the editor cannot show it.
    pub(crate) fn location(&self, span: Span) -> Option<Location> {
        if span.file == self.analysis.file() {
            return Some(Location {
                uri: self.uri.clone(),
                range: self.lines.range(span),
            });
        }
        let mut others = self.others.borrow_mut();
        let other = others.entry(span.file);
        let other = other.or_insert_with(|| self.other(span.file));
        let (uri, lines) = other.as_ref()?;
        Some(Location {
            uri: uri.clone(),
            range: lines.range(span),
        })
    }

    /// A place as people write it: file and line.
    pub(crate) fn text(&self, span: Span) -> String {
        let sources = self.analysis.sources();
        let line = sources.position(span.file, span.start).line;
        format!("{}:{line}", sources.name(span.file))
    }

    fn other(&self, file: FileId) -> Option<(Uri, Lines<'a>)> {
        let sources = self.analysis.sources();
        let name = sources.name(file);
        let path = Path::new(name);
        let uri = match library_uri(name) {
            Some(uri) => self.client.shows_texts.then_some(uri),
            None => path.is_absolute().then(|| uri_of(path)),
        };
        Some((uri?, Lines::new(sources.text(file), self.client.encoding)))
    }
}

//! The open documents, and what surrounds each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plasma_ide::{Analysis, SchemaText, Surroundings};
use plasma_scenario::project;

use crate::convert::{self, Encoding};
use crate::lsp_types::{PublishDiagnosticsParams, Uri};
use crate::uri::path_of;

/// The open documents of one editor.
#[derive(Debug)]
pub(crate) struct Session {
    encoding: Encoding,
    /// By URI.
    documents: BTreeMap<String, Document>,
    /// Diagnostics of documents that were closed, to be cleared.
    closed: Vec<String>,
}

#[derive(Debug)]
struct Document {
    version: Option<i32>,
    text: String,
    path: Option<PathBuf>,
    /// The schema's file, as of the last analysis.
    schema: Option<PathBuf>,
    /// `None` if something changed since.
    analysis: Option<Analysis>,
    is_published: bool,
}

impl Session {
    /// A session without documents.
    pub(crate) fn new(encoding: Encoding) -> Session {
        Session {
            encoding,
            documents: BTreeMap::new(),
            closed: Vec::new(),
        }
    }

    /// How positions are counted.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Opens a document, or replaces its text.
    pub(crate) fn set_text(&mut self, uri: Uri, version: Option<i32>, text: String) {
        let path = path_of(&uri);
        self.forget_users_of(path.as_deref());
        let document = Document {
            version,
            text,
            path,
            schema: None,
            analysis: None,
            is_published: false,
        };
        self.documents.insert(uri.0, document);
    }

    /// Closes a document. What it says about itself is cleared.
    pub(crate) fn close(&mut self, uri: Uri) {
        if let Some(document) = self.documents.remove(&uri.0) {
            self.forget_users_of(document.path.as_deref());
            self.closed.push(uri.0);
        }
    }

    /// The current analysis of an open document.
    pub(crate) fn analysis(&mut self, uri: &Uri) -> Option<&Analysis> {
        let document = self.documents.get(&uri.0)?;
        if document.analysis.is_none() {
            let (schema, surroundings) = self.surroundings(document.path.as_deref());
            let document = self.documents.get_mut(&uri.0)?;
            document.schema = schema;
            let analysis = Analysis::new(&uri.0, document.text.as_str(), &surroundings);
            document.analysis = Some(analysis);
        }
        self.documents.get(&uri.0)?.analysis.as_ref()
    }

    /// The diagnostics of every document that changed since the last call.
    pub(crate) fn take_published(&mut self) -> Vec<PublishDiagnosticsParams> {
        let closed = std::mem::take(&mut self.closed).into_iter();
        let mut published: Vec<_> = closed
            .map(|uri| PublishDiagnosticsParams {
                uri: Uri(uri),
                version: None,
                diagnostics: Vec::new(),
            })
            .collect();
        let changed = self.documents.iter().filter(|(_, d)| !d.is_published);
        let changed: Vec<_> = changed.map(|(uri, _)| Uri(uri.clone())).collect();
        for uri in changed {
            let encoding = self.encoding;
            let Some(analysis) = self.analysis(&uri) else {
                continue;
            };
            let problems = plasma_ide::diagnostics(analysis);
            let diagnostics = convert::diagnostics(&uri, analysis.sources(), encoding, problems);
            let mut version = None;
            if let Some(document) = self.documents.get_mut(&uri.0) {
                document.is_published = true;
                version = document.version;
            }
            published.push(PublishDiagnosticsParams {
                uri,
                version,
                diagnostics,
            });
        }
        published
    }

    /// The documents whose schema this is have to be checked again.
    fn forget_users_of(&mut self, schema: Option<&Path>) {
        let Some(schema) = schema else { return };
        for document in self.documents.values_mut() {
            if document.schema.as_deref() == Some(schema) {
                document.analysis = None;
                document.is_published = false;
            }
        }
    }

    /// What the project of a document says about it, and where its schema is.
    fn surroundings(&self, path: Option<&Path>) -> (Option<PathBuf>, Surroundings) {
        let mut surroundings = Surroundings::default();
        // A document that is in no folder has no project.
        let Some(path) = path else {
            return (None, surroundings);
        };
        let project = match project::find(Some(path)) {
            Ok(project) => project,
            Err(error) => {
                surroundings.problems.push(error.to_string());
                return (None, surroundings);
            }
        };
        surroundings.params = project.params.into_iter().collect();
        // The schema itself needs none.
        let Some(schema) = project.schema.filter(|schema| schema != path) else {
            return (None, surroundings);
        };
        match self.read(&schema) {
            Ok(text) => {
                let name = schema.display().to_string();
                surroundings.schema = Some(SchemaText { name, text });
            }
            Err(error) => {
                let schema = schema.display();
                let problem = format!("cannot read the application's schema {schema}: {error}");
                surroundings.problems.push(problem);
            }
        }
        (Some(schema), surroundings)
    }

    /// The text of a file; as the editor has it, if it is open.
    fn read(&self, path: &Path) -> std::io::Result<String> {
        let mut open = self.documents.values();
        match open.find(|document| document.path.as_deref() == Some(path)) {
            Some(document) => Ok(document.text.clone()),
            None => fs::read_to_string(path),
        }
    }
}

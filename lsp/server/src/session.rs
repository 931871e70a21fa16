//! The open documents, and what surrounds each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plasma_ide::{Analysis, Files, ModuleError, ModuleText};
use plasma_scenario::ModuleFiles;

use crate::client::Client;
use crate::convert;
use crate::document::{Document, apply};
use crate::lsp_types::{PublishDiagnosticsParams, TextDocumentContentChangeEvent, Uri};
use crate::position::Lines;
use crate::surroundings::{around, is_project_of, without_detours};
use crate::uri::path_of;

/// The open documents of one editor.
#[derive(Debug)]
pub(crate) struct Session {
    client: Client,
    /// Where modules come from.
    modules: ModuleFiles,
    /// By URI.
    documents: BTreeMap<String, Document>,
    /// Diagnostics of documents that were closed, to be cleared.
    closed: Vec<String>,
}

impl Session {
    /// A session without documents.
    pub(crate) fn new(client: Client, modules: ModuleFiles) -> Session {
        Session {
            client,
            modules,
            documents: BTreeMap::new(),
            closed: Vec::new(),
        }
    }

    /// What the editor can do.
    pub(crate) fn client(&self) -> Client {
        self.client
    }

    /// Opens a document.
    pub(crate) fn open(&mut self, uri: Uri, version: i32, text: String) {
        let path = file_of(&uri);
        self.forget_users_of(path.as_deref());
        let document = Document::new(version, text, path);
        self.documents.insert(uri.0, document);
    }

    /// Changes the text of a document; of one that is not open nothing is known to change.
    pub(crate) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let Some(document) = self.documents.get_mut(&uri.0) else {
            return;
        };
        document.version = version;
        for change in changes {
            apply(&mut document.text, self.client.encoding, change);
        }
        document.forget();
        let path = document.path.clone();
        self.forget_users_of(path.as_deref());
    }

    /// A document was saved. An editor that watches no files may have saved others unnoticed, and
    /// other programs too.
    pub(crate) fn saved(&mut self, uri: &Uri) {
        if self.client.watches_files {
            self.changed_on_disk(uri);
        } else {
            self.documents.values_mut().for_each(Document::forget);
        }
    }

    /// A file appeared, changed or went away.
    pub(crate) fn changed_on_disk(&mut self, uri: &Uri) {
        let Some(file) = file_of(uri) else { return };
        self.forget_users_of(Some(&file));
        for document in self.documents.values_mut() {
            let path = document.path.as_deref();
            if path.is_some_and(|path| is_project_of(&file, path)) {
                document.forget();
            }
        }
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
            let (schema, surroundings) = around(document.path.as_deref(), |path| self.read(path));
            // Modules are found from where the document is saved.
            let name = match &document.path {
                Some(path) => path.display().to_string(),
                None => uri.0.clone(),
            };
            let files = OpenFiles { session: self };
            let text = document.text.as_str();
            let analysis = Analysis::with_modules(&name, text, &surroundings, Some(&files));
            let document = self.documents.get_mut(&uri.0)?;
            document.schema = schema;
            document.analysis = Some(analysis.confirmed(plasma_scenario::retain_shown));
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
            let encoding = self.client.encoding;
            let Some(analysis) = self.analysis(&uri) else {
                continue;
            };
            let problems = plasma_ide::diagnostics(analysis);
            let lines = Lines::new(analysis.text(), encoding);
            let diagnostics = convert::diagnostics(&uri, &lines, problems);
            let mut version = None;
            if let Some(document) = self.documents.get_mut(&uri.0) {
                document.is_published = true;
                version = Some(document.version);
            }
            published.push(PublishDiagnosticsParams {
                uri,
                version,
                diagnostics,
            });
        }
        published
    }

    /// The documents that use this file, as their schema or as a module, have to be checked again.
    fn forget_users_of(&mut self, file: Option<&Path>) {
        let Some(file) = file else { return };
        for document in self.documents.values_mut() {
            let is_own = document.path.as_deref() == Some(file);
            let is_used = !is_own && document.reads(file);
            if document.schema.as_deref() == Some(file) || is_used {
                document.forget();
            }
        }
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

/// The files of modules, as the editor has them where they are open.
#[derive(Debug)]
struct OpenFiles<'s> {
    session: &'s Session,
}

impl Files for OpenFiles<'_> {
    fn module(&self, from: &str, path: &[&str]) -> Result<ModuleText, ModuleError> {
        let read = |file: &Path| self.session.read(file);
        self.session.modules.module_by(from, path, &read)
    }
}

/// The file behind a URI, named as schemas are.
fn file_of(uri: &Uri) -> Option<PathBuf> {
    path_of(uri).map(|path| without_detours(&path))
}

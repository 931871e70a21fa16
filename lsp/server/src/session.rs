//! The open documents, and what surrounds each.

mod beside;
mod indexes;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plasma_ide::{Analysis, Files, ModuleError, ModuleText, Parsed, Renaming};
use plasma_scenario::{ModuleFiles, library_name};

pub(crate) use beside::Beside;

use crate::attached::Desk;
use crate::client::Client;
use crate::convert;
use crate::document::{Document, apply};
use crate::lsp_types::{
    PublishDiagnosticsParams, SemanticToken, TextDocumentContentChangeEvent,
    TextDocumentPositionParams, Uri,
};
use crate::outbox::Outbox;
use crate::places::Places;
use crate::position::Lines;
use crate::settings::Settings;
use crate::surroundings::{Around, around, is_project_of, without_detours};
use crate::uri::path_of;
use crate::workspace::Workspace;

/// The open documents of one editor.
#[derive(Debug)]
pub(crate) struct Session {
    client: Client,
    /// Where modules come from.
    modules: ModuleFiles,
    /// The files below the editor's folders.
    workspace: Workspace,
    /// By URI.
    documents: BTreeMap<String, Document>,
    /// Diagnostics of documents that were closed, to be cleared.
    closed: Vec<String>,
    /// What the user has set.
    settings: Settings,
    /// Who follows the clusters.
    desk: Desk,
    /// What there is to say to the editor.
    outbox: Outbox,
}

impl Session {
    /// A session without documents.
    pub(crate) fn new(client: Client, modules: ModuleFiles, roots: &[Uri]) -> Session {
        Session {
            client,
            modules,
            workspace: Workspace::new(roots.iter().filter_map(file_of).collect()),
            documents: BTreeMap::new(),
            closed: Vec::new(),
            settings: Settings::default(),
            desk: Desk::new(),
            outbox: Outbox::default(),
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
        self.workspace.forget_indexes();
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
        document.forget_text();
        document.is_edited = true;
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
        self.workspace.changed_on_disk(&file);
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
            // On disk it may be another text.
            if let Some(path) = &document.path {
                self.workspace.changed_on_disk(path);
            }
            self.desk.leave(&uri.0);
            self.closed.push(uri.0);
        }
    }

    /// The current analysis of an open document.
    pub(crate) fn analysis(&mut self, uri: &Uri) -> Option<&Analysis> {
        let document = self.documents.get_mut(&uri.0)?;
        if document.analysis.is_none() {
            let changed = document.changed();
            self.analyse(uri, changed)?;
        }
        self.documents.get(&uri.0)?.analysis.as_ref()
    }

    /// Analyses an open document: what is known of it with the text that it has now, if that is of use.
    fn analyse(&mut self, uri: &Uri, changed: Option<Result<Analysis, Parsed>>) -> Option<()> {
        let document = self.documents.get(&uri.0)?;
        let parsed = match changed {
            Some(Ok(analysis)) => {
                let analysis = analysis.confirmed(plasma_scenario::retain_shown);
                self.documents.get_mut(&uri.0)?.analysis = Some(analysis);
                return Some(());
            }
            Some(Err(parsed)) => parsed,
            None => plasma_ide::parsed(document.text.as_str()),
        };
        let name = name_of(&uri.0, document);
        let path = document.path.as_deref();
        let (around, analysis) = self.analysed(&name, path, parsed, None);
        let document = self.documents.get_mut(&uri.0)?;
        document.schema = around.schema;
        document.attachment = around.attachment;
        document.analysis = Some(analysis);
        Some(())
    }

    /// Analyses a text that is called so, and says what lies around it; with a renaming, as that leaves
    /// the texts that it takes in.
    fn analysed(
        &self,
        name: &str,
        path: Option<&Path>,
        parsed: Parsed,
        renaming: Option<&Renaming>,
    ) -> (Around, Analysis) {
        let files = OpenFiles {
            session: self,
            renaming,
        };
        let around = around(path, |path| files.read(path));
        let analysis = Analysis::of_parsed(name, parsed, &around.surroundings, Some(&files));
        (around, analysis.confirmed(plasma_scenario::retain_shown))
    }

    /// The files of modules, as the editor has them where they are open.
    pub(crate) fn files(&self) -> OpenFiles<'_> {
        OpenFiles {
            session: self,
            renaming: None,
        }
    }

    /// Changes the editor's folders.
    pub(crate) fn change_roots(&mut self, added: &[Uri], removed: &[Uri]) {
        let paths = |uris: &[Uri]| uris.iter().filter_map(file_of).collect::<Vec<_>>();
        self.workspace.change(paths(added), &paths(removed));
    }

    /// The current analysis of an open document, and the byte at a position in it.
    pub(crate) fn at(&mut self, place: &TextDocumentPositionParams) -> Option<(&Analysis, u32)> {
        let encoding = self.client.encoding;
        let analysis = self.analysis(&place.text_document.uri)?;
        let lines = Lines::of(analysis, encoding);
        let offset = lines.offset(place.position) as u32;
        Some((analysis, offset))
    }

    /// The name of what is known of an open document: another one when something changed.
    pub(crate) fn stamp(&self, uri: &Uri) -> Option<String> {
        Some(self.documents.get(&uri.0)?.stamp.to_string())
    }

    /// The analysis of an open document, if nothing changed since it was made.
    pub(crate) fn known_analysis(&self, uri: &Uri) -> Option<&Analysis> {
        self.documents.get(&uri.0)?.analysis.as_ref()
    }

    /// Keeps the tokens of a document that the editor is told; the name under which it may ask what changed.
    pub(crate) fn keep_tokens(&mut self, uri: &Uri, tokens: Vec<SemanticToken>) -> Option<String> {
        let document = self.documents.get_mut(&uri.0)?;
        let number = document.tokens.0 + 1;
        document.tokens = (number, tokens);
        Some(number.to_string())
    }

    /// The tokens that the editor was told under a name, if they were the last ones.
    pub(crate) fn known_tokens(&self, uri: &Uri, name: &str) -> Option<&[SemanticToken]> {
        let (number, tokens) = &self.documents.get(&uri.0)?.tokens;
        (*number > 0 && number.to_string() == name).then_some(tokens)
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
        if self.client.pulls_diagnostics {
            self.have_asked_again();
            return published;
        }
        let changed = self.documents.iter().filter(|(_, d)| !d.is_published);
        let changed: Vec<_> = changed.map(|(uri, _)| Uri(uri.clone())).collect();
        for uri in changed {
            let client = self.client;
            let Some(analysis) = self.analysis(&uri) else {
                continue;
            };
            let problems = plasma_ide::diagnostics(analysis);
            let diagnostics = convert::diagnostics(&Places::new(&uri, analysis, client), problems);
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

    /// Has an editor that asks for diagnostics ask for those of documents that changed without its doing.
    fn have_asked_again(&mut self) {
        let mut is_other = false;
        for document in self.documents.values_mut().filter(|d| !d.is_published) {
            document.is_published = true;
            is_other |= !std::mem::take(&mut document.is_edited);
        }
        if is_other && self.client.refreshes_diagnostics {
            self.outbox.refresh("workspace/diagnostic/refresh");
        }
    }

    /// The documents that use this file, as their schema or as a module, have to be checked again.
    fn forget_users_of(&mut self, file: Option<&Path>) {
        let Some(file) = file else { return };
        self.workspace.forget_users_of(file);
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
            None => match self
                .workspace
                .known_text(path)
                .filter(|_| self.client.watches_files)
            {
                Some(text) => Ok(text.to_string()),
                None => fs::read_to_string(path),
            },
        }
    }
}

/// The files of modules, as the editor has them where they are open.
#[derive(Debug)]
pub(crate) struct OpenFiles<'s> {
    session: &'s Session,
    /// What is changed in them.
    renaming: Option<&'s Renaming>,
}

impl OpenFiles<'_> {
    fn read(&self, path: &Path) -> std::io::Result<String> {
        let text = self.session.read(path)?;
        Ok(match self.renaming {
            Some(renaming) => renaming.applied(&path.display().to_string(), &text),
            None => text,
        })
    }
}

impl Files for OpenFiles<'_> {
    fn module(&self, from: &str, path: &[&str]) -> Result<ModuleText, ModuleError> {
        let read = |file: &Path| self.read(file);
        self.session.modules.module_by(from, path, &read)
    }

    fn paths(&self, from: &str) -> Vec<String> {
        self.session.modules.paths_from(from)
    }
}

/// What a document is called in analyses: modules are found from where it is saved.
fn name_of(uri: &str, document: &Document) -> String {
    match &document.path {
        Some(path) => path.display().to_string(),
        None => library_name(uri).unwrap_or_else(|| uri.to_owned()),
    }
}

/// The file behind a URI, named as schemas are.
fn file_of(uri: &Uri) -> Option<PathBuf> {
    path_of(uri).map(|path| without_detours(&path))
}

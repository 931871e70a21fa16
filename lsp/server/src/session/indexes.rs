//! What names stand for in the open documents and in the files of the workspace, and the texts that
//! places lie in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plasma_ide::{DocumentSymbol, Files, Index, Place, Renaming, parsed, text_symbols};
use plasma_scenario::library_name;

use super::Session;
use crate::lsp_types::{Location, Range, Uri};
use crate::position::Lines;
use crate::uri::{library_uri, uri_of};

/// A text that places lie in.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// How the editor calls it.
    pub(crate) uri: Uri,
    /// Its text.
    pub(crate) text: Arc<str>,
    /// The editor's number for the text, if it is open.
    pub(crate) version: Option<i32>,
}

impl Session {
    /// What names stand for in every document and file in which this one may stand.
    pub(crate) fn indexes(&mut self, name: &str) -> Vec<Arc<Index>> {
        let open: Vec<_> = self.documents.keys().cloned().map(Uri).collect();
        let mut indexes: Vec<_> = open.iter().filter_map(|uri| self.index(uri)).collect();
        for path in self.closed_paths() {
            let Some((text, file)) = self.workspace.file(&path) else {
                continue;
            };
            // What a policy takes in may name what it does not name itself.
            if !text.contains(name) && !text.contains("use ") {
                continue;
            }
            if let Some(index) = &file.index {
                indexes.push(Arc::clone(index));
                continue;
            }
            let (_, analysis) = self.analysed(
                &path.display().to_string(),
                Some(&path),
                parsed(Arc::clone(&text)),
                None,
            );
            let index = Arc::new(Index::new(&analysis));
            if let Some((_, file)) = self.workspace.file(&path) {
                file.index = Some(Arc::clone(&index));
            }
            indexes.push(index);
        }
        indexes
    }

    /// What names stand for in an open document.
    pub(crate) fn index(&mut self, uri: &Uri) -> Option<Arc<Index>> {
        if let Some(index) = &self.documents.get(&uri.0)?.index {
            return Some(Arc::clone(index));
        }
        let index = Arc::new(Index::new(self.analysis(uri)?));
        self.documents.get_mut(&uri.0)?.index = Some(Arc::clone(&index));
        Some(index)
    }

    /// What names would stand for in a document or file after a renaming.
    pub(crate) fn index_after(&self, name: &str, renaming: &Renaming) -> Option<Index> {
        let source = self.source(name)?;
        let path = match self.documents.get(&source.uri.0) {
            Some(document) => document.path.clone(),
            None => Some(PathBuf::from(name)),
        };
        let text = renaming.applied(name, &source.text);
        let (_, analysis) = self.analysed(name, path.as_deref(), parsed(text), Some(renaming));
        Some(Index::new(&analysis))
    }

    /// What every document and file declares.
    pub(crate) fn symbols(&mut self) -> Vec<(Arc<str>, Arc<[DocumentSymbol]>)> {
        let open = self.documents.iter().map(|(uri, document)| {
            let name: Arc<str> = super::name_of(uri, document).into();
            (name, Arc::from(text_symbols(&document.text)))
        });
        let mut symbols: Vec<_> = open.collect();
        for path in self.closed_paths() {
            if let Some((text, file)) = self.workspace.file(&path) {
                let declared = file
                    .symbols
                    .get_or_insert_with(|| text_symbols(&text).into());
                symbols.push((path.display().to_string().into(), Arc::clone(declared)));
            }
        }
        symbols
    }

    /// The files of the workspace that are not open.
    fn closed_paths(&mut self) -> Vec<PathBuf> {
        self.workspace.refresh(self.client.watches_files);
        let is_open = |path: &&PathBuf| {
            let mut documents = self.documents.values();
            documents.any(|document| document.path.as_ref() == Some(*path))
        };
        let paths = self.workspace.paths();
        paths.filter(|path| !is_open(path)).cloned().collect()
    }

    /// The text that is called so in analyses; `None` if it cannot be read, or not be shown.
    pub(crate) fn source(&self, name: &str) -> Option<Source> {
        let mut documents = self.documents.iter();
        let open = documents.find(|(uri, document)| super::name_of(uri, document) == name);
        if let Some((uri, document)) = open {
            return Some(Source {
                uri: Uri(uri.clone()),
                text: document.text.as_str().into(),
                version: Some(document.version),
            });
        }
        let uri = library_uri(name).filter(|_| self.client.shows_texts);
        if let Some(uri) = uri {
            let text = self.library_text(&uri)?;
            let version = None;
            return Some(Source { uri, text, version });
        }
        let path = Path::new(name);
        let uri = path.is_absolute().then(|| uri_of(path))?;
        let text = self.read(path).ok()?.into();
        let version = None;
        Some(Source { uri, text, version })
    }

    /// The text of a module of the library.
    pub(crate) fn library_text(&self, uri: &Uri) -> Option<Arc<str>> {
        let name = library_name(&uri.0)?;
        let path: Vec<&str> = name.split('.').collect();
        let module = self.modules.module(&name, &path).ok()?;
        Some(module.text)
    }

    /// Places in the terms of the protocol, file by file; those that cannot be shown are left out.
    pub(crate) fn locations<'p>(
        &self,
        places: impl IntoIterator<Item = &'p Place>,
    ) -> Vec<Location> {
        let mut by_file: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
        for place in places {
            by_file.entry(&place.file).or_default().push(place);
        }
        let mut locations = Vec::new();
        for (file, places) in by_file {
            let Some(source) = self.source(file) else {
                continue;
            };
            let ranges = self.ranges(&source, places);
            locations.extend(ranges.into_iter().map(|range| Location {
                uri: source.uri.clone(),
                range,
            }));
        }
        locations
    }

    /// The ranges of places in their text.
    pub(crate) fn ranges<'p>(
        &self,
        source: &Source,
        places: impl IntoIterator<Item = &'p Place>,
    ) -> Vec<Range> {
        let lines = Lines::new(&source.text, self.client.encoding);
        let ranges = places.into_iter().map(|place| Range {
            start: lines.position(place.start as usize),
            end: lines.position(place.end as usize),
        });
        ranges.collect()
    }

    /// The name under which what a URI leads to is analysed.
    pub(crate) fn name(&self, uri: &Uri) -> String {
        match self.documents.get(&uri.0) {
            Some(document) => super::name_of(&uri.0, document),
            None => match super::file_of(uri) {
                Some(path) => path.display().to_string(),
                None => library_name(&uri.0).unwrap_or_else(|| uri.0.clone()),
            },
        }
    }
}

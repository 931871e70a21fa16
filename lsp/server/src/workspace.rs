//! The policies below the folders that the editor has open: found, read when they are asked for, and
//! kept until they change.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plasma_ide::{DocumentSymbol, Index, POLICY_BYTES_MAX};
use plasma_scenario::{POLICY_EXTENSION, is_found_below, policies_below};

/// Most policies that are kept; those found later are left aside.
pub(crate) const FILES_MAX: usize = 20_000;

/// Most files and folders that are looked at below a folder.
const ENTRIES_MAX: usize = 1_000_000;

/// The policies below the editor's folders.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    roots: Vec<PathBuf>,
    files: BTreeMap<PathBuf, File>,
    /// Whether the folders were searched since they were given.
    is_searched: bool,
}

/// A policy that is not open, with what was found out about it.
#[derive(Debug, Default)]
pub(crate) struct File {
    /// Its text; `None` if it was not read yet, or cannot be.
    pub(crate) text: Option<Arc<str>>,
    /// What it declares.
    pub(crate) symbols: Option<Arc<[DocumentSymbol]>>,
    /// What its names stand for.
    pub(crate) index: Option<Arc<Index>>,
}

impl File {
    /// Its text, read if need be; empty if that fails.
    fn read(&mut self, path: &Path) -> Arc<str> {
        let read = || read(path).unwrap_or_default().into();
        Arc::clone(self.text.get_or_insert_with(read))
    }
}

impl Workspace {
    /// A workspace of these folders.
    pub(crate) fn new(roots: Vec<PathBuf>) -> Workspace {
        Workspace {
            roots,
            ..Workspace::default()
        }
    }

    /// The folders.
    pub(crate) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Changes the folders.
    pub(crate) fn change(&mut self, added: Vec<PathBuf>, removed: &[PathBuf]) {
        self.roots.retain(|root| !removed.contains(root));
        self.roots.extend(added);
        let roots = &self.roots;
        self.files
            .retain(|path, _| roots.iter().any(|root| path.starts_with(root)));
        self.is_searched = false;
    }

    /// Searches the folders if they are new. An editor that does not tell what changes has it looked for
    /// each time: what has another text now is forgotten.
    pub(crate) fn refresh(&mut self, is_told_of_changes: bool) {
        if self.is_searched && is_told_of_changes {
            return;
        }
        let found = search(&self.roots);
        self.files
            .retain(|path, _| found.binary_search(path).is_ok());
        let mut has_changed = false;
        for path in found {
            match self.files.entry(path) {
                Entry::Vacant(entry) => {
                    entry.insert(File::default());
                    has_changed = true;
                }
                Entry::Occupied(mut entry) if entry.get().text.is_some() => {
                    let text: Arc<str> = read(entry.key()).unwrap_or_default().into();
                    if entry.get().text.as_ref() != Some(&text) {
                        entry.get_mut().text = Some(text);
                        entry.get_mut().symbols = None;
                        has_changed = true;
                    }
                }
                Entry::Occupied(_) => {}
            }
        }
        // A new file may be the module or the schema that another one wants.
        if has_changed {
            self.forget_indexes();
        }
        self.is_searched = true;
    }

    /// Takes note of a file that appeared, changed or went away.
    pub(crate) fn changed_on_disk(&mut self, path: &Path) {
        if path.extension().is_none_or(|e| e != POLICY_EXTENSION) {
            // A project decides about schema and parameters of what is below it.
            self.forget_indexes();
            return;
        }
        let is_here = self.roots.iter().any(|root| is_found_below(path, root)) && path.is_file();
        let is_known = self.files.contains_key(path);
        match is_here && (is_known || self.files.len() < FILES_MAX) {
            true => _ = self.files.insert(path.to_owned(), File::default()),
            false => _ = self.files.remove(path),
        }
        match is_here && is_known {
            true => self.forget_users_of(path),
            false => self.forget_indexes(),
        }
    }

    /// What names stand for has to be found anew in what takes a file in.
    pub(crate) fn forget_users_of(&mut self, path: &Path) {
        for file in self.files.values_mut() {
            let takes_in = |index: &Arc<Index>| index.files.iter().any(|f| Path::new(&**f) == path);
            if file.index.as_ref().is_some_and(takes_in) {
                file.index = None;
            }
        }
    }

    /// What names stand for has to be found anew everywhere.
    pub(crate) fn forget_indexes(&mut self) {
        self.files.values_mut().for_each(|file| file.index = None);
    }

    /// The policies, in the order of their paths.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.files.keys()
    }

    /// A policy with its text, read if need be.
    pub(crate) fn file(&mut self, path: &Path) -> Option<(Arc<str>, &mut File)> {
        let file = self.files.get_mut(path)?;
        Some((file.read(path), file))
    }

    /// The text of a policy, if it was read.
    pub(crate) fn known_text(&self, path: &Path) -> Option<&Arc<str>> {
        self.files.get(path)?.text.as_ref()
    }
}

/// Reads a policy; one that is too large for any policy is not.
fn read(path: &Path) -> Option<String> {
    let is_fit = fs::metadata(path).ok()?.len() <= POLICY_BYTES_MAX as u64;
    is_fit.then(|| fs::read_to_string(path).ok()).flatten()
}

/// The policies below these folders, in the order of their paths, each once.
fn search(roots: &[PathBuf]) -> Vec<PathBuf> {
    let below = |root: &PathBuf| policies_below(root, ENTRIES_MAX).filter_map(Result::ok);
    let mut found: Vec<PathBuf> = roots.iter().flat_map(below).take(FILES_MAX).collect();
    found.sort();
    found.dedup();
    found
}

//! The modules that a policy uses: where their texts come from, and how they hang together.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use plasma_diagnostic::{Diagnostic, FileId, SourceMap};
use plasma_syntax::Parsed;
use plasma_syntax::tree::{Tree, UseDecl};

use crate::error::{import_cycle, unknown_module};
use crate::resolve;

/// Most modules that one policy may use, those of its modules included.
pub const MODULES_MAX: usize = 256;

/// Gives the texts of modules. `std.NAME` is the library, anything else a file below the folder of the
/// one that uses it.
pub trait Files: fmt::Debug {
    /// The module at a path, `["std", "hotspot"]`, as used by the file that is called `from` in the
    /// source map.
    ///
    /// # Errors
    ///
    /// When there is no such module, or its text cannot be read.
    fn module(&self, from: &str, path: &[&str]) -> Result<ModuleText, ModuleError>;

    /// The paths, with dots, of modules that a file of this name could use: those that are easily found. Editors
    /// offer them.
    fn paths(&self, from: &str) -> Vec<String> {
        let _ = from;
        Vec::new()
    }
}

/// A module's text.
#[derive(Clone, Debug)]
pub struct ModuleText {
    /// What diagnostics call it: `std.hotspot`, `policies/hot.plasma`. Two modules of one name are one.
    pub name: String,
    /// Its text.
    pub text: Arc<str>,
}

/// Why there is no text of a module.
#[derive(Clone, Debug)]
pub enum ModuleError {
    /// There is none at this path.
    Missing {
        /// Where it was looked for: a path, or the library.
        place: String,
        /// The paths, with dots, that there are instead.
        known: Vec<String>,
    },
    /// There is one, and it cannot be read.
    Unreadable {
        /// What went wrong, with its place.
        reason: String,
    },
}

/// The modules that a policy uses, read and parsed, each file once.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    files: Vec<Arc<Parsed>>,
    /// What each `use` of a file leads to, by its place among them.
    links: HashMap<(FileId, usize), Link>,
}

/// What a `use` leads to.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    /// A module, by its place.
    Module(usize),
    /// Nothing, for this reason.
    Failed(Box<Diagnostic>),
}

impl Modules {
    /// Reads the modules that a policy uses, and those that these use. Their texts are added to
    /// `sources`; what is wrong with them, [`check`](crate::check) reports.
    pub fn load(tree: &Tree, sources: &mut SourceMap, files: &dyn Files) -> Modules {
        let mut loader = Loader {
            modules: Modules::default(),
            by_name: HashMap::new(),
            open: vec![(tree.file(), sources.name(tree.file()).to_owned())],
            sources,
            files,
        };
        loader.follow(tree);
        loader.modules
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The names of the parameters of a policy that uses these modules, theirs included, as they are set
    /// from outside.
    pub fn param_names(&self, tree: &Tree) -> Vec<String> {
        resolve::param_names(tree, self)
    }

    /// The files of the modules, in the order in which they were read.
    pub fn trees(&self) -> impl Iterator<Item = &Tree> {
        self.files.iter().map(|file| &file.tree)
    }

    /// The mistakes in the texts of the modules.
    pub(crate) fn mistakes(&self) -> impl Iterator<Item = &Diagnostic> {
        let all = self.files.iter().flat_map(|file| &file.diagnostics);
        all.filter(|diagnostic| diagnostic.is_error())
    }

    /// What a `use` leads to; `None` if nothing was loaded.
    pub(crate) fn link(&self, file: FileId, place: usize) -> Option<&Link> {
        self.links.get(&(file, place))
    }

    /// The module at a place.
    pub(crate) fn tree(&self, place: usize) -> Option<&Tree> {
        self.files.get(place).map(|file| &file.tree)
    }
}

struct Loader<'l> {
    modules: Modules,
    /// Places of the modules, by their names.
    by_name: HashMap<String, usize>,
    /// The files whose modules are being read, the policy first, with their names.
    open: Vec<(FileId, String)>,
    sources: &'l mut SourceMap,
    files: &'l dyn Files,
}

impl Loader<'_> {
    /// Reads what a file uses.
    fn follow(&mut self, tree: &Tree) {
        for (place, module) in tree.uses().enumerate() {
            if module.path.is_empty() {
                continue;
            }
            let link = self.link(tree, module);
            self.modules.links.insert((tree.file(), place), link);
        }
    }

    fn link(&mut self, tree: &Tree, module: &UseDecl) -> Link {
        let path: Vec<&str> = module.path.iter().map(|name| tree.name(*name)).collect();
        let span = module.path_span().unwrap_or(module.span);
        let from = self.open.last().map_or("", |(_, name)| name);
        let failed = |diagnostic| Link::Failed(Box::new(diagnostic));
        let text = match self.files.module(from, &path) {
            Ok(text) => text,
            Err(error) => {
                return failed(unknown_module::not_found(span, &path.join("."), &error));
            }
        };
        if let Some(first) = self.open.iter().position(|(_, name)| *name == text.name) {
            let circle = self.open.iter().skip(first).map(|(_, name)| name.as_str());
            return failed(import_cycle::import_cycle(span, circle, &text.name));
        }
        if let Some(place) = self.by_name.get(&text.name) {
            return Link::Module(*place);
        }
        if self.modules.files.len() >= MODULES_MAX {
            return failed(unknown_module::too_many(span));
        }
        let file = self.sources.add(text.name.as_str(), Arc::clone(&text.text));
        let parsed = Arc::new(plasma_syntax::parse(file, text.text));
        let place = self.modules.files.len();
        self.modules.files.push(Arc::clone(&parsed));
        self.by_name.insert(text.name.clone(), place);
        self.open.push((file, text.name));
        self.follow(&parsed.tree);
        self.open.pop();
        Link::Module(place)
    }
}

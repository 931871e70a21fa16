//! The modules of a program while it is checked: one for each `use`, since each may set parameters of
//! its own. The policy itself is the first.

use std::fmt::Write as _;
use std::sync::Arc;

use plasma_diagnostic::{Diagnostic, Span};
use plasma_syntax::tree::{Tree, UseDecl};

use super::Checker;
use crate::error::{duplicate_name, unknown_module};
use crate::module::{Link, MODULES_MAX, Modules};
use crate::names::Named;

/// The policy, among the modules.
pub(super) const POLICY: usize = 0;

/// A policy, or a module as one `use` takes it in.
pub(super) struct Module<'a> {
    pub(super) tree: &'a Tree,
    /// What stands before the names of its rules and parameters: `hotspot.`; empty for the policy.
    pub(super) prefix: String,
    /// Who uses it, and how; `None` for the policy.
    pub(super) used: Option<(usize, &'a UseDecl)>,
    /// The modules that it uses, by name; without a place if there was a mistake.
    uses: Vec<(&'a str, Option<usize>)>,
}

/// What is being checked before a module is entered.
pub(super) struct Outside<'a> {
    tree: &'a Tree,
    module: usize,
}

/// The modules of a policy, each before those that it uses, and what is wrong with the way they are
/// used.
pub(super) fn open<'a>(tree: &'a Tree, modules: &'a Modules) -> (Vec<Module<'a>>, Vec<Diagnostic>) {
    let mut opened = vec![Module {
        tree,
        prefix: String::new(),
        used: None,
        uses: Vec::new(),
    }];
    let mut reports = Vec::new();
    open_used(&mut opened, POLICY, modules, &mut reports);
    (opened, reports)
}

fn open_used<'a>(
    opened: &mut Vec<Module<'a>>,
    user: usize,
    modules: &'a Modules,
    reports: &mut Vec<Diagnostic>,
) {
    let Some(Module { tree, prefix, .. }) = opened.get(user) else {
        return;
    };
    let (tree, prefix) = (*tree, prefix.clone());
    let mut uses: Vec<(&'a str, Option<usize>)> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    for (place, used) in tree.uses().enumerate() {
        let (Some(name), Some(path)) = (used.name(), used.path_span()) else {
            continue;
        };
        let text = tree.name(name);
        if let Some(first) = uses.iter().position(|(known, _)| *known == text) {
            let first = spans.get(first).copied().unwrap_or_default();
            reports.push(duplicate_name::module(path, text, first));
            continue;
        }
        let report = match modules.link(tree.file(), place) {
            Some(Link::Module(_)) if opened.len() >= MODULES_MAX => unknown_module::too_many(path),
            Some(Link::Module(module)) => {
                uses.push((text, Some(opened.len())));
                spans.push(path);
                let Some(tree) = modules.tree(*module) else {
                    continue;
                };
                let instance = opened.len();
                opened.push(Module {
                    tree,
                    prefix: format!("{prefix}{text}."),
                    used: Some((user, used)),
                    uses: Vec::new(),
                });
                open_used(opened, instance, modules, reports);
                continue;
            }
            Some(Link::Failed(diagnostic)) => (**diagnostic).clone(),
            None => unknown_module::not_loaded(path, tree.text(path)),
        };
        uses.push((text, None));
        spans.push(path);
        reports.push(report);
    }
    if let Some(module) = opened.get_mut(user) {
        module.uses = uses;
    }
}

impl<'a> Checker<'a> {
    /// Reads names in a module from here on.
    pub(super) fn enter(&mut self, module: usize) -> Outside<'a> {
        let outside = Outside {
            tree: self.tree,
            module: self.module,
        };
        if let Some(entered) = self.modules.get(module) {
            (self.tree, self.module) = (entered.tree, module);
            self.params.module = module;
        }
        outside
    }

    /// Reads names as before a module was entered.
    pub(super) fn leave(&mut self, outside: Outside<'a>) {
        (self.tree, self.module) = (outside.tree, outside.module);
        self.params.module = outside.module;
    }

    /// Does something in each module, the policy first. What is doubtful in a used one is its own
    /// business; what is wrong there is reported with the `use` that takes it in.
    pub(super) fn in_each_module(&mut self, mut act: impl FnMut(&mut Checker<'a>)) {
        for module in 0..self.modules.len() {
            let outside = self.enter(module);
            let before = self.diagnostics.len();
            act(self);
            self.leave(outside);
            self.keep_reports(before, module);
        }
    }

    /// Of what was reported since then about a module, keeps what the user of the policy has to know.
    pub(super) fn keep_reports(&mut self, before: usize, module: usize) {
        if module == POLICY {
            return;
        }
        let reports = self.diagnostics.split_off(before);
        let wrong = reports.into_iter().filter(Diagnostic::is_error);
        let reports: Vec<_> = wrong.map(|d| self.as_used(module, d)).collect();
        self.diagnostics.extend(reports);
    }

    /// A mistake in a module, with the `use` of the policy that takes it in.
    fn as_used(&self, module: usize, diagnostic: Diagnostic) -> Diagnostic {
        let mut at = module;
        while let Some((user, used)) = self.modules.get(at).and_then(|module| module.used) {
            if user == POLICY {
                if diagnostic.primary.file == used.span.file {
                    return diagnostic;
                }
                // It is mended where the module is.
                let fixes = Vec::new();
                let diagnostic = Diagnostic {
                    fixes,
                    ..diagnostic
                };
                return diagnostic.with_label(used.span, "used here");
            }
            at = user;
        }
        diagnostic
    }

    /// The module that the one being checked uses by this name: its place, which is unknown if the
    /// `use` is wrong.
    pub(super) fn used_module(&self, name: &str) -> Option<Option<usize>> {
        let uses = &self.modules.get(self.module)?.uses;
        let found = uses.iter().find(|(known, _)| *known == name);
        found.map(|(_, place)| *place)
    }

    /// Whether there is any definition, or module that should have some.
    #[inline]
    pub(super) fn may_use_definitions(&self) -> bool {
        let module = self.modules.get(self.module);
        !self.definitions.is_empty() || module.is_some_and(|module| !module.uses.is_empty())
    }

    /// The modules that the one being checked uses.
    pub(super) fn used_modules(&self) -> impl Iterator<Item = &'a str> + Clone + use<'_, 'a> {
        let module = self.modules.get(self.module);
        module
            .into_iter()
            .flat_map(|m| m.uses.iter().map(|(name, _)| *name))
    }

    /// A name of the module being checked as the whole program knows it: `hotspot.hot`.
    pub(super) fn full_name(&mut self, name: &'a str) -> Arc<str> {
        match self.prefix() {
            "" => self.intern(name),
            _ => self.own_name(name),
        }
    }

    /// The same, of something that is named nowhere else.
    pub(super) fn own_name(&self, name: &str) -> Arc<str> {
        match self.prefix() {
            "" => Arc::from(name),
            prefix => Arc::from(format!("{prefix}{name}")),
        }
    }

    /// The name of a rule without one: `#3`, `hotspot.#3`.
    pub(super) fn numbered_name(&mut self, number: usize) -> Arc<str> {
        let mut letters = std::mem::take(&mut self.letters);
        letters.clear();
        // Writing into a text does not fail.
        _ = write!(letters, "{}#{number}", self.prefix());
        let name = Arc::from(letters.as_str());
        self.letters = letters;
        name
    }

    /// What stands before the names of the module being checked.
    pub(super) fn prefix(&self) -> &str {
        self.modules.get(self.module).map_or("", |m| &m.prefix)
    }

    /// Notes what the last words of the policy's `use` paths stand for.
    pub(super) fn note_modules(&mut self) {
        let tree = self.tree;
        for used in tree.uses() {
            let Some(name) = used.name() else { continue };
            if let Some(Some(place)) = self.used_module(tree.name(name)) {
                self.note(name.span, Named::Module(place));
            }
        }
    }

    /// The text under a span of any file of the program.
    pub(crate) fn text_at(&self, span: Span) -> &'a str {
        if self.tree.file() == span.file {
            return self.tree.text(span);
        }
        let trees = self.modules.iter().map(|module| module.tree);
        let mut trees = trees.chain(self.prompt);
        let found = trees.find(|tree| tree.file() == span.file);
        found.map_or("", |tree| tree.text(span))
    }

    /// The mistakes in the texts of the modules, once a file.
    pub(super) fn report_mistakes(&mut self, modules: &Modules) {
        for mistake in modules.mistakes() {
            let file = mistake.primary.file;
            let users = self.modules.iter().position(|m| m.tree.file() == file);
            let mistake = match users {
                Some(place) => self.as_used(place, mistake.clone()),
                None => mistake.clone(),
            };
            self.report(mistake);
        }
    }
}

//! Modules that could be used: behind `use`, and where their definitions could stand, with the `use` that these need.

use plasma_check::ModuleText;
use plasma_diagnostic::{Edit, FileId, Span};
use plasma_syntax::tree::Item;

use super::CompletionKind;
use super::offers::Offers;
use crate::lines::line_before;
use crate::markdown::section;

impl Offers<'_> {
    /// The paths of modules, where so many words and dots of one stand before the cursor.
    pub(super) fn module_paths(&mut self, words: usize) {
        let path = self
            .rule
            .len()
            .checked_sub(words)
            .and_then(|at| self.rule.get(at));
        let start = path.map_or(self.replace.start, |first| first.start);
        let written = self
            .analysis
            .text()
            .get(start as usize..self.replace.start as usize);
        let written: String = written.unwrap_or("").split_whitespace().collect();
        for path in self.unused() {
            if !path.starts_with(&written) {
                continue;
            }
            let docs = self
                .module(&path)
                .map_or(String::new(), |module| about(&path, &module));
            self.push(CompletionKind::Module, &path, "module", docs);
            if let Some(item) = self.items.last_mut() {
                item.replace = Span::new(item.replace.file, start, item.replace.end);
            }
        }
    }

    /// Modules by their names, with the `use` of each.
    pub(super) fn unused_modules(&mut self) {
        for path in self.unused() {
            let name = path.rsplit('.').next().unwrap_or(&path).to_owned();
            let used = format!("use {path};");
            let docs = self
                .module(&path)
                .map_or(String::new(), |module| about(&path, &module));
            self.push(CompletionKind::Module, &name, &used, docs);
            if let Some(item) = self.items.last_mut() {
                item.insert = used;
            }
        }
    }

    /// The definitions of modules that are not used yet, each with the `use` that it needs.
    pub(super) fn definitions_of_unused(&mut self) {
        for path in self.unused() {
            let Some(module) = self.module(&path) else {
                continue;
            };
            let tree = plasma_syntax::parse(FileId(0), module.text).tree;
            let name = path.rsplit('.').next().unwrap_or(&path).to_owned();
            for definition in tree.definitions() {
                let label = format!("{name}.{}", tree.name(definition.name));
                let text = tree.text(definition.span);
                let docs = section(text, &tree.docs(definition.docs));
                let needs = format!("needs use {path};");
                self.push(CompletionKind::Definition, &label, &needs, docs);
                let also = self.with_use(&path);
                if let Some(item) = self.items.last_mut() {
                    item.also = Some(also);
                }
            }
        }
    }

    /// The paths of modules that the document does not use.
    fn unused(&self) -> Vec<String> {
        let Some(files) = self.files else {
            return Vec::new();
        };
        let tree = &self.analysis.tree;
        let used = tree.uses().map(|used| {
            let words = used.path.iter().map(|word| tree.name(*word));
            words.collect::<Vec<_>>().join(".")
        });
        let used: Vec<String> = used.collect();
        let known = files.paths(self.analysis.sources.name(self.analysis.file));
        known
            .into_iter()
            .filter(|path| !used.contains(path))
            .collect()
    }

    fn module(&self, path: &str) -> Option<ModuleText> {
        let words: Vec<&str> = path.split('.').collect();
        let from = self.analysis.sources.name(self.analysis.file);
        self.files?.module(from, &words).ok()
    }

    /// The change that adds a `use`: behind those that there are, or before the first item that is none.
    fn with_use(&self, path: &str) -> Edit {
        let tree = &self.analysis.tree;
        let used = format!("use {path};");
        if let Some(last) = tree.uses().last() {
            return Edit {
                span: last.span.after(),
                text: format!("\n{used}"),
            };
        }
        let mut items = tree.items().iter();
        let first = items.find(|item| !matches!(item, Item::Allow(_)));
        let start = first.map_or(0, |item| line_before(tree.source(), item.span().start));
        Edit {
            span: Span::new(self.analysis.file, start, start),
            text: format!("{used}\n"),
        }
    }
}

/// What a module says of itself: the comment that it begins with.
fn about(path: &str, module: &ModuleText) -> String {
    let lines = module
        .text
        .lines()
        .take_while(|line| line.starts_with("//"));
    let said: Vec<&str> = lines
        .map(|line| line.trim_start_matches('/').trim())
        .collect();
    section(&format!("use {path};"), &said.join("\n"))
}

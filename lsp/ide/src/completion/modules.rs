//! Modules that could be used: behind `use`, and where their definitions could stand, with the `use` that these need.

use std::rc::Rc;
use std::sync::Arc;

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
        for module in self.unused().iter() {
            if !module.path.starts_with(&written) {
                continue;
            }
            self.push(
                CompletionKind::Module,
                &module.path,
                "module",
                module.about(),
            );
            if let Some(item) = self.items.last_mut() {
                item.replace = Span::new(item.replace.file, start, item.replace.end);
            }
        }
    }

    /// Modules by their names, with the `use` of each.
    pub(super) fn unused_modules(&mut self) {
        for module in self.unused().iter() {
            let used = format!("use {};", module.path);
            self.push(CompletionKind::Module, module.name(), &used, module.about());
            if let Some(item) = self.items.last_mut() {
                item.insert = used;
            }
        }
    }

    /// The definitions of modules that are not used yet, each with the `use` that it needs.
    pub(super) fn definitions_of_unused(&mut self) {
        for module in self.unused().iter() {
            let Some(text) = &module.text else {
                continue;
            };
            let tree = plasma_syntax::parse(FileId(0), Arc::clone(text)).tree;
            for definition in tree.definitions() {
                let label = format!("{}.{}", module.name(), tree.name(definition.name));
                let text = tree.text(definition.span);
                let docs = section(text, &tree.docs(definition.docs));
                let needs = format!("needs use {};", module.path);
                self.push(CompletionKind::Definition, &label, &needs, docs);
                let also = self.with_use(&module.path);
                if let Some(item) = self.items.last_mut() {
                    item.also = Some(also);
                }
            }
        }
    }

    /// The modules that the document does not use, read once for all that is offered of them.
    fn unused(&self) -> Rc<[Unused]> {
        Rc::clone(self.unused.get_or_init(|| self.find_unused().into()))
    }

    fn find_unused(&self) -> Vec<Unused> {
        let Some(files) = self.files else {
            return Vec::new();
        };
        let tree = self.analysis.tree();
        let used = tree.uses().map(|used| {
            let words = used.path.iter().map(|word| tree.name(*word));
            words.collect::<Vec<_>>().join(".")
        });
        let used: Vec<String> = used.collect();
        let from = self.analysis.sources.name(self.analysis.file);
        let known = files.paths(from).into_iter();
        let unused = known.filter(|path| !used.contains(path));
        let read = |path: String| {
            let words: Vec<&str> = path.split('.').collect();
            let text = files.module(from, &words).ok().map(|module| module.text);
            Unused { path, text }
        };
        unused.map(read).collect()
    }

    /// The change that adds a `use`: behind those that there are, or before the first item that is none.
    fn with_use(&self, path: &str) -> Edit {
        let tree = self.analysis.tree();
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

/// A module that the document does not use.
pub(super) struct Unused {
    /// Its path, with dots.
    path: String,
    /// Its text; `None` if that cannot be read.
    text: Option<Arc<str>>,
}

impl Unused {
    /// The last word of its path.
    fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or(&self.path)
    }

    /// What it says of itself: the comment that it begins with.
    fn about(&self) -> String {
        let Some(text) = &self.text else {
            return String::new();
        };
        let lines = text.lines().take_while(|line| line.starts_with("//"));
        let said = lines.map(|line| line.trim_start_matches('/').trim());
        let said: Vec<&str> = said.collect();
        section(&format!("use {};", self.path), &said.join("\n"))
    }
}

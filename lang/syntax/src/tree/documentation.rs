//! `///` comments: those of items, and those that no item follows.

use plasma_diagnostic::Span;

use super::{Docs, Item, Tree, slice};

impl Tree {
    /// The text of the `///` lines before an item, without the slashes and the blank after them;
    /// empty if there are none.
    pub fn docs(&self, docs: Docs) -> String {
        let lines = slice(&self.doc_lines, docs.start, docs.len);
        let texts = lines.iter().map(|doc| {
            let line = self.text(doc.span).trim_start_matches('/').trim_end();
            line.strip_prefix(' ').unwrap_or(line)
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// `///` comments that no item follows: each a run of lines.
    pub fn stray_docs(&self) -> &[Span] {
        &self.stray_docs
    }

    /// Finds the doc lines that no item took, each run of them one. In a text with mistakes an item may have
    /// been lost, so none is called stray.
    pub(crate) fn find_stray_docs(&mut self, has_mistakes: bool) {
        self.stray_docs.clear();
        if has_mistakes || self.doc_lines.is_empty() {
            return;
        }
        let mut is_taken = vec![false; self.doc_lines.len()];
        for item in &self.items {
            for_each_docs(item, &mut |docs| {
                let start = docs.start as usize;
                if let Some(taken) = is_taken.get_mut(start..start + docs.len as usize) {
                    taken.fill(true);
                }
            });
        }
        let mut last_next = None;
        let lines = self.doc_lines.iter().zip(is_taken);
        for (doc, _) in lines.filter(|(_, is_taken)| !is_taken) {
            match self.stray_docs.last_mut() {
                Some(run) if last_next == Some(doc.next) => *run = run.cover(doc.span),
                _ => self.stray_docs.push(doc.span),
            }
            last_next = Some(doc.next);
        }
    }
}

/// Visits what is said before an item and before its parts.
fn for_each_docs(item: &Item, visit: &mut impl FnMut(Docs)) {
    match item {
        Item::Actor(actor) => {
            visit(actor.docs);
            actor.members.iter().for_each(|member| visit(member.docs));
        }
        Item::Rule(rule) | Item::Require(rule) => {
            visit(rule.docs);
            let attributes = rule.head.iter().flat_map(|head| &head.attributes);
            let allows = attributes.filter_map(|attribute| attribute.allow);
            allows.for_each(|allow| visit(allow.docs));
        }
        Item::Param(param) => visit(param.docs),
        Item::Use(used) => visit(used.docs),
        Item::Def(definition) => visit(definition.docs),
        Item::Limit(limit) => visit(limit.docs),
        Item::Test(test) => visit(test.docs),
        Item::Allow(allow) => visit(allow.docs),
    }
}

//! Taking back what was built: items that turn out to be for the grammar, and what the grammar built
//! behind the place where it handed back.

use super::Builder;

/// What was built up to some place.
#[derive(Clone, Copy)]
pub(crate) struct Checkpoint {
    exprs: usize,
    lists: usize,
    behaviors: usize,
    items: usize,
    statements: usize,
    clauses: usize,
    cells: usize,
    diagnostics: usize,
    rules: usize,
    braces_left_out: usize,
    resumed_at: Option<u32>,
    doubtful_to: Option<u32>,
    cut_at: Option<u32>,
    is_cut_short: bool,
    is_too_deep: bool,
    is_stopped: bool,
}

impl Builder<'_> {
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            exprs: self.tree.exprs.len(),
            lists: self.tree.lists.len(),
            behaviors: self.tree.behaviors.len(),
            items: self.tree.items.len(),
            statements: self.statements.len(),
            clauses: self.clauses.len(),
            cells: self.cells.len(),
            diagnostics: self.diagnostics.len(),
            rules: self.rules,
            braces_left_out: self.braces_left_out,
            resumed_at: self.resumed_at,
            doubtful_to: self.doubtful_to,
            cut_at: self.cut_at,
            is_cut_short: self.is_cut_short,
            is_too_deep: self.is_too_deep,
            is_stopped: self.is_stopped(),
        }
    }

    /// Takes back all that was built since. (Doc lines stay taken: in a text without mistakes the item that
    /// took them is read again, in one with mistakes none is called stray.)
    pub(crate) fn take_back(&mut self, to: &Checkpoint) {
        self.tree.exprs.truncate(to.exprs);
        self.tree.lists.truncate(to.lists);
        self.tree.behaviors.truncate(to.behaviors);
        self.tree.items.truncate(to.items);
        self.statements.truncate(to.statements);
        self.clauses.truncate(to.clauses);
        self.cells.truncate(to.cells);
        self.depths.truncate(to.exprs - self.first_expr);
        self.diagnostics.truncate(to.diagnostics);
        self.rules = to.rules;
        self.braces_left_out = to.braces_left_out;
        self.resumed_at = to.resumed_at;
        self.doubtful_to = to.doubtful_to;
        self.cut_at = to.cut_at;
        self.is_cut_short = to.is_cut_short;
        self.is_too_deep = to.is_too_deep;
        self.progress.is_stopped.set(to.is_stopped);
        self.progress.idle.set(0);
    }

    /// Whether nothing was reported since.
    pub(crate) fn is_silent_since(&self, before: &Checkpoint) -> bool {
        self.diagnostics.len() == before.diagnostics && self.is_too_deep == before.is_too_deep
    }

    /// Whether reading has stopped: no more can be said or taken in.
    pub(crate) fn is_stopped(&self) -> bool {
        self.progress.is_stopped.get()
    }

    /// Lends the builder to the grammar until the next whole item.
    pub(crate) fn lend(&mut self) {
        self.is_lent = true;
        self.handed_back = None;
        self.progress.is_handed_back.set(false);
    }

    /// The place of the token with which to go on, if the grammar has handed back.
    pub(crate) fn go_on(&mut self) -> Option<usize> {
        self.is_lent = false;
        let (checkpoint, at) = self.handed_back.take()?;
        self.take_back(&checkpoint);
        Some(at)
    }
}

//! Operands as chains: what stands first, and the words after its dots.

use plasma_syntax::tree::{ExprId, ExprKind, ExprList, Name, Tree};

/// A chain `root.word(args).word`, read off the tree without allocating.
#[derive(Clone, Copy)]
pub(super) struct Chain {
    /// What stands before the first dot.
    pub(super) root: ExprId,
    /// The whole chain.
    last: ExprId,
    /// How many words follow.
    pub(super) len: usize,
}

/// One word after a dot.
#[derive(Clone, Copy)]
pub(super) struct Link {
    /// The chain up to and with the word.
    pub(super) id: ExprId,
    /// The word; `None` if it is missing (already reported).
    pub(super) name: Option<Name>,
    /// What stands in the parentheses after it.
    pub(super) args: Option<ExprList>,
}

impl Chain {
    pub(super) fn read(tree: &Tree, id: ExprId) -> Chain {
        let last = tree.unparenthesized(id);
        let (mut root, mut len) = (last, 0);
        while let ExprKind::Member { base, .. } = *tree.kind(root) {
            root = tree.unparenthesized(base);
            len += 1;
        }
        Chain { root, last, len }
    }

    /// The whole chain.
    pub(super) fn last(self) -> ExprId {
        self.last
    }

    /// The word after dot number `place`, counted from 0.
    pub(super) fn link(self, tree: &Tree, place: usize) -> Option<Link> {
        let steps = self.len.checked_sub(place + 1)?;
        let mut id = self.last;
        for _ in 0..steps {
            match *tree.kind(id) {
                ExprKind::Member { base, .. } => id = tree.unparenthesized(base),
                _ => return None,
            }
        }
        match *tree.kind(id) {
            ExprKind::Member { name, args, .. } => Some(Link { id, name, args }),
            _ => None,
        }
    }
}

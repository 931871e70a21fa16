//! Expressions.

use super::doc::Doc;
use super::layout::{INDENT, Layout};
use crate::tree::{ExprId, ExprKind, ExprList, Sense};

impl<'t> Layout<'t> {
    /// An expression.
    pub(super) fn expr(&mut self, id: ExprId) -> Doc<'t> {
        let expr = self.tree.expr(id);
        match expr.kind {
            ExprKind::Hole => {
                self.is_lost = true;
                Doc::NOTHING
            }
            ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Text | ExprKind::Word(_) => {
                self.close_words(expr.span.end)
            }
            ExprKind::Call { args, .. } => {
                let word = self.word();
                let args = self.args(args);
                Doc::concat([word, args])
            }
            ExprKind::Member { base, args, .. } => self.member(base, args),
            ExprKind::Types(types) => self.list(("{", "}"), types),
            ExprKind::By(label) => {
                let by = self.sign("by");
                let label = self.expr(label);
                Doc::concat([by, Doc::SPACE, label])
            }
            ExprKind::Paren(inner) => self.paren(inner),
            ExprKind::Not(inner) => {
                let not = self.sign("not");
                let inner = self.expr(inner);
                Doc::concat([not, Doc::SPACE, inner])
            }
            ExprKind::And(parts) => self.chain("and", parts),
            ExprKind::Or(parts) => self.chain("or", parts),
            ExprKind::Compare { left, right, .. } => self.infix(left, right),
            ExprKind::InRef {
                actor,
                property,
                sense,
            } => self.in_ref(actor, sense, property),
            ExprKind::On { actor, host, .. } => self.infix(actor, host),
            ExprKind::Minus(inner) => {
                let minus = self.sign("-");
                let inner = self.expr(inner);
                Doc::concat([minus, inner])
            }
            ExprKind::Arithmetic { left, right, .. } => self.infix(left, right),
            ExprKind::Windowed { of, window } => self.infix(of, window),
            ExprKind::Sustained { condition, window } => self.infix(condition, window),
            ExprKind::Aggregate {
                of, ranges, filter, ..
            } => self.aggregate(of, ranges, filter),
        }
    }

    fn member(&mut self, base: ExprId, args: Option<ExprList>) -> Doc<'t> {
        let base = self.expr(base);
        let dot = self.sign(".");
        let name = self.word();
        let args = args.map_or(Doc::NOTHING, |args| self.args(args));
        Doc::concat([base, dot, name, args])
    }

    /// Arguments in parentheses.
    pub(super) fn args(&mut self, args: ExprList) -> Doc<'t> {
        self.list(("(", ")"), args)
    }

    fn list(&mut self, signs: (&str, &str), list: ExprList) -> Doc<'t> {
        let tree = self.tree;
        self.enclosed(signs, tree.list(list), |this, id| this.expr(id))
    }

    /// Parentheses close up to what they group, also when its lines break.
    fn paren(&mut self, inner: ExprId) -> Doc<'t> {
        let opening = self.sign("(");
        let inner = self.expr(inner);
        let inner = Doc::concat([inner, self.comments()]).indent(INDENT);
        let closing = self.sign(")");
        Doc::concat([opening, inner, closing])
    }

    /// Parts joined by a word, which begins a line where lines break.
    fn chain(&mut self, word: &str, parts: ExprList) -> Doc<'t> {
        let tree = self.tree;
        self.grouped(|this| {
            let mut docs = Vec::new();
            for (place, part) in tree.list(parts).iter().enumerate() {
                if place > 0 {
                    docs.extend([Doc::LINE, this.sign(word), Doc::SPACE]);
                }
                // The lines of an inner chain are not to be taken for those of this one.
                docs.push(match tree.expr(*part).kind {
                    ExprKind::And(_) | ExprKind::Or(_) => this.expr(*part).indent(INDENT),
                    _ => this.expr(*part),
                });
            }
            Doc::concat(docs)
        })
    }

    /// Two operands and the signs or words between them, which begin a line where lines break.
    fn infix(&mut self, left: ExprId, right: ExprId) -> Doc<'t> {
        let right_start = self.tree.expr(right).span.start;
        self.grouped(|this| {
            let left = this.expr(left);
            let operator = this.spaced_words(right_start);
            let right = this.expr(right);
            let rest = Doc::concat([Doc::LINE, operator, Doc::SPACE, right]).indent(INDENT);
            Doc::concat([left, rest])
        })
    }

    fn in_ref(&mut self, actor: ExprId, sense: Sense, property: ExprId) -> Doc<'t> {
        self.grouped(|this| {
            let actor = this.expr(actor);
            let not = match sense {
                Sense::Is => Doc::NOTHING,
                Sense::IsNot => Doc::concat([this.sign("not"), Doc::SPACE]),
            };
            let words = [
                Doc::LINE,
                not,
                this.sign("in"),
                Doc::SPACE,
                this.sign("ref"),
            ];
            let property = this.enclosed(("(", ")"), &[property], |this, id| this.expr(id));
            let rest = Doc::concat([Doc::concat(words), property]).indent(INDENT);
            Doc::concat([actor, rest])
        })
    }

    /// `count(Folder(f) for .. where ..)`: each part on a line of its own where lines break.
    fn aggregate(&mut self, of: ExprId, ranges: ExprList, filter: Option<ExprId>) -> Doc<'t> {
        let tree = self.tree;
        let word = self.word();
        let rest = self.grouped(|this| {
            let opening = this.sign("(");
            let mut inner = vec![Doc::SOFT_LINE, this.expr(of)];
            for (place, range) in tree.list(ranges).iter().enumerate() {
                if place == 0 {
                    inner.extend([Doc::LINE, this.sign("for")]);
                } else {
                    inner.push(this.sign(","));
                }
                inner.extend([Doc::SPACE, this.expr(*range)]);
            }
            if let Some(filter) = filter {
                inner.extend([Doc::LINE, this.sign("where"), Doc::SPACE, this.expr(filter)]);
            }
            inner.push(this.comments());
            let inner = Doc::concat(inner).indent(INDENT);
            let closing = this.sign(")");
            Doc::concat([opening, inner, Doc::SOFT_LINE, closing])
        });
        Doc::concat([word, rest])
    }
}

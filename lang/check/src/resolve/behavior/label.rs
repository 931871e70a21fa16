//! Arguments that say by which label, and what stands there instead.

use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_model::{BehaviorRow, Resource};
use plasma_syntax::tree::{BehaviorCall, ExprId, ExprKind, WordKind};

use crate::error::wrong_argument::{self, label};
use crate::resolve::RuleChecker;

impl RuleChecker<'_, '_> {
    /// The label that an argument names.
    pub(super) fn label_argument(
        &mut self,
        row: &BehaviorRow,
        call: &BehaviorCall,
        id: ExprId,
    ) -> Option<Arc<str>> {
        let tree = self.checker.tree;
        let expr = tree.expr(id);
        let text = tree.text(expr.span);
        let diagnostic = match expr.kind {
            ExprKind::By(of) => return self.label_behind_by(row, call, of),
            ExprKind::Text => label::without_by(row, expr.span, text),
            ExprKind::Word(_) if Resource::from_name(text).is_some() => {
                let types = tree.list(call.args).first().map(|id| tree.expr(*id).span);
                let types = types.map_or("", |span| tree.text(span));
                label::resource(row, expr.span, (call.span, types), text)
            }
            _ => label::not_a_label(row, expr.span, text),
        };
        self.fail(diagnostic);
        None
    }

    fn label_behind_by(
        &mut self,
        row: &BehaviorRow,
        call: &BehaviorCall,
        of: ExprId,
    ) -> Option<Arc<str>> {
        let tree = self.checker.tree;
        let of = tree.expr(tree.unparenthesized(of));
        let text = tree.text(of.span);
        let diagnostic = match of.kind {
            ExprKind::Hole => return self.hole(),
            ExprKind::Text => return Some(tree.text_value(of.span).into()),
            ExprKind::Word(word) if word.kind == WordKind::Server => {
                label::by_server(row, of.span, self.behind_first(call))
            }
            ExprKind::Word(word) if word.kind == WordKind::Lower => {
                wrong_argument::label_without_quotes(of.span, text)
            }
            _ => label::not_a_label(row, of.span, text),
        };
        self.fail(diagnostic);
        None
    }

    /// From the comma behind the first argument to the end of the last.
    fn behind_first(&self, call: &BehaviorCall) -> Span {
        let tree = self.checker.tree;
        match tree.list(call.args) {
            [first, .., last] => Span {
                start: tree.expr(*first).span.end,
                ..tree.expr(*last).span
            },
            _ => call.span,
        }
    }
}

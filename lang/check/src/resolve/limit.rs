//! Limits: on moves in a sliding window, and on the number of servers.

use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_syntax::tree::{ExprId, ExprKind, Item, LimitDecl, LimitShape, WordKind};

use super::constant::Whole;
use super::types::single;
use super::{Checker, RuleChecker};
use crate::error::{out_of_range, wrong_argument};
use crate::program::{Limit, LimitKind, TypeSet};
use crate::{LIMIT_MOVES_MAX, LIMIT_SERVERS_MAX};

const MOVES: Whole = Whole {
    what: "a limit on migrations",
    least: 1,
    most: LIMIT_MOVES_MAX,
};

const SERVERS: Whole = Whole {
    what: "a limit on servers",
    least: 1,
    most: LIMIT_SERVERS_MAX,
};

/// Checks all limits; those with a mistake are left out.
pub(super) fn check_limits(checker: &mut Checker<'_>) -> Vec<Limit> {
    let tree = checker.tree;
    let mut limits = Vec::new();
    for item in tree.items() {
        let Item::Limit(limit) = item else {
            continue;
        };
        let Some(kind) = checker.limit(limit) else {
            continue;
        };
        let words = tree.text(limit.span).split_whitespace();
        let text = words.collect::<Vec<_>>().join(" ");
        limits.push(Limit {
            kind,
            text: Arc::from(text.trim_end_matches(';').trim_end()),
            span: limit.span,
            docs: tree.docs(limit.docs),
        });
    }
    limits
}

impl Checker<'_> {
    fn limit(&mut self, limit: &LimitDecl) -> Option<LimitKind> {
        match (self.text(limit.what), limit.shape) {
            (
                "migrations",
                LimitShape::Rate {
                    count,
                    window,
                    each,
                },
            ) => self.limit_on_migrations(count, window, each),
            ("servers", LimitShape::Range { least, most }) => {
                self.limit_on_servers(limit.span, least, most)
            }
            (what, shape) => {
                let is_range = matches!(shape, LimitShape::Range { .. });
                let what_span = limit.what.span;
                self.report(wrong_argument::limit(what_span, limit.span, what, is_range));
                None
            }
        }
    }

    fn limit_on_migrations(
        &mut self,
        count: ExprId,
        window: ExprId,
        each: Option<ExprId>,
    ) -> Option<LimitKind> {
        // Each part is looked at even if another one is wrong.
        let count = self.whole_number(count, MOVES);
        let window_seconds = self.duration(window, "the window of a limit");
        let each = match each {
            Some(each) => Some(self.type_of_each(each)?),
            None => None,
        };
        Some(LimitKind::Migrations {
            count: u32::try_from(count?).ok()?,
            window_seconds: window_seconds?,
            each,
        })
    }

    fn type_of_each(&mut self, id: ExprId) -> Option<TypeSet> {
        let expr = self.tree.expr(id);
        match expr.kind {
            ExprKind::Word(word) if self.meant(word).kind == WordKind::Any => {
                self.note_any(word.name);
                Some(TypeSet::Any)
            }
            ExprKind::Word(word) if word.kind == WordKind::Upper => {
                let id = RuleChecker::new(self, 0).noted_type(word.name)?;
                Some(single(id))
            }
            ExprKind::Hole => None,
            _ => {
                let text = self.tree.text(expr.span);
                self.report(wrong_argument::each_of_no_type(expr.span, text));
                None
            }
        }
    }

    fn limit_on_servers(&mut self, whole: Span, least: ExprId, most: ExprId) -> Option<LimitKind> {
        let least = self.whole_number(least, SERVERS);
        let most = self.whole_number(most, SERVERS);
        let (least, most) = (least?, most?);
        if least > most {
            self.report(out_of_range::empty_range(whole, least, most));
            return None;
        }
        Some(LimitKind::Servers {
            least: u32::try_from(least).ok()?,
            most: u32::try_from(most).ok()?,
        })
    }
}

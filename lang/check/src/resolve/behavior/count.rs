//! Arguments that say how many servers, and what stands there instead.

use plasma_model::BehaviorRow;
use plasma_syntax::tree::{ExprId, ExprKind, WordKind};

use crate::LIMIT_SERVERS_MAX;
use crate::error::wrong_argument::count;
use crate::resolve::RuleChecker;
use crate::resolve::constant::Whole;

/// How many servers may be added or removed at once.
const SERVERS: Whole = Whole {
    what: "a number of servers",
    least: 1,
    most: LIMIT_SERVERS_MAX,
};

impl RuleChecker<'_, '_> {
    /// The number of servers that an argument stands for: a whole number, or a parameter.
    pub(super) fn count_argument(&mut self, row: &BehaviorRow, id: ExprId) -> Option<u32> {
        let tree = self.checker.tree;
        let whole = tree.expr(id).span;
        let inner = tree.unparenthesized(id);
        let number = match *tree.kind(inner) {
            ExprKind::Hole => return self.hole(),
            ExprKind::Number(_) => self.checker.whole_number(inner, SERVERS),
            ExprKind::Word(word)
                if word.kind == WordKind::Lower && !self.is_variable(self.text(word.name)) =>
            {
                self.checker.whole_number(inner, SERVERS)
            }
            ExprKind::Minus(_) => {
                let text = tree.text(whole);
                self.fail(count::negative(row, whole, text, LIMIT_SERVERS_MAX));
                return None;
            }
            _ => {
                self.fail(count::not_a_number(row, whole, tree.text(whole)));
                return None;
            }
        };
        // What is wrong with it was reported.
        let number = number.and_then(|number| u32::try_from(number).ok());
        self.is_broken |= number.is_none();
        number
    }
}

//! Arguments that stand for servers, and what stands there instead.

use plasma_model::{BehaviorRow, Parameter};
use plasma_syntax::tree::{ExprId, ExprKind, WordKind};

use crate::error::wrong_argument;
use crate::program::ServerRef;
use crate::resolve::RuleChecker;
use crate::resolve::chain::Chain;
use crate::resolve::entity::Entity;

/// Names for a server that has none yet; the first that is free is proposed.
const SERVER_NAMES: [&str; 3] = ["s", "host", "chosen"];

impl RuleChecker<'_, '_> {
    /// The server that an argument stands for.
    pub(super) fn server_argument(&mut self, row: &BehaviorRow, id: ExprId) -> Option<ServerRef> {
        let tree = self.checker.tree;
        let span = tree.expr(id).span;
        let text = tree.text(span);
        if self.is_bare_server(id) {
            self.bare_server_argument(row, id);
            return None;
        }
        if let Some(noun) = self.other_than_entity(id) {
            let diagnostic = wrong_argument::server::not_a_server(row, span, text, noun);
            let root = Chain::read(tree, tree.unparenthesized(id)).root;
            let diagnostic = match root != id && self.fits(Parameter::Server, root) {
                true => {
                    let owner = tree.text(tree.expr(root).span);
                    wrong_argument::with_owner(diagnostic, span, owner)
                }
                false => diagnostic,
            };
            self.fail(diagnostic);
            return None;
        }
        let diagnostic = match self.entity(id)? {
            Entity::Server(server) => return Some(server),
            Entity::Actor(_) => wrong_argument::server::actor_as_server(row, span, text),
            other => wrong_argument::server::not_a_server(row, span, text, other.noun()),
        };
        self.fail(diagnostic);
        None
    }

    fn is_bare_server(&self, id: ExprId) -> bool {
        let tree = self.checker.tree;
        let kind = *tree.kind(tree.unparenthesized(id));
        matches!(kind, ExprKind::Word(word) if word.kind == WordKind::Server)
    }

    fn bare_server_argument(&mut self, row: &BehaviorRow, id: ExprId) {
        let span = self.checker.tree.expr(id).span;
        let condition = std::mem::take(&mut self.bare_servers);
        // For editors it is what it would be in the condition.
        self.entity(id);
        let of_actor = self.server_of.and_then(|at| self.variables.list.get(at));
        let diagnostic = match of_actor {
            Some(actor) => wrong_argument::server::bare_server_of(row, span, actor.name),
            None => {
                let is_free = |name: &&&str| self.variables.find(name).is_none();
                let name = SERVER_NAMES
                    .iter()
                    .find(is_free)
                    .unwrap_or(&SERVER_NAMES[0]);
                wrong_argument::server::bare_server_without_actor(row, span, &condition, name)
            }
        };
        self.bare_servers = condition;
        self.fail(diagnostic);
    }
}

//! Arguments that stand for actors, and what stands there instead.

use plasma_diagnostic::Diagnostic;
use plasma_model::{BehaviorRow, Resource, metric_row};
use plasma_syntax::tree::{ExprId, ExprKind, WordKind};

use crate::error::wrong_argument;
use crate::names::Named;
use crate::program::ActorRef;
use crate::resolve::RuleChecker;
use crate::resolve::chain::Chain;
use crate::resolve::entity::Entity;

impl RuleChecker<'_, '_> {
    /// The actor that an argument stands for.
    pub(super) fn actor_argument(&mut self, row: &BehaviorRow, id: ExprId) -> Option<ActorRef> {
        let tree = self.checker.tree;
        let span = tree.expr(id).span;
        let text = tree.text(span);
        if let Some(noun) = self.other_than_entity(id) {
            let diagnostic = wrong_argument::not_an_actor(row, span, text, noun);
            let diagnostic = self.with_owner(diagnostic, id);
            self.fail(diagnostic);
            return None;
        }
        match self.entity(id)? {
            Entity::Actor(actor) => Some(actor),
            other => {
                self.fail(wrong_argument::not_an_actor(row, span, text, other.noun()));
                None
            }
        }
    }

    /// What an argument is that cannot stand for an actor or a server, for people.
    pub(in crate::resolve) fn other_than_entity(&mut self, id: ExprId) -> Option<&'static str> {
        let tree = self.checker.tree;
        let id = tree.unparenthesized(id);
        match *tree.kind(id) {
            ExprKind::Types(_)
            | ExprKind::Number(_)
            | ExprKind::Bool(_)
            | ExprKind::Minus(_)
            | ExprKind::Arithmetic { .. }
            | ExprKind::Windowed { .. }
            | ExprKind::Aggregate { .. } => Some("not one"),
            ExprKind::Text => Some("a text"),
            ExprKind::By(_) => Some("the name of a label"),
            ExprKind::Call { word, .. } if self.is_calculation(word) => Some("a number"),
            ExprKind::Word(word) if word.kind == WordKind::Lower => {
                let text = self.text(word.name);
                if self.is_variable(text) {
                    return None;
                }
                if let Some((place, _)) = self.checker.params.find(text) {
                    self.checker.note(word.name.span, Named::Param(place));
                    self.checker.params.mark_used(place);
                    return Some("a parameter");
                }
                Resource::from_name(text).map(|_| "a resource")
            }
            ExprKind::Member { .. } => {
                let chain = Chain::read(tree, id);
                let first = self.text(chain.link(tree, 0)?.name?);
                match (first, chain.len) {
                    ("server", 1) => None,
                    ("server", _) => Some("something measured"),
                    _ if metric_row(first).is_some() => Some("something measured"),
                    _ => Some("a property"),
                }
            }
            _ => None,
        }
    }

    /// Says the way from what belongs to an actor to the actor, or to where a parameter comes from.
    fn with_owner(&self, diagnostic: Diagnostic, id: ExprId) -> Diagnostic {
        let tree = self.checker.tree;
        let id = tree.unparenthesized(id);
        match *tree.kind(id) {
            ExprKind::Word(word) => match self.checker.params.find(self.text(word.name)) {
                Some((_, declared)) => diagnostic.with_label(declared, "declared here"),
                None => diagnostic,
            },
            ExprKind::Member { .. } => {
                let (whole, chain) = (tree.expr(id).span, Chain::read(tree, id));
                let first = chain.link(tree, 0).and_then(|link| link.name);
                let is_measured = first.is_some_and(|name| {
                    let text = self.text(name);
                    text == "server" || metric_row(text).is_some()
                });
                if is_measured {
                    let owner = tree.text(tree.expr(chain.root).span);
                    wrong_argument::with_owner(diagnostic, whole, owner)
                } else {
                    wrong_argument::with_reference(diagnostic, tree.text(whole))
                }
            }
            _ => diagnostic,
        }
    }
}

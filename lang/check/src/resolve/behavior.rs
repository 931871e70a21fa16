//! Behaviors: their arguments, by the BEHAVIORS table.

mod actor;
mod count;
mod label;
mod message;
mod server;

use std::sync::Arc;

use plasma_model::{BEHAVIORS, Behavior, BehaviorRow, Bounds, Parameter, Resource, behavior_row};
use plasma_syntax::tree::{self, ExprId, ExprKind, ExprList, WordKind};

use super::RuleChecker;
use super::chain::Chain;
use super::condition::all_of;
use crate::error::{unknown_function, wrong_argument};
use crate::names::{Named, VariableKind};
use crate::program::{ActorRef, BehaviorCall, BehaviorKind, Message, ServerRef, TypeSet};

/// One argument of a behavior.
enum Argument {
    Actor(ActorRef),
    Types(TypeSet),
    Resource(Resource),
    Server(ServerRef),
    Label(Arc<str>),
    Count(u32),
    Message(Message),
}

/// The arguments of a behavior, of which it has one or two.
type Arguments = (Option<Argument>, Option<Argument>);

impl<'a> RuleChecker<'_, 'a> {
    /// All behaviors of a rule; `None` if something in them was reported.
    pub(super) fn behaviors(&mut self, rule: &tree::Rule) -> Option<Vec<BehaviorCall>> {
        let tree = self.checker.tree;
        let calls = tree.behaviors(rule);
        let behaviors = all_of(calls, |call| self.behavior(call))?;
        if behaviors.is_empty() {
            // A rule without behaviors is a syntax error, reported by the parser.
            return self.hole();
        }
        Some(behaviors)
    }

    fn behavior(&mut self, call: &tree::BehaviorCall) -> Option<BehaviorCall> {
        let Some(name) = call.name else {
            return self.hole();
        };
        let text = self.text(name);
        let Some(row) = behavior_row(text) else {
            let names = BEHAVIORS.iter().map(|row| row.name);
            self.fail(unknown_function::unknown_behavior(name.span, text, names));
            return None;
        };
        self.checker.note(name.span, Named::Behavior(row.behavior));
        let arguments = self.arguments(row, call)?;
        let kind = behavior_kind(row.behavior, arguments)?;
        Some(BehaviorCall {
            kind,
            span: call.span,
        })
    }

    fn arguments(&mut self, row: &BehaviorRow, call: &tree::BehaviorCall) -> Option<Arguments> {
        let tree = self.checker.tree;
        let given = tree.list(call.args);
        if given.iter().any(|id| *tree.kind(*id) == ExprKind::Hole) {
            return self.hole();
        }
        if !(row.arguments_min()..=row.parameters.len()).contains(&given.len()) {
            self.wrong_number(row, call);
            return None;
        }
        if self.are_swapped(row, given) {
            let spans: Vec<_> = given.iter().map(|id| tree.expr(*id).span).collect();
            let texts: Vec<_> = spans.iter().map(|span| tree.text(*span)).collect();
            self.fail(wrong_argument::swapped(row, &spans, &texts));
            return None;
        }
        let mut is_right = true;
        let mut parameters = row.parameters.iter().zip(given);
        let mut next = || {
            let ((_, parameter), id) = parameters.next()?;
            let argument = self.argument(row, call, *parameter, *id);
            is_right &= argument.is_some();
            argument
        };
        let arguments = (next(), next());
        is_right.then_some(arguments)
    }

    fn wrong_number(&mut self, row: &BehaviorRow, call: &tree::BehaviorCall) {
        let tree = self.checker.tree;
        let given = tree.list(call.args);
        let spans: Vec<_> = given.iter().map(|id| tree.expr(*id).span).collect();
        // The arguments that are there are still looked at, for editors and for their own mistakes.
        for ((_, parameter), id) in row.parameters.iter().zip(given) {
            if self.fits(*parameter, *id) {
                self.argument(row, call, *parameter, *id);
            }
        }
        let texts: Vec<_> = spans.iter().map(|span| tree.text(*span)).collect();
        self.fail(wrong_argument::wrong_number(row, call.span, &spans, &texts));
    }

    /// Whether the two arguments are each right in the other's place.
    fn are_swapped(&self, row: &BehaviorRow, given: &[ExprId]) -> bool {
        let ([(_, first), (_, second)], [a, b]) = (row.parameters, given) else {
            return false;
        };
        first != second
            && !self.fits(*first, *a)
            && !self.fits(*second, *b)
            && self.fits(*first, *b)
            && self.fits(*second, *a)
    }

    /// Whether an argument has the form that a parameter asks for.
    pub(super) fn fits(&self, parameter: Parameter, id: ExprId) -> bool {
        let tree = self.checker.tree;
        match (parameter, *tree.kind(tree.unparenthesized(id))) {
            (Parameter::Count, kind) => matches!(kind, ExprKind::Number(_)),
            (Parameter::Message, kind) => kind == ExprKind::Text,
            (Parameter::Label, kind) => matches!(kind, ExprKind::By(_)),
            (Parameter::Types, kind) => matches!(kind, ExprKind::Types(_)),
            (Parameter::Resource, ExprKind::Word(word)) => {
                word.kind == WordKind::Lower
                    && Resource::from_name(self.text(word.name)).is_some()
                    && !self.is_variable(self.text(word.name))
            }
            (Parameter::Actor, ExprKind::Word(word)) => match word.kind {
                WordKind::Upper | WordKind::Any => true,
                WordKind::Lower => {
                    let text = self.text(word.name);
                    self.is_variable(text) && !self.is_server(text)
                }
                WordKind::Server | WordKind::Client => false,
            },
            (Parameter::Actor, ExprKind::Call { word, .. }) => {
                matches!(word.kind, WordKind::Upper | WordKind::Any)
            }
            (Parameter::Server, ExprKind::Call { word, .. }) => word.kind == WordKind::Server,
            (Parameter::Server, ExprKind::Word(word)) => {
                word.kind == WordKind::Lower && self.is_server(self.text(word.name))
            }
            (Parameter::Server, ExprKind::Member { .. }) => {
                let chain = Chain::read(tree, id);
                let name = chain.link(tree, 0).and_then(|link| link.name);
                chain.len == 1 && name.is_some_and(|name| self.text(name) == "server")
            }
            _ => false,
        }
    }

    fn is_server(&self, name: &str) -> bool {
        let found = self.variables.find(name);
        let variable = found.and_then(|index| self.variables.list.get(index));
        variable.is_some_and(|v| v.kind == Some(VariableKind::Server))
    }

    pub(super) fn is_variable(&self, name: &str) -> bool {
        let found = self.variables.find(name);
        let variable = found.and_then(|index| self.variables.list.get(index));
        variable.is_some_and(|v| v.kind.is_some())
    }

    fn argument(
        &mut self,
        row: &BehaviorRow,
        call: &tree::BehaviorCall,
        parameter: Parameter,
        id: ExprId,
    ) -> Option<Argument> {
        match parameter {
            Parameter::Actor => self.actor_argument(row, id).map(Argument::Actor),
            Parameter::Types => self.types_argument(row, id).map(Argument::Types),
            Parameter::Resource => self.resource_argument(row, id).map(Argument::Resource),
            Parameter::Server => self.server_argument(row, id).map(Argument::Server),
            Parameter::Count => self.count_argument(row, id).map(Argument::Count),
            Parameter::Message => self.message_argument(row, id).map(Argument::Message),
            Parameter::Label => self.label_argument(row, call, id).map(Argument::Label),
        }
    }

    fn types_argument(&mut self, row: &BehaviorRow, id: ExprId) -> Option<TypeSet> {
        let tree = self.checker.tree;
        let expr = tree.expr(tree.unparenthesized(id));
        match expr.kind {
            ExprKind::Types(list) => self.types(row, list),
            ExprKind::Word(word) if matches!(word.kind, WordKind::Upper | WordKind::Any) => {
                let text = self.text(word.name);
                self.fail(wrong_argument::types_without_braces(row, expr.span, text));
                None
            }
            ExprKind::Call { word, .. } if matches!(word.kind, WordKind::Upper | WordKind::Any) => {
                let text = self.text(word.name);
                self.fail(wrong_argument::variable_as_types(row, expr.span, text));
                None
            }
            _ => {
                self.fail(wrong_argument::not_types(
                    row,
                    expr.span,
                    tree.text(expr.span),
                ));
                None
            }
        }
    }

    fn types(&mut self, row: &BehaviorRow, list: ExprList) -> Option<TypeSet> {
        let tree = self.checker.tree;
        let mut types = Vec::with_capacity(tree.list(list).len());
        let (mut has_any, mut is_right) = (false, true);
        for id in tree.list(list) {
            let expr = tree.expr(*id);
            match expr.kind {
                ExprKind::Word(word) if self.checker.meant(word).kind == WordKind::Any => {
                    self.checker.note_any(word.name);
                    has_any = true;
                }
                ExprKind::Word(word) if word.kind == WordKind::Upper => {
                    match self.noted_type(word.name) {
                        Some(id) => types.push(id),
                        None => is_right = false,
                    }
                }
                ExprKind::Hole => {
                    self.is_broken = true;
                    is_right = false;
                }
                _ => {
                    let text = tree.text(expr.span);
                    let names = self.checker.types.names();
                    let diagnostic = wrong_argument::not_a_type(row, expr.span, text, names);
                    self.fail(diagnostic);
                    is_right = false;
                }
            }
        }
        let types = if has_any {
            TypeSet::Any
        } else {
            TypeSet::Of(types.into_iter().collect())
        };
        is_right.then_some(types)
    }

    fn resource_argument(&mut self, row: &BehaviorRow, id: ExprId) -> Option<Resource> {
        let tree = self.checker.tree;
        let expr = tree.expr(tree.unparenthesized(id));
        let text = tree.text(expr.span);
        if let ExprKind::Word(word) = expr.kind
            && let Some(resource) = Resource::from_name(text)
        {
            self.checker.note(word.name.span, Named::Resource(resource));
            return Some(resource);
        }
        self.fail(wrong_argument::not_a_resource(row, expr.span, text));
        None
    }
}

/// The checked behavior; `None` only if the table and this function disagree (tested).
fn behavior_kind(behavior: Behavior, (first, second): Arguments) -> Option<BehaviorKind> {
    use Argument::{Actor, Count, Label, Message, Resource, Server, Types};
    match (behavior, first?, second) {
        (Behavior::Balance, Types(types), Some(Resource(resource))) => {
            let bounds = Bounds::default();
            Some(BehaviorKind::Balance {
                types,
                resource,
                bounds,
            })
        }
        (Behavior::Reserve, Actor(actor), Some(Resource(resource))) => {
            Some(BehaviorKind::Reserve { actor, resource })
        }
        (Behavior::Colocate, Actor(a), Some(Actor(b))) => Some(BehaviorKind::Colocate(a, b)),
        (Behavior::Separate, Actor(a), Some(Actor(b))) => Some(BehaviorKind::Separate(a, b)),
        (Behavior::Pin, Actor(actor), None) => Some(BehaviorKind::Pin(actor)),
        (Behavior::Passivate, Actor(actor), None) => Some(BehaviorKind::Passivate(actor)),
        (Behavior::Checkpoint, Actor(actor), None) => Some(BehaviorKind::Checkpoint(actor)),
        (Behavior::Spread, Types(types), None) => Some(BehaviorKind::Spread { types, by: None }),
        (Behavior::Spread, Types(types), Some(Label(label))) => Some(BehaviorKind::Spread {
            types,
            by: Some(label),
        }),
        (Behavior::ScaleOut, Count(count), None) => Some(BehaviorKind::ScaleOut(count)),
        (Behavior::ScaleIn, Count(count), None) => Some(BehaviorKind::ScaleIn(count)),
        (Behavior::Alert, Message(message), None) => Some(BehaviorKind::Alert(message)),
        (Behavior::Drain, Server(server), None) => Some(BehaviorKind::Drain(server)),
        (Behavior::Migrate, Actor(actor), Some(Server(to))) => {
            Some(BehaviorKind::Migrate { actor, to })
        }
        _ => None,
    }
}

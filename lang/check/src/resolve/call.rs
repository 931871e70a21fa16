//! Call features: `client.call(Folder(f).open).count`.

use plasma_diagnostic::Span;
use plasma_model::{Metric, metric_row};
use plasma_syntax::tree::{ExprId, ExprKind, ExprList, Name};

use super::RuleChecker;
use super::chain::Chain;
use super::entity::Entity;
use super::operand::{Measured, Operand};
use super::types::no_type;
use crate::error::{type_mismatch, unknown_function, wrong_argument};
use crate::names::Named;
use crate::program::{ActorRef, CallerRef, Feature, Range};
use crate::schema::TypeId;

impl<'a> RuleChecker<'_, 'a> {
    /// The chain `caller.call(callee.function).statistic`.
    pub(super) fn call_feature(
        &mut self,
        chain: Chain,
        place: usize,
        span: Span,
    ) -> Option<Operand> {
        let link = chain.link(self.checker.tree, place)?;
        let (name, metric) = (link.name?, metric_row("call")?);
        let caller = self.caller(chain, place);
        let Some(args) = link.args else {
            self.fail(wrong_argument::call_without_function(name.span));
            return None;
        };
        self.checker.note(name.span, Named::Metric(metric));
        let callee = self.callee(args, name);
        let statistic = self.statistic(metric, name, chain, place + 1);
        let (caller, (callee, function), (row, statistic)) = (caller?, callee?, statistic?);
        self.note_callers(chain, &caller, &callee, function);
        let feature = Feature::Calls {
            caller,
            callee,
            function: function.map(|f| self.checker.intern(f)),
            statistic: row.statistic,
        };
        let metric: &'static Metric = metric;
        Some(Operand::Feature(Measured {
            feature,
            metric,
            row,
            span,
            statistic,
        }))
    }

    fn caller(&mut self, chain: Chain, place: usize) -> Option<CallerRef> {
        let root = self.root_entity(chain.root)?;
        let entity = if place == 0 {
            root
        } else {
            self.host(root, chain)?.0
        };
        match entity {
            Entity::Client => Some(CallerRef::Client),
            Entity::Actor(actor) => Some(CallerRef::Actor(actor)),
            Entity::Server(_) => {
                let span = self.checker.tree.expr(chain.root).span;
                self.fail(type_mismatch::server_calls(span));
                None
            }
        }
    }

    /// The actor called and the function, if one is named.
    fn callee(&mut self, args: ExprList, call: Name) -> Option<(ActorRef, Option<&'a str>)> {
        let tree = self.checker.tree;
        let [argument] = tree.list(args) else {
            if tree
                .list(args)
                .iter()
                .any(|id| *tree.kind(*id) == ExprKind::Hole)
            {
                return self.hole();
            }
            self.fail(wrong_argument::call_arguments(
                call.span,
                tree.list(args).len(),
            ));
            return None;
        };
        let chain = Chain::read(tree, *argument);
        let callee = self.callee_actor(chain)?;
        let Some(link) = chain.link(tree, 0) else {
            return Some((callee, None));
        };
        let Some(name) = link.name else {
            return self.hole();
        };
        if chain.len > 1 || link.args.is_some() {
            let span = tree.expr(*argument).span;
            let rest = Span::new(span.file, name.span.end, span.end);
            self.fail(wrong_argument::after_function(rest, self.text(name)));
            return None;
        }
        self.function(&callee, name)?;
        Some((callee, Some(self.text(name))))
    }

    fn callee_actor(&mut self, chain: Chain) -> Option<ActorRef> {
        let span = self.checker.tree.expr(chain.root).span;
        match self.root_entity(chain.root)? {
            Entity::Actor(actor) => Some(actor),
            other => {
                self.fail(type_mismatch::not_callable(span, other.noun()));
                None
            }
        }
    }

    /// Looks a function up in the callee's types; where types are inferred, learns it.
    fn function(&mut self, callee: &ActorRef, name: Name) -> Option<()> {
        let text = self.text(name);
        let owner = self.single_type_as_written(callee);
        if let Some(owner) = owner {
            self.function_of(owner, name)?;
        } else if self.checker.types.with_function(text) == no_type() {
            let functions = self.checker.types.all().iter().flat_map(|t| &t.functions);
            let names: Vec<&str> = functions.map(|f| f.name.as_ref()).collect();
            let diagnostic = unknown_function::no_type_offers(name.span, text, names);
            self.fail(diagnostic);
            return None;
        }
        if self.checker.is_noting() {
            let shared = self.checker.intern(text);
            let named = Named::Function {
                owner,
                name: shared,
            };
            self.checker.note(name.span, named);
        }
        Some(())
    }

    fn function_of(&mut self, owner: TypeId, name: Name) -> Option<()> {
        let text = self.text(name);
        if self.checker.types.function(owner, text).is_some() {
            return Some(());
        }
        if !self.checker.types.are_declared() {
            let shared = self.checker.intern(text);
            self.checker.types.infer_function(owner, shared, name.span);
            return Some(());
        }
        let actor = self.checker.types.get(owner)?;
        let functions = actor.functions.iter().map(|f| f.name.as_ref());
        let is_property = self.checker.types.property(owner, text).map(|p| p.span);
        let diagnostic = match is_property {
            Some(declared) => type_mismatch::property_called(name.span, text, declared),
            None => unknown_function::unknown_function(
                name.span,
                text,
                &actor.name,
                actor.span,
                functions,
            ),
        };
        self.fail(diagnostic);
        None
    }

    /// The type an actor is written with; `None` for `any`.
    pub(super) fn single_type_as_written(&self, actor: &ActorRef) -> Option<TypeId> {
        match actor {
            ActorRef::Variable(id) => self.written_type(*id),
            ActorRef::Anonymous(_) => self.single_type(actor),
        }
    }

    /// Lets a caller variable that no other atom binds range over the callers.
    fn note_callers(
        &mut self,
        chain: Chain,
        caller: &CallerRef,
        callee: &ActorRef,
        function: Option<&'a str>,
    ) {
        let CallerRef::Actor(ActorRef::Variable(id)) = caller else {
            return;
        };
        let Some(variable) = self.variable_at(chain.root) else {
            return;
        };
        let variable = &self.variables.list[variable];
        if variable.condition_mentions != 1 || variable.caller_mentions != 1 {
            return;
        }
        let Some(types) = self.types_of(*id).cloned() else {
            return;
        };
        let function = function.map(|f| self.checker.intern(f));
        let callee = callee.clone();
        self.bind_callers(
            *id,
            Range::Callers {
                types,
                window_seconds: (self.window_seconds > 0.0).then_some(self.window_seconds),
                callee,
                function,
            },
        );
    }

    /// The variable that an expression mentions at its root.
    fn variable_at(&self, id: ExprId) -> Option<usize> {
        let name = match *self.checker.tree.kind(id) {
            ExprKind::Word(word) => word.name,
            ExprKind::Call { args, .. } => self.variable_in(args)?,
            _ => return None,
        };
        self.variables.find(self.text(name))
    }
}

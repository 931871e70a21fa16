//! Entities: actors, servers and `client`, wherever one may stand.

use plasma_diagnostic::{Span, did_you_mean};
use plasma_syntax::tree::{ExprId, ExprKind, ExprList, Name, Word, WordKind};

use super::RuleChecker;
use super::chain::Chain;
use super::expansion::Meaning;
use super::types::single;
use crate::error::{type_mismatch, unknown_function, unknown_type, wrong_argument};
use crate::names::{Named, VariableKind};
use crate::program::{ActorRef, ServerRef, TypeSet};
use crate::schema::TypeId;

/// Something that stands for an actor, a server or all clients.
#[derive(Clone, Debug)]
pub(super) enum Entity {
    Actor(ActorRef),
    Server(ServerRef),
    Client,
}

impl Entity {
    /// What it is, for people.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Entity::Actor(_) => "an actor",
            Entity::Server(_) => "a server",
            Entity::Client => "all clients together",
        }
    }
}

impl<'a> RuleChecker<'_, 'a> {
    /// The entity that an expression stands for, or `None` if it was reported.
    pub(super) fn entity(&mut self, id: ExprId) -> Option<Entity> {
        let tree = self.checker.tree;
        let chain = Chain::read(tree, id);
        let root = self.root_entity(chain.root)?;
        if chain.len == 0 {
            return Some(root);
        }
        let (entity, used) = self.host(root, chain)?;
        if used == chain.len {
            return Some(entity);
        }
        let span = tree.expr(id).span;
        self.fail(type_mismatch::not_an_entity(span, tree.text(span)));
        None
    }

    /// An actor, where only one may stand. `place` says where, for people.
    pub(super) fn actor(&mut self, id: ExprId, place: &str) -> Option<ActorRef> {
        match self.entity(id)? {
            Entity::Actor(actor) => Some(actor),
            other => {
                let span = self.checker.tree.expr(id).span;
                self.fail(type_mismatch::not_an_actor(span, place, other.noun()));
                None
            }
        }
    }

    /// Follows `.server` behind an actor: the entity, and how many words of the chain it took.
    pub(super) fn host(&mut self, root: Entity, chain: Chain) -> Option<(Entity, usize)> {
        let tree = self.checker.tree;
        let Some(link) = chain.link(tree, 0) else {
            return Some((root, 0));
        };
        let Some(name) = link.name else {
            return self.hole();
        };
        if self.text(name) != "server" || link.args.is_some() {
            return Some((root, 0));
        }
        match root {
            Entity::Actor(actor) => {
                self.checker.note(name.span, Named::Host);
                Some((Entity::Server(ServerRef::HostOf(actor)), 1))
            }
            other => {
                self.fail(type_mismatch::no_host(name.span, other.noun()));
                None
            }
        }
    }

    /// The entity at the root of a chain.
    pub(super) fn root_entity(&mut self, id: ExprId) -> Option<Entity> {
        let expr = self.checker.tree.expr(id);
        match expr.kind {
            ExprKind::Hole => self.hole(),
            ExprKind::Word(word) => self.word(word),
            ExprKind::Call { word, args } => self.typed_variable(word, args, expr.span),
            _ => {
                let text = self.checker.tree.text(expr.span);
                self.fail(type_mismatch::not_an_entity(expr.span, text));
                None
            }
        }
    }

    fn word(&mut self, word: Word) -> Option<Entity> {
        let word = self.checker.meant(word);
        match word.kind {
            WordKind::Any => {
                self.checker.note_any(word.name);
                Some(Entity::Actor(ActorRef::Anonymous(TypeSet::Any)))
            }
            WordKind::Client => {
                self.checker.note(word.name.span, Named::Client);
                Some(Entity::Client)
            }
            WordKind::Upper => {
                let id = self.noted_type(word.name)?;
                Some(Entity::Actor(ActorRef::Anonymous(single(id))))
            }
            WordKind::Server if self.is_in_definition => {
                self.fail(wrong_argument::definition::bare_server(word.name.span));
                None
            }
            WordKind::Server => Some(self.bare_server(word.name.span)),
            WordKind::Lower => self.variable(word.name),
        }
    }

    /// `server` by itself: the host of the rule's first actor variable, or some server.
    fn bare_server(&mut self, span: Span) -> Entity {
        self.bare_servers.push(span);
        let host = self.server_of.and_then(|index| {
            let id = self.variable_id(index)?;
            Some((id, self.variables.list.get(index)?.name))
        });
        let Some((id, name)) = host else {
            self.checker.note(span, Named::Server { host_of: None });
            return Entity::Server(ServerRef::Variable(self.implicit_server(span)));
        };
        if self.checker.is_noting() {
            let host_of = Some(self.checker.intern(name));
            self.checker.note(span, Named::Server { host_of });
        }
        Entity::Server(ServerRef::HostOf(ActorRef::Variable(id)))
    }

    /// `Folder(f)`, `any(a)`, `server(s)`.
    fn typed_variable(&mut self, word: Word, args: ExprList, span: Span) -> Option<Entity> {
        let tree = self.checker.tree;
        let word = self.checker.meant(word);
        match word.kind {
            WordKind::Client => {
                self.fail(type_mismatch::client_variable(span, word.name.span));
                return None;
            }
            WordKind::Lower if self.is_calculation(word) => {
                self.fail(type_mismatch::not_an_entity(span, tree.text(span)));
                return None;
            }
            WordKind::Lower => {
                self.lower_with_arguments(word, span);
                return None;
            }
            WordKind::Any => self.checker.note_any(word.name),
            WordKind::Server => self.checker.note(word.name.span, Named::Host),
            WordKind::Upper => {
                self.noted_type(word.name)?;
            }
        }
        if let Some(name) = self.variable_in(args) {
            return self.variable(name);
        }
        if tree
            .list(args)
            .iter()
            .any(|id| *tree.kind(*id) == ExprKind::Hole)
        {
            return self.hole();
        }
        let kind = self.text(word.name);
        if let Some(name) = self.upper_variable_in(args) {
            self.upper_variable(name, kind);
        } else if let Some(variable) = self.owner_in(args) {
            let inside = tree.list(args).iter().map(|id| tree.expr(*id).span);
            let members = inside
                .map(|s| Span::new(s.file, variable.end, s.end))
                .next();
            let members = members.unwrap_or(variable);
            self.fail(wrong_argument::members_inside(
                (span, kind),
                tree.text(variable),
                (members, tree.text(members)),
            ));
        } else {
            self.fail(wrong_argument::not_one_variable(span, kind));
        }
        None
    }

    /// Reports a word with arguments that is no actor type: a definition in the wrong place, or a slip.
    fn lower_with_arguments(&mut self, word: Word, span: Span) {
        let (place, text) = (word.name.span, self.text(word.name));
        let module = self.checker.module;
        if let Some(found) = self.checker.definitions.find(module, text) {
            // It is used, if wrongly.
            self.checker.definitions.mark_used(found);
            if let Some(definition) = self.checker.definitions.get(found) {
                let report = wrong_argument::definition::no_entity(definition.defined(), span);
                self.fail(report);
            }
            return;
        }
        let names: Vec<&str> = self.checker.types.names().collect();
        let is_type = did_you_mean(text, names.iter().copied()).is_some();
        let report = match self.near_definition(text).filter(|_| !is_type) {
            Some(near) => {
                if let Some(found) = self.checker.definitions.find(module, near) {
                    self.checker.definitions.mark_used(found);
                }
                unknown_function::near_definition(place, text, near)
            }
            None => unknown_type::lower_case(place, text, names),
        };
        self.fail(report);
    }

    /// The variable in `Folder(f.open)`.
    fn owner_in(&self, args: ExprList) -> Option<Span> {
        let tree = self.checker.tree;
        let [argument] = tree.list(args) else {
            return None;
        };
        let chain = Chain::read(tree, *argument);
        let root = tree.expr(chain.root);
        let is_variable = matches!(root.kind, ExprKind::Word(word) if word.kind == WordKind::Lower);
        (is_variable && chain.len > 0).then_some(root.span)
    }

    /// A variable by its name alone.
    pub(super) fn variable(&mut self, name: Name) -> Option<Entity> {
        let text = self.text(name);
        let index = self.variables.find(text)?;
        self.note_variable(name.span, index);
        let variable = &self.variables.list[index];
        let Some(kind) = variable.kind else {
            self.not_introduced(name, index);
            return None;
        };
        let meaning = self.scope.get(index).and_then(Option::as_ref);
        match (kind, meaning) {
            (VariableKind::Server, Some(Meaning::Variable(id))) => {
                Some(Entity::Server(ServerRef::Variable(*id)))
            }
            (VariableKind::Server, Some(Meaning::Server(server))) => {
                Some(Entity::Server(server.clone()))
            }
            (VariableKind::Actor(_) | VariableKind::AnyActor, Some(Meaning::Variable(id))) => {
                Some(Entity::Actor(ActorRef::Variable(*id)))
            }
            (VariableKind::Value(value), _) => {
                let declared = self.variables.list[index].span;
                self.fail(type_mismatch::value_as_entity(
                    name.span,
                    text,
                    value.noun(),
                    declared,
                ));
                None
            }
            // Its type, or its scope, is reported already.
            _ => self.hole(),
        }
    }

    pub(super) fn note_variable(&mut self, span: Span, index: usize) {
        let variable = &self.variables.list[index];
        let named = Named::Variable {
            rule: self.index,
            introduced: variable.origin(),
            kind: variable.kind.unwrap_or(VariableKind::Unknown),
        };
        self.checker.note(span, named);
    }

    /// A type by its name, remembered for editors.
    pub(super) fn noted_type(&mut self, name: Name) -> Option<TypeId> {
        let id = self.resolve_type(name)?;
        if !self.checker.is_noting() {
            return Some(id);
        }
        let named = match self.checker.params.actor_type(self.text(name)) {
            Some((place, _)) => Named::Param(place),
            None => Named::Type(id),
        };
        self.checker.note(name.span, named);
        Some(id)
    }
}

//! Entities: actors, servers and `client`, wherever one may stand.

use plasma_diagnostic::Span;
use plasma_syntax::tree::{ExprId, ExprKind, ExprList, Name, Word, WordKind};

use super::RuleChecker;
use super::chain::Chain;
use super::types::single;
use crate::error::{type_mismatch, unknown_type, wrong_argument};
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
        match word.kind {
            WordKind::Any => {
                self.checker.note(word.name.span, Named::Any);
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
            WordKind::Server => Some(self.bare_server(word.name.span)),
            WordKind::Lower => self.variable(word.name),
        }
    }

    /// `server` by itself: the host of the rule's first actor variable, or some server.
    fn bare_server(&mut self, span: Span) -> Entity {
        self.bare_servers.push(span);
        let host = self.server_of.and_then(|index| {
            let id = self.scope.get(index).copied().flatten()?;
            Some((id, self.variables.list.get(index)?.name))
        });
        let Some((id, name)) = host else {
            self.checker.note(span, Named::Server { host_of: None });
            return Entity::Server(ServerRef::Variable(self.implicit_server(span)));
        };
        let host_of = Some(self.checker.intern(name));
        self.checker.note(span, Named::Server { host_of });
        Entity::Server(ServerRef::HostOf(ActorRef::Variable(id)))
    }

    /// `Folder(f)`, `any(a)`, `server(s)`.
    fn typed_variable(&mut self, word: Word, args: ExprList, span: Span) -> Option<Entity> {
        let tree = self.checker.tree;
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
                let text = self.text(word.name);
                let names = self.checker.types.names();
                self.fail(unknown_type::lower_case(word.name.span, text, names));
                return None;
            }
            WordKind::Any => self.checker.note(word.name.span, Named::Any),
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
            .any(|id| tree.expr(*id).kind == ExprKind::Hole)
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
        let id = self.scope.get(index).copied().flatten();
        match (kind, id) {
            (VariableKind::Server, Some(id)) => Some(Entity::Server(ServerRef::Variable(id))),
            (VariableKind::Actor(_) | VariableKind::AnyActor, Some(id)) => {
                Some(Entity::Actor(ActorRef::Variable(id)))
            }
            // Its type, or its scope, is reported already.
            _ => self.hole(),
        }
    }

    fn note_variable(&mut self, span: Span, index: usize) {
        let variable = &self.variables.list[index];
        let named = Named::Variable {
            rule: self.index,
            introduced: variable.span,
            kind: variable.kind.unwrap_or(VariableKind::Unknown),
        };
        self.checker.note(span, named);
    }

    /// A type by its name, remembered for editors.
    pub(super) fn noted_type(&mut self, name: Name) -> Option<TypeId> {
        let id = self.resolve_type(name)?;
        self.checker.note(name.span, Named::Type(id));
        Some(id)
    }
}

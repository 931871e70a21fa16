//! What variables stand for while a condition is evaluated.

use std::sync::Arc;

use plasma_check::program::{Rule, Scope, VariableId};
use plasma_model::{Actor, ActorId, Binding, Entity, Server, ServerId};

/// A live actor with its identifier.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActorAt<'s> {
    pub(crate) id: &'s ActorId,
    pub(crate) actor: &'s Actor,
}

/// A live server with its identifier.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerAt<'s> {
    pub(crate) id: &'s ServerId,
    pub(crate) server: &'s Server,
}

/// The value of a variable.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound<'s> {
    Actor(ActorAt<'s>),
    Server(ServerAt<'s>),
}

impl Bound<'_> {
    pub(crate) fn entity(&self) -> Entity {
        match self {
            Bound::Actor(at) => Entity::Actor(at.id.clone()),
            Bound::Server(at) => Entity::Server(at.id.clone()),
        }
    }
}

/// The values of the variables of one rule, by [`VariableId`]; not all need to be bound.
#[derive(Clone, Debug)]
pub(crate) struct Assignment<'s>(Vec<Option<Bound<'s>>>);

impl<'s> Assignment<'s> {
    /// Nothing bound, of `variables` variables.
    pub(crate) fn empty(variables: usize) -> Self {
        Assignment(vec![None; variables])
    }

    pub(crate) fn bind(&mut self, variable: VariableId, value: Bound<'s>) {
        if let Some(place) = self.0.get_mut(variable.0 as usize) {
            *place = Some(value);
        }
    }

    pub(crate) fn get(&self, variable: VariableId) -> Option<Bound<'s>> {
        self.0.get(variable.0 as usize).copied().flatten()
    }

    pub(crate) fn actor(&self, variable: VariableId) -> Option<ActorAt<'s>> {
        match self.get(variable) {
            Some(Bound::Actor(at)) => Some(at),
            _ => None,
        }
    }

    pub(crate) fn server(&self, variable: VariableId) -> Option<ServerAt<'s>> {
        match self.get(variable) {
            Some(Bound::Server(at)) => Some(at),
            _ => None,
        }
    }

    /// The part of the assignment that is the rule's binding.
    pub(crate) fn binding(&self, rule: &Rule) -> Binding {
        binding_variables(rule)
            .filter_map(|variable| {
                let name = rule.variables.get(variable.0 as usize)?.name.clone();
                Some((name, self.get(variable)?.entity()))
            })
            .collect::<Vec<(Arc<str>, Entity)>>()
    }
}

/// The variables that make a rule's binding, in text order.
pub(crate) fn binding_variables(rule: &Rule) -> impl Iterator<Item = VariableId> + '_ {
    variables_of_scope(rule, Scope::Rule)
}

/// The server that a bare `server` means in a rule without actor variable, if it has one.
pub(crate) fn implicit_server(rule: &Rule) -> Option<VariableId> {
    variables_of_scope(rule, Scope::ImplicitServer).next()
}

fn variables_of_scope(rule: &Rule, scope: Scope) -> impl Iterator<Item = VariableId> + '_ {
    (0..)
        .map(VariableId)
        .zip(&rule.variables)
        .filter(move |(_, variable)| variable.scope == scope)
        .map(|(id, _)| id)
}

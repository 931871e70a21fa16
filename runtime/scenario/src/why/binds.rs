//! What an actor or a server has to do with a variable, a behavior, a goal, an action.

use plasma_check::program::{ActorRef, BehaviorKind, Range, TypeSet};
use plasma_check::schema::Schema;
use plasma_columns::Columns;
use plasma_model::{ActionBody, ActorId, Entity, Goal, ServerId};

/// Whether a variable of this range may stand for an actor or a server, by its type.
pub(crate) fn may_be(range: &Range, entity: &Entity, schema: &Schema, columns: &Columns) -> bool {
    match (range, entity) {
        (Range::Actors(types) | Range::Callers { types, .. }, Entity::Actor(id)) => {
            is_of(types, id, schema, columns)
        }
        (Range::Servers, Entity::Server(id)) => columns.servers().contains_key(id),
        _ => false,
    }
}

fn is_of(types: &TypeSet, id: &ActorId, schema: &Schema, columns: &Columns) -> bool {
    let Some(actor_type) = columns.type_of(id) else {
        return false;
    };
    match types {
        TypeSet::Any => true,
        TypeSet::Of(ids) => ids.iter().any(|id| {
            let of_type = schema.get(*id);
            of_type.is_some_and(|of_type| *of_type.name == *actor_type)
        }),
    }
}

/// Whether a behavior is about all actors of a type, this one among them.
pub(super) fn is_about_type(
    behavior: &BehaviorKind,
    entity: &Entity,
    schema: &Schema,
    columns: &Columns,
) -> bool {
    let Entity::Actor(id) = entity else {
        return false;
    };
    match behavior {
        BehaviorKind::Balance { types, .. } | BehaviorKind::Spread { types, .. } => {
            is_of(types, id, schema, columns)
        }
        _ => behavior.actors().iter().any(|actor| match actor {
            ActorRef::Anonymous(types) => is_of(types, id, schema, columns),
            ActorRef::Variable(_) => false,
        }),
    }
}

/// Whether a goal names an actor or a server, or is about all actors of its type.
pub(super) fn is_about(goal: &Goal, entity: &Entity, columns: &Columns) -> bool {
    match entity {
        Entity::Actor(id) => is_about_actor(goal, id, columns),
        Entity::Server(id) => is_about_server(goal, id),
    }
}

fn is_about_actor(goal: &Goal, id: &ActorId, columns: &Columns) -> bool {
    match goal {
        Goal::Pin { actor }
        | Goal::Reserve { actor, .. }
        | Goal::Migrate { actor, .. }
        | Goal::Passivate { actor }
        | Goal::Checkpoint { actor } => actor == id,
        Goal::Separate { a, b } | Goal::Colocate { a, b } => a == id || b == id,
        Goal::Balance { types, .. } | Goal::Spread { types, .. } => {
            let actor_type = columns.type_of(id);
            actor_type.is_some_and(|actor_type| types.contains(actor_type))
        }
        Goal::Drain { .. } | Goal::ScaleOut { .. } | Goal::ScaleIn { .. } | Goal::Alert { .. } => {
            false
        }
    }
}

fn is_about_server(goal: &Goal, id: &ServerId) -> bool {
    matches!(goal, Goal::Drain { server: s } | Goal::Migrate { to: s, .. } if s == id)
}

/// Whether an action is about an actor or a server.
pub(super) fn acts_on(action: &ActionBody, entity: &Entity) -> bool {
    match (action, entity) {
        (_, Entity::Actor(id)) => action.actor() == Some(id),
        (ActionBody::Migrate { from, to, .. }, Entity::Server(id)) => from == id || to == id,
        (ActionBody::RemoveServer { server }, Entity::Server(id)) => server == id,
        _ => false,
    }
}

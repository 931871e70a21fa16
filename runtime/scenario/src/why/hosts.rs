//! Whose hosts a rule speaks of: `server`, `f.server`.

use std::collections::BTreeSet;

use plasma_check::program::{
    ActorRef, Atom, AtomKind, BehaviorKind, EntityRef, Feature, Rule, Scope, ServerRef,
    TextOperand, VariableId,
};
use plasma_model::Entity;

/// The actor variables of a rule whose host it names in its condition or a behavior.
pub(super) fn hosts_named(rule: &Rule) -> BTreeSet<VariableId> {
    let mut named = BTreeSet::new();
    let mut add = |server: &ServerRef| {
        if let ServerRef::HostOf(ActorRef::Variable(variable)) = server {
            named.insert(*variable);
        }
    };
    rule.condition
        .for_each_atom(&mut |atom, _| servers_of(atom, &mut add));
    for behavior in &rule.behaviors {
        if let BehaviorKind::Drain(server) | BehaviorKind::Migrate { to: server, .. } =
            &behavior.kind
        {
            add(server);
        }
    }
    named
}

/// Whether a rule may speak of a server as the host of an actor: whose, is not known beforehand.
pub(super) fn may_name(rule: &Rule, entity: &Entity) -> bool {
    matches!(entity, Entity::Server(_)) && !hosts_named(rule).is_empty()
}

/// The variable that a bare `server` is in a rule without actors.
pub(super) fn bare_server(rule: &Rule) -> Option<VariableId> {
    let mut variables = (0..).map(VariableId).zip(&rule.variables);
    let found = variables.find(|(_, variable)| variable.scope == Scope::ImplicitServer);
    found.map(|(id, _)| id)
}

fn servers_of(atom: &Atom, visit: &mut dyn FnMut(&ServerRef)) {
    for operand in atom.operands() {
        operand.for_each_feature(&mut |feature| match feature {
            Feature::ServerResource { server, .. }
            | Feature::Gauge {
                of: EntityRef::Server(server),
                ..
            } => visit(server),
            _ => {}
        });
    }
    match &atom.kind {
        AtomKind::On { server, .. } => visit(server),
        AtomKind::Same { left, right, .. } => {
            for entity in [left, right] {
                if let EntityRef::Server(server) = entity {
                    visit(server);
                }
            }
        }
        AtomKind::CompareText { left, right, .. } => {
            for text in [left, right] {
                if let TextOperand::Label { server, .. } = text {
                    visit(server);
                }
            }
        }
        AtomKind::Compare { .. } | AtomKind::InRef { .. } | AtomKind::Published { .. } => {}
    }
}

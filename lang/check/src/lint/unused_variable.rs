//! `unused-variable`: a variable that its rule mentions once, where the type alone means the same.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};

use super::Source;
use crate::program::{
    ActorRef, Atom, AtomKind, CalculationKind, EntityRef, Feature, Operand, Rule, ServerRef,
    VariableId,
};
use crate::resolve::{Facts, TextVariable as Variable};

/// Reports the variables of a rule that say no more than their type would.
pub(super) fn check(
    rule: &Rule,
    facts: &Facts<'_, '_>,
    source: &Source<'_>,
    found: &mut Vec<Diagnostic>,
) {
    if !facts.variables().iter().any(is_single) {
        return;
    }
    rule.condition.for_each_atom(&mut |atom, is_negated| {
        // Under `not` a bare type means that there is none: something else.
        if is_negated {
            return;
        }
        for_each_replaceable(atom, &mut |id| {
            let Some(variable) = facts.variable(id) else {
                return;
            };
            let is_host = !facts.bare_servers.is_empty()
                && facts.server_of().is_some_and(|v| v.name == variable.name);
            let (true, false, Some(introduced)) =
                (is_single(variable), is_host, variable.introduced)
            else {
                return;
            };
            // `_f` says that it is not used.
            if variable.name.starts_with('_') {
                return;
            }
            let text = source(introduced);
            if let Some((actor_type, _)) = text.split_once('(') {
                found.push(unused_variable(
                    variable.span,
                    variable.name,
                    introduced,
                    actor_type.trim_end(),
                ));
            }
        });
    });
}

/// Whether a rule mentions a variable once, and in its condition.
fn is_single(variable: &Variable<'_>) -> bool {
    variable.condition_mentions == 1 && variable.used_by_behavior.is_none() && !variable.is_argument
}

/// The variables of an atom that stand where a bare type would mean some actor of it. In a call
/// feature a bare type means all its actors together: something else.
fn for_each_replaceable(atom: &Atom, visit: &mut impl FnMut(VariableId)) {
    let mut actor = |actor: &ActorRef| {
        if let ActorRef::Variable(id) = actor {
            visit(*id);
        }
    };
    match &atom.kind {
        AtomKind::Compare { left, right, .. } => {
            for_each_measured_actor(left, &mut actor);
            for_each_measured_actor(right, &mut actor);
        }
        AtomKind::Same { left, right, .. } => {
            for entity in [left, right] {
                match entity {
                    EntityRef::Actor(a) | EntityRef::Server(ServerRef::HostOf(a)) => actor(a),
                    EntityRef::Server(ServerRef::Variable(_)) => {}
                }
            }
        }
        AtomKind::InRef { member, owner, .. } => {
            actor(member);
            actor(owner);
        }
        AtomKind::On { actor: a, server } => {
            actor(a);
            if let ServerRef::HostOf(a) = server {
                actor(a);
            }
        }
        AtomKind::Published { actor: a, .. } => actor(a),
        AtomKind::CompareText { .. } => {}
    }
}

/// The actors of the measured values that a number is made of; those of an aggregate are its own.
fn for_each_measured_actor(operand: &Operand, visit: &mut dyn FnMut(&ActorRef)) {
    match operand {
        Operand::Number(_) => {}
        Operand::Feature(
            Feature::ActorResource { actor, .. }
            | Feature::Published { actor, .. }
            | Feature::Gauge {
                of: EntityRef::Actor(actor),
                ..
            }
            | Feature::ServerResource {
                server: ServerRef::HostOf(actor),
                ..
            },
        ) => visit(actor),
        Operand::Feature(_) => {}
        Operand::Calculation(calculation) => {
            if !matches!(calculation.kind, CalculationKind::OverCluster(_)) {
                calculation
                    .for_each_operand(&mut |operand| for_each_measured_actor(operand, visit));
            }
        }
    }
}

fn unused_variable(span: Span, name: &str, whole: Span, actor_type: &str) -> Diagnostic {
    let message = format!("nothing else mentions `{name}`: `{actor_type}` alone means the same");
    Diagnostic::new(Code::UnusedVariable, span, message).with_fix(Fix::safe(
        format!("replace with `{actor_type}`"),
        whole,
        actor_type,
    ))
}

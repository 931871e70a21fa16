//! `never-released`: a reserve that keeps its server for ever.
//!
//! A reservation counts the load of the actor's own host as true, and makes the actor's share of its
//! server's calls 100 %. A rule that asks about nothing else can therefore not become false again.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};
use plasma_model::{Resource, Statistic};

use crate::program::{
    ActorRef, AtomKind, BehaviorKind, Condition, Feature, Operand, Rule, ServerRef, VariableId,
};

/// Reports every `reserve` that nothing in its rule can release.
pub(super) fn check(rule: &Rule, found: &mut Vec<Diagnostic>) {
    for behavior in &rule.behaviors {
        let BehaviorKind::Reserve {
            actor: ActorRef::Variable(actor),
            resource,
        } = behavior.kind
        else {
            continue;
        };
        let (mut atoms, mut releases) = (None::<Span>, false);
        rule.condition.for_each_atom(&mut |atom, _| {
            atoms = Some(atoms.map_or(atom.span, |span| span.cover(atom.span)));
            releases |= !is_made_true(&atom.kind, actor);
        });
        // A rule without any comparison (`true => reserve(p, cpu);`) means what it says.
        if let (Some(condition), false) = (atoms, releases) {
            found.push(never_released(
                rule,
                behavior.span,
                actor,
                resource,
                condition,
            ));
        }
    }
}

/// Whether the reservation itself keeps this atom true.
fn is_made_true(atom: &AtomKind, reserved: VariableId) -> bool {
    let AtomKind::Compare { left, right, .. } = atom else {
        return false;
    };
    let is_reserved = |actor: &ActorRef| *actor == ActorRef::Variable(reserved);
    [left, right].into_iter().all(|operand| match operand {
        Operand::Number(_) => true,
        Operand::Feature(Feature::ServerResource {
            server: ServerRef::HostOf(actor),
            ..
        }) => is_reserved(actor),
        Operand::Feature(Feature::Calls {
            callee,
            statistic: Statistic::Perc,
            ..
        }) => is_reserved(callee),
        Operand::Feature(_) => false,
    })
}

fn never_released(
    rule: &Rule,
    reserve: Span,
    actor: VariableId,
    resource: Resource,
    condition: Span,
) -> Diagnostic {
    let name = rule.variables.get(actor.0 as usize).map_or("", |v| &v.name);
    let bound = format!("{name}.{resource}.perc > 15");
    let message = format!("nothing releases this reservation: `{name}` keeps its server for ever");
    let diagnostic = Diagnostic::new(Code::NeverReleased, reserve, message)
        .with_label(
            condition,
            format!("holds for ever once `{name}` is alone on a server"),
        )
        .with_help(format!(
            "bound it by what `{name}` itself uses: `and {bound}`"
        ));
    // After an `or`, an `and` would belong to the last side only.
    if matches!(rule.condition, Condition::Or(_)) {
        return diagnostic;
    }
    diagnostic.with_fix(Fix::doubtful(
        format!("add `and {bound}`"),
        condition.after(),
        format!(" and {bound}"),
    ))
}

//! `never-released`: a reserve that keeps its server for ever.
//!
//! A reservation counts the load of the actor's own host as true, and makes the actor's share of its
//! server's calls 100 %. A rule that asks about nothing else can therefore not become false again.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};
use plasma_model::{Resource, Statistic};
use plasma_syntax::tree::Tree;

use crate::program::{
    ActorRef, AtomKind, BehaviorKind, Condition, Feature, Operand, Rule, ServerRef,
};
use crate::resolve::Facts;

/// Reports every `reserve` that nothing in its rule can release.
pub(super) fn check(rule: &Rule, facts: &Facts<'_, '_>, tree: &Tree, found: &mut Vec<Diagnostic>) {
    for behavior in &rule.behaviors {
        let BehaviorKind::Reserve { actor, resource } = &behavior.kind else {
            continue;
        };
        let (mut atoms, mut releases) = (None::<Span>, false);
        rule.condition.for_each_atom(&mut |atom, _| {
            atoms = Some(atoms.map_or(atom.span, |span| span.cover(atom.span)));
            releases |= !is_made_true(&atom.kind, actor);
        });
        if releases {
            continue;
        }
        let name = match actor {
            ActorRef::Variable(id) => rule.variables.get(id.0 as usize).map(|v| &*v.name),
            ActorRef::Anonymous(_) => None,
        };
        found.push(match atoms {
            Some(condition) => never_released(rule, behavior.span, name, *resource, condition),
            None => always_reserved(facts.condition, tree, behavior.span, name, *resource),
        });
    }
}

/// Whether the reservation itself keeps this atom true.
fn is_made_true(atom: &AtomKind, reserved: &ActorRef) -> bool {
    let AtomKind::Compare { left, right, .. } = atom else {
        return false;
    };
    // A bare type is another actor in each of its places.
    let is_reserved =
        |actor: &ActorRef| matches!(actor, ActorRef::Variable(_)) && actor == reserved;
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
        Operand::Feature(_) | Operand::Calculation(_) => false,
    })
}

/// A `reserve` under a condition that asks about nothing, such as `true`.
fn always_reserved(
    condition: Span,
    tree: &Tree,
    reserve: Span,
    name: Option<&str>,
    resource: Resource,
) -> Diagnostic {
    let (who, bound) = match name {
        Some(name) => (
            format!("`{name}` keeps its server"),
            format!("{name}.{resource}.perc > 15"),
        ),
        None => (
            "each of them keeps a server".to_owned(),
            format!("Folder(f).{resource}.perc > 15"),
        ),
    };
    let message = format!("nothing releases this reservation: {who} for ever");
    let text = tree.text(condition);
    Diagnostic::new(Code::NeverReleased, reserve, message)
        .with_label(
            condition,
            format!("`{text}` asks about nothing that could change"),
        )
        .with_help(format!(
            "bound it by what the actor uses, such as `{bound}`"
        ))
}

fn never_released(
    rule: &Rule,
    reserve: Span,
    name: Option<&str>,
    resource: Resource,
    condition: Span,
) -> Diagnostic {
    let name = name.unwrap_or("the actor");
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

//! `never-released`: a reserve that keeps its server for ever.
//!
//! A reservation counts the load of the actor's own host as true, and makes the actor's share of its
//! server's calls 100 %. A rule that asks about nothing else can therefore not become false again.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};
use plasma_model::{Resource, Statistic};

use super::Source;
use super::truth::{Interval, range};
use crate::program::{
    ActorRef, AtomKind, BehaviorKind, CalculationKind, Condition, Feature, Operand, Rule, ServerRef,
};
use crate::resolve::Facts;

/// The share of its server's calls, in percent, that an actor receives once it is alone there.
const SHARE_ALONE: f64 = 100.0;

/// Reports every `reserve` that nothing in its rule can release.
pub(super) fn check(
    rule: &Rule,
    facts: &Facts<'_, '_>,
    source: &Source<'_>,
    found: &mut Vec<Diagnostic>,
) {
    for behavior in &rule.behaviors {
        let BehaviorKind::Reserve { actor, resource } = &behavior.kind else {
            continue;
        };
        let (mut atoms, mut releases) = (None::<Span>, false);
        rule.condition.for_each_atom(&mut |atom, is_negated| {
            if releases {
                return;
            }
            atoms = Some(atoms.map_or(atom.span, |span| span.cover(atom.span)));
            releases = !is_satisfied(&atom.kind, !is_negated, actor);
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
            None => always_reserved(facts.condition, source, behavior.span, name, *resource),
        });
    }
}

/// Whether the reservation itself keeps this atom as it is wanted: it counts what is said about the load
/// of the actor's host as satisfied, and its share of that host's calls is then all of them.
fn is_satisfied(atom: &AtomKind, wanted: bool, reserved: &ActorRef) -> bool {
    let AtomKind::Compare {
        left,
        comparison,
        right,
    } = atom
    else {
        return false;
    };
    // A bare type is another actor in each of its places.
    if !matches!(reserved, ActorRef::Variable(_)) {
        return is_constant(left) && is_constant(right);
    }
    if is_about_load(left, reserved) || is_about_load(right, reserved) {
        return true;
    }
    let mut is_of_shares = true;
    for operand in [left, right] {
        operand.for_each_feature(&mut |feature| is_of_shares &= is_own_share(feature, reserved));
    }
    let all_calls = |_: &Feature| Interval::closed(SHARE_ALONE, SHARE_ALONE);
    let (left, right) = (range(left, &all_calls), range(right, &all_calls));
    is_of_shares && left.compare(*comparison, right) == Some(wanted)
}

fn is_constant(operand: &Operand) -> bool {
    matches!(operand, Operand::Number(_))
}

/// Whether a value is calculated from the load of the reserved actor's host. What an aggregate ranges
/// over is not.
fn is_about_load(operand: &Operand, reserved: &ActorRef) -> bool {
    match operand {
        Operand::Number(_) => false,
        Operand::Feature(feature) => matches!(
            feature,
            Feature::ServerResource { server: ServerRef::HostOf(actor), .. } if actor == reserved
        ),
        Operand::Calculation(calculation) => {
            let mut is_about = false;
            if !matches!(calculation.kind, CalculationKind::OverCluster(_)) {
                calculation.for_each_operand(&mut |operand| {
                    is_about |= is_about_load(operand, reserved);
                });
            }
            is_about
        }
    }
}

fn is_own_share(feature: &Feature, reserved: &ActorRef) -> bool {
    matches!(
        feature,
        Feature::Calls { callee, statistic: Statistic::Perc, .. } if callee == reserved
    )
}

/// A `reserve` under a condition that asks about nothing, such as `true`.
fn always_reserved(
    condition: Span,
    source: &Source<'_>,
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
    let text = source(condition);
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

//! The bounds of `balance`, read off the rule's own comparisons.

use plasma_model::{Bounds, Resource, Statistic};

use crate::program::{
    AtomKind, BehaviorCall, BehaviorKind, CalculationKind, Comparison, Condition, Feature, Operand,
};

/// Gives every `balance` of a rule its bounds.
pub(super) fn fill(condition: &Condition, behaviors: &mut [BehaviorCall]) {
    for behavior in behaviors {
        if let BehaviorKind::Balance {
            resource, bounds, ..
        } = &mut behavior.kind
        {
            collect(condition, *resource, bounds);
        }
    }
}

/// Comparisons of a server's `resource` in `perc` with a constant, now or over a window, not under
/// `not`: the smallest `>` is the upper bound, the largest `<` the lower.
fn collect(condition: &Condition, resource: Resource, bounds: &mut Bounds) {
    match condition {
        Condition::Constant(_) | Condition::Not(_) => {}
        Condition::Sustained { condition, .. } => collect(condition, resource, bounds),
        Condition::And(parts) => parts
            .iter()
            .for_each(|part| collect(part, resource, bounds)),
        Condition::Or(sides) => {
            sides
                .iter()
                .for_each(|side| collect(&side.condition, resource, bounds));
        }
        Condition::Atom(atom) => {
            if let Some((comparison, value)) = server_load(&atom.kind, resource) {
                narrow(comparison, value, bounds);
            }
        }
    }
}

/// The comparison, read with the server's load on its left.
pub(crate) fn server_load(atom: &AtomKind, resource: Resource) -> Option<(Comparison, f64)> {
    let (load, comparison, value) = atom.against_number()?;
    let feature = match load {
        Operand::Feature(feature) => feature,
        Operand::Calculation(calculation) => match &calculation.kind {
            CalculationKind::OverWindow(windowed) if windowed.function.keeps_range() => {
                &windowed.feature
            }
            _ => return None,
        },
        Operand::Number(_) => return None,
    };
    let is_load = matches!(
        feature,
        Feature::ServerResource { resource: of, statistic: Statistic::Perc, .. } if *of == resource
    );
    is_load.then_some((comparison, value))
}

fn narrow(comparison: Comparison, value: f64, bounds: &mut Bounds) {
    match comparison {
        Comparison::Greater | Comparison::GreaterOrEqual => {
            bounds.upper = Some(bounds.upper.map_or(value, |upper| upper.min(value)));
        }
        Comparison::Less | Comparison::LessOrEqual => {
            bounds.lower = Some(bounds.lower.map_or(value, |lower| lower.max(value)));
        }
        Comparison::Equal | Comparison::NotEqual => {}
    }
}

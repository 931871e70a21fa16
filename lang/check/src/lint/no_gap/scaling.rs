//! `no-gap` between rules: servers are added above a bound and removed below one that is not lower, so that
//! they come and go.

use plasma_diagnostic::{Code, Diagnostic, Span};
use plasma_model::{Aggregate, Resource, Statistic};

use crate::program::{
    Atom, BehaviorKind, CalculationKind, Comparison, Condition, Feature, Operand, Range, Rule,
    ServerRef,
};

/// A load of servers that a rule compares with a constant; windows do not matter.
#[derive(Clone, Copy, PartialEq)]
struct Load {
    resource: Resource,
    statistic: Statistic,
    /// What is made of all servers; `None` for that of one.
    of_all: Option<Aggregate>,
}

/// One comparison of a load, by a rule that scales.
struct Bound {
    load: Load,
    /// Whether the rule wants the load above the value.
    is_above: bool,
    value: f64,
    /// Whether the rule fires whenever it holds.
    is_alone: bool,
    span: Span,
}

/// Reports each `scale_in` that is asked for on loads at which a `scale_out` is asked for, too, or right
/// below them.
pub(super) fn check(rules: &[Rule], found: &mut Vec<Diagnostic>) {
    let scales_out = |kind: &BehaviorKind| matches!(kind, BehaviorKind::ScaleOut(_));
    let scales_in = |kind: &BehaviorKind| matches!(kind, BehaviorKind::ScaleIn(_));
    let outs: Vec<Bound> = bounds(rules, scales_out)
        .map(|(_, bound)| bound)
        .filter(|bound| bound.is_above)
        .collect();
    for (scale_in, lower) in bounds(rules, scales_in) {
        let upper = outs
            .iter()
            .filter(|upper| !lower.is_above && upper.load == lower.load)
            // What else two rules ask for may exclude each other.
            .filter(|upper| upper.is_alone || lower.is_alone)
            .min_by(|a, b| a.value.total_cmp(&b.value));
        if let Some(upper) = upper.filter(|upper| lower.value >= upper.value) {
            found.push(no_gap(scale_in, &lower, upper));
        }
    }
}

/// The comparisons of the rules with such a behavior, each with the place of the behavior.
fn bounds(
    rules: &[Rule],
    is_meant: impl Fn(&BehaviorKind) -> bool,
) -> impl Iterator<Item = (Span, Bound)> {
    rules.iter().flat_map(move |rule| {
        let mut behaviors = rule.behaviors.iter();
        let behavior = behaviors.find(|behavior| is_meant(&behavior.kind));
        let mut bounds = Vec::new();
        if let Some(behavior) = behavior {
            let mut found = Vec::new();
            collect(rule, &rule.condition, true, &mut found);
            bounds.extend(found.into_iter().map(|bound| (behavior.span, bound)));
        }
        bounds
    })
}

/// The comparisons in a condition that are not under `not`. `is_alone` says whether the rule fires
/// whenever the condition holds.
fn collect(rule: &Rule, condition: &Condition, is_alone: bool, found: &mut Vec<Bound>) {
    match condition {
        Condition::Constant(_) | Condition::Not(_) => {}
        Condition::Sustained { condition, .. } => collect(rule, condition, is_alone, found),
        Condition::And(parts) => parts
            .iter()
            .for_each(|part| collect(rule, part, false, found)),
        Condition::Or(sides) => sides
            .iter()
            .for_each(|side| collect(rule, &side.condition, is_alone, found)),
        Condition::Atom(atom) => found.extend(bound(rule, atom, is_alone)),
    }
}

fn bound(rule: &Rule, atom: &Atom, is_alone: bool) -> Option<Bound> {
    let (load, comparison, value) = atom.kind.against_number()?;
    let is_above = match comparison {
        Comparison::Greater | Comparison::GreaterOrEqual => true,
        Comparison::Less | Comparison::LessOrEqual => false,
        Comparison::Equal | Comparison::NotEqual => return None,
    };
    Some(Bound {
        load: self::load(rule, load)?,
        is_above,
        value,
        is_alone,
        span: atom.span,
    })
}

/// The load that an operand is.
fn load(rule: &Rule, operand: &Operand) -> Option<Load> {
    let feature = match operand {
        Operand::Number(_) => return None,
        Operand::Feature(feature) => feature,
        Operand::Calculation(calculation) => match &calculation.kind {
            CalculationKind::OverWindow(windowed) if windowed.function.keeps_range() => {
                &windowed.feature
            }
            CalculationKind::OverCluster(aggregation) => {
                let of_one = load(rule, aggregation.value.as_ref()?)?;
                // Over all servers, and nothing else.
                let [variable] = aggregation.variables.as_slice() else {
                    return None;
                };
                let range = &rule.variables.get(variable.0 as usize)?.range;
                let is_whole = matches!(aggregation.filter.condition, Condition::Constant(true));
                let is_of_all = of_one.of_all.is_none() && is_whole && *range == Range::Servers;
                return is_of_all.then_some(Load {
                    of_all: Some(aggregation.function),
                    ..of_one
                });
            }
            _ => return None,
        },
    };
    match feature {
        Feature::ServerResource {
            server: ServerRef::Variable(_),
            resource,
            statistic,
        } => Some(Load {
            resource: *resource,
            statistic: *statistic,
            of_all: None,
        }),
        _ => None,
    }
}

fn no_gap(scale_in: Span, lower: &Bound, upper: &Bound) -> Diagnostic {
    let unit = match lower.load.statistic {
        Statistic::Perc => " %",
        _ => "",
    };
    let message = format!(
        "the bounds of scaling leave no gap: servers are added above {}{unit} and removed below \
         {}{unit}",
        upper.value, lower.value
    );
    Diagnostic::new(Code::NoGap, scale_in, message)
        .with_label(lower.span, "removed below this")
        .with_label(upper.span, "added above this")
        .with_help(
            "leave room between them: what one server less adds to the load of the others must not \
             reach the upper bound",
        )
}

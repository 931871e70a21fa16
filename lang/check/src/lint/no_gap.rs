//! `no-gap`: a balance whose bounds leave no room between them, so that actors move to and fro; and rules
//! that add and remove servers without room between them.

mod scaling;

use plasma_diagnostic::{Code, Diagnostic, Span};
use plasma_model::Resource;

use crate::program::{Atom, BehaviorKind, Comparison, Rule};
use crate::resolve::server_load;

/// Reports every `balance` of a rule whose lower bound is not below the upper one.
pub(super) fn check(rule: &Rule, found: &mut Vec<Diagnostic>) {
    for behavior in &rule.behaviors {
        let BehaviorKind::Balance {
            resource, bounds, ..
        } = &behavior.kind
        else {
            continue;
        };
        let (Some(upper), Some(lower)) = (bounds.upper, bounds.lower) else {
            continue;
        };
        if lower < upper {
            continue;
        }
        let upper_span = place(rule, *resource, upper, Side::Upper);
        let lower_span = place(rule, *resource, lower, Side::Lower);
        found.push(no_gap(
            behavior.span,
            (upper, upper_span),
            (lower, lower_span),
        ));
    }
}

/// Reports the rules that remove servers on loads at which others add some.
pub(crate) fn check_scaling(rules: &[Rule], found: &mut Vec<Diagnostic>) {
    scaling::check(rules, found);
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Upper,
    Lower,
}

/// The comparison that a bound was read off.
fn place(rule: &Rule, resource: Resource, bound: f64, side: Side) -> Option<Span> {
    let mut place = None;
    rule.condition.for_each_atom(&mut |atom: &Atom, _| {
        let Some((comparison, value)) = server_load(&atom.kind, resource) else {
            return;
        };
        let this = match comparison {
            Comparison::Greater | Comparison::GreaterOrEqual => Side::Upper,
            _ => Side::Lower,
        };
        if this == side && value == bound {
            place.get_or_insert(atom.span);
        }
    });
    place
}

fn no_gap(
    balance: Span,
    (upper, upper_span): (f64, Option<Span>),
    (lower, lower_span): (f64, Option<Span>),
) -> Diagnostic {
    let message = format!(
        "the bounds of this `balance` leave no gap: servers above {upper} % give, those below \
         {lower} % take"
    );
    let mut diagnostic = Diagnostic::new(Code::NoGap, balance, message)
        .with_help("leave some room between them, such as 10 points, or actors move to and fro");
    if let Some(span) = upper_span {
        diagnostic = diagnostic.with_label(span, "the upper bound");
    }
    if let Some(span) = lower_span {
        diagnostic = diagnostic.with_label(span, "the lower bound");
    }
    diagnostic
}

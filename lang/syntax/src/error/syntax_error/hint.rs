//! Hints for what people write who know another language, or forget a part: one function a trap.

mod actor;
mod behavior;
mod cluster;
mod definition;
mod number;
mod operand;
mod rule;
mod word;

use plasma_diagnostic::{Diagnostic, Fix};

use super::Place;
use crate::expected::Expected;

/// Adds to a diagnostic what it knows, or gives it back as it was.
type Hint = fn(&Place<'_>, &Expected) -> Option<Advice>;

/// What a hint adds.
struct Advice {
    help: String,
    fix: Option<Fix>,
}

/// All hints; the first that applies is taken.
const HINTS: &[&[Hint]] = &[
    cluster::OF_TESTS,
    definition::HINTS,
    number::HINTS,
    word::HINTS,
    rule::HINTS,
    actor::HINTS,
    behavior::HINTS,
    operand::HINTS,
    cluster::HINTS,
];

/// Adds the first hint that applies.
pub(crate) fn add(diagnostic: Diagnostic, place: &Place<'_>, expected: &Expected) -> Diagnostic {
    let advice = HINTS
        .iter()
        .copied()
        .flatten()
        .find_map(|hint| hint(place, expected));
    let Some(Advice { help, fix }) = advice else {
        return diagnostic;
    };
    let mut diagnostic = diagnostic;
    let is_missing_sign = !diagnostic.primary_label.is_empty();
    if let (true, Some(found)) = (is_missing_sign, place.found()) {
        // More than a sign is missing: the mistake is what stands there.
        diagnostic.primary = place.span(found);
        diagnostic.primary_label.clear();
    }
    Diagnostic {
        help: Some(help),
        fixes: fix.into_iter().collect(),
        ..diagnostic
    }
}

fn advice(help: impl Into<String>) -> Option<Advice> {
    Some(Advice {
        help: help.into(),
        fix: None,
    })
}

fn replacement(help: impl Into<String>, fix: Fix) -> Option<Advice> {
    Some(Advice {
        help: help.into(),
        fix: Some(fix),
    })
}

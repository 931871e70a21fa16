//! The errors of checking, one file a kind. A function here takes the places and names of one
//! mistake and builds its whole diagnostic: message, labels, help and fixes.

pub(crate) mod duplicate_name;
pub(crate) mod import_cycle;
pub(crate) mod out_of_range;
pub(crate) mod recursion;
pub(crate) mod type_mismatch;
pub(crate) mod unbound_in_or;
pub(crate) mod unit_mismatch;
pub(crate) mod unknown_function;
pub(crate) mod unknown_module;
pub(crate) mod unknown_param;
pub(crate) mod unknown_property;
pub(crate) mod unknown_type;
pub(crate) mod unknown_variable;
pub(crate) mod wrong_allow;
pub(crate) mod wrong_argument;
pub(crate) mod wrong_test;

use plasma_diagnostic::{Diagnostic, Fix, Span, did_you_mean};

/// Most names that a note lists.
const LISTED_MAX: usize = 4;

/// Offers the candidate that was probably meant; without one, says what there is under `available`.
fn suggest<'a>(
    diagnostic: Diagnostic,
    span: Span,
    word: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
    available: &str,
) -> Diagnostic {
    let candidates = candidates.into_iter();
    match did_you_mean(word, candidates.clone()) {
        Some(name) => diagnostic
            .with_help(format!("did you mean `{name}`?"))
            .with_fix(Fix::safe(format!("replace with `{name}`"), span, name)),
        None => match listed(candidates) {
            Some(names) => diagnostic.with_note(format!("{available}: {names}")),
            None => diagnostic,
        },
    }
}

/// `` `a`, `b`, `c` ``, if there are any and they are few enough to be of use.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<String> = names
        .take(LISTED_MAX + 1)
        .map(|name| format!("`{name}`"))
        .collect();
    (1..=LISTED_MAX)
        .contains(&names.len())
        .then(|| names.join(", "))
}

/// Adds a second place, unless it is one that no text shows: a schema made without source.
fn label_declared(diagnostic: Diagnostic, span: Span, message: String) -> Diagnostic {
    if span.is_empty() {
        diagnostic
    } else {
        diagnostic.with_label(span, message)
    }
}

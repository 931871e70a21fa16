//! `unbound-in-or`: a variable that a behavior uses and not every side of an `or` binds.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// `name` is used at `used` by a behavior and bound at `bound`, but not by the side `side_without`
/// of the `or`.
pub(crate) fn unbound_in_or(used: Span, name: &str, bound: Span, side_without: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UnboundInOr,
        used,
        format!("`{name}` is not bound on every side of the `or`"),
    )
    .with_primary_label("which actor, if only the other side holds?")
    .with_label(bound, format!("one side binds `{name}`"))
    .with_label(side_without, "this side does not")
    .with_help(format!(
        "mention `{name}` on every side, or write one rule for each side"
    ))
}

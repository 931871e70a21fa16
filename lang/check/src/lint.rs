//! The lints, one file a kind: what is allowed but probably not meant.

pub(crate) mod allow;
mod always_true;
mod ambiguous_server;
mod colocation_chain;
mod cross_product;
mod empty_policy;
mod expired_allow;
pub(crate) mod file;
mod never_released;
mod never_true;
pub(crate) mod no_gap;
pub(crate) mod ratio_slip;
pub(crate) mod rule;
pub(crate) mod shadowed_rule;
mod stray_doc;
mod truth;
pub(crate) mod unused_definition;
pub(crate) mod unused_param;
mod unused_variable;

/// The text under a span of any file of the program.
type Source<'s> = dyn Fn(plasma_diagnostic::Span) -> &'s str + 's;

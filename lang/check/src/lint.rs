//! The lints, one file a kind: what is allowed but probably not meant.

pub(crate) mod allow;
mod always_true;
mod ambiguous_server;
mod colocation_chain;
pub(crate) mod conflict;
mod cross_product;
mod empty_policy;
mod expired_allow;
pub(crate) mod file;
pub(crate) mod matching;
mod never_released;
mod never_true;
pub(crate) mod no_gap;
pub(crate) mod ratio_slip;
pub(crate) mod renamed;
pub(crate) mod rule;
pub(crate) mod shadowed_rule;
mod stray_doc;
pub(crate) mod truth;
pub(crate) mod unused_definition;
pub(crate) mod unused_param;
mod unused_variable;

/// The text under a span of any file of the program.
type Source<'s> = dyn Fn(plasma_diagnostic::Span) -> &'s str + 's;

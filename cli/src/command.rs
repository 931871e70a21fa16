//! The commands, one file each.

pub(crate) mod apps;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod dap;
pub(crate) mod diff;
pub(crate) mod doc;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod lsp;
pub(crate) mod man;
pub(crate) mod plan;
pub(crate) mod repl;
pub(crate) mod replay;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod test;
pub(crate) mod why;

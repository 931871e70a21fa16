//! The documents that commands print for programs, in their fixed forms.

pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod diff;
pub(crate) mod github;
pub(crate) mod junit;
pub(crate) mod replay;
pub(crate) mod sarif;
pub(crate) mod test;
pub(crate) mod test_junit;
pub(crate) mod why;

//! The baseline of `plasma check`: the lints that were there when it was written.

use serde::{Deserialize, Serialize};

/// The version that is written and read.
pub(crate) const VERSION: u32 = 1;

/// The whole document.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BaselineDocument {
    /// [`VERSION`].
    pub(crate) version: u32,
    /// The lints, in order.
    pub(crate) lints: Vec<KnownLint>,
}

/// Lints of one kind on lines of one text: they stay known wherever the line moves to.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownLint {
    /// The policy, from the baseline's folder.
    pub(crate) file: String,
    /// The kind's number.
    pub(crate) code: String,
    /// The kind's name, for whoever reads the file.
    pub(crate) name: String,
    /// The line's text.
    pub(crate) line: String,
    /// How many.
    pub(crate) count: usize,
}

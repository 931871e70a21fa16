//! The diagnostics of reading a text, one file a code: E0001, E0002, E0003, and E0303 of
//! what has no place in the tree.

pub(crate) mod bad_token;
pub(crate) mod syntax_error;
pub(crate) mod too_large;
pub(crate) mod wrong_argument;
pub(crate) mod wrong_message;

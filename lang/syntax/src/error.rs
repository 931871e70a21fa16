//! The diagnostics of reading a text, one file a code: E0001, E0002, E0003.

pub(crate) mod bad_token;
pub(crate) mod syntax_error;
pub(crate) mod too_large;

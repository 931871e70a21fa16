//! The JSON documents that commands print, in their fixed forms.

pub(crate) mod check;

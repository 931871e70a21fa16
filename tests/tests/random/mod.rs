//! Random policies and clusters of folders and files, for what must hold of all of them.

pub(crate) mod cluster;
pub(crate) mod policy;

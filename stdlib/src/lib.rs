//! The policies that ship with Plasma, embedded in the binary as `std.NAME`.
//!
//! A policy is a file of this folder: it can be read, copied and run from there as well. Its tests
//! stand in it, and reach every rule, condition, threshold and behavior of it.

/// A policy of the library.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Its name after `std.`.
    pub name: &'static str,
    /// Its text.
    pub source: &'static str,
}

macro_rules! policies {
    ($($name:literal),* $(,)?) => {
        &[$(Policy {
            name: $name,
            source: include_str!(concat!("../", $name, ".plasma")),
        }),*]
    };
}

/// Every policy of the library, by name.
pub const POLICIES: &[Policy] = policies![
    "balance",
    "cache",
    "drain",
    "hotspot",
    "locality",
    "metadata",
    "passivate",
    "replica",
    "scale",
    "spread",
];

/// The policy called `name` (without `std.`).
pub fn policy(name: &str) -> Option<&'static Policy> {
    POLICIES.iter().find(|policy| policy.name == name)
}

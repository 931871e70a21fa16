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

/// Every policy of the library, by name.
pub const POLICIES: &[Policy] = &[
    Policy {
        name: "balance",
        source: include_str!("../balance.plasma"),
    },
    Policy {
        name: "cache",
        source: include_str!("../cache.plasma"),
    },
    Policy {
        name: "drain",
        source: include_str!("../drain.plasma"),
    },
    Policy {
        name: "hotspot",
        source: include_str!("../hotspot.plasma"),
    },
    Policy {
        name: "locality",
        source: include_str!("../locality.plasma"),
    },
    Policy {
        name: "metadata",
        source: include_str!("../metadata.plasma"),
    },
    Policy {
        name: "passivate",
        source: include_str!("../passivate.plasma"),
    },
    Policy {
        name: "replica",
        source: include_str!("../replica.plasma"),
    },
    Policy {
        name: "scale",
        source: include_str!("../scale.plasma"),
    },
    Policy {
        name: "spread",
        source: include_str!("../spread.plasma"),
    },
];

/// The policy called `name` (without `std.`).
pub fn policy(name: &str) -> Option<&'static Policy> {
    POLICIES.iter().find(|policy| policy.name == name)
}

//! The checkers: what must be true of every run, each in the file of its property.

mod accounts;
mod determinism;
mod history;
mod one_activation;
mod quiet;
mod routing;

use std::fmt;

pub use accounts::accounts_close;
pub use determinism::same_twice;
pub use history::{Entry, History, Operation, Outcome};
pub use one_activation::{Activations, overlaps};
pub use quiet::quiet;
pub use routing::routes_converge;

/// What must be true of every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// One activation for each actor and epoch ever, and never two at once (I1).
    OneActivation,
    /// No acknowledged call is lost, and none takes effect that was said not to have run (I3).
    NothingLost,
    /// No call takes effect twice (I4).
    NothingTwice,
    /// The calls of one caller to one actor take effect in their order (I5).
    InOrder,
    /// Each actor's calls take effect at one moment between their begin and their end (I6).
    Linearizable,
    /// What goes over arrives as it left (I7).
    Fidelity,
    /// All buffers empty themselves: nothing waits for ever (I8, I9).
    Quiet,
    /// After quiet time every route is the directory's (I10).
    Routing,
    /// The same seed gives the same run (I23).
    Determinism,
    /// Every call ends by its deadline (I24).
    CallsEnd,
    /// What was sent was handled, refused, dropped or timed out (I26).
    Accounts,
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Property::OneActivation => "I1, one activation",
            Property::NothingLost => "I3, nothing lost",
            Property::NothingTwice => "I4, nothing twice",
            Property::InOrder => "I5, in order",
            Property::Linearizable => "I6, linearizable",
            Property::Fidelity => "I7, fidelity",
            Property::Quiet => "I9, comes to rest",
            Property::Routing => "I10, routes converge",
            Property::Determinism => "I23, determinism",
            Property::CallsEnd => "I24, every call ends",
            Property::Accounts => "I26, accounts close",
        })
    }
}

/// A property that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub property: Property,
    /// What was seen instead.
    pub what: String,
}

impl Violation {
    /// `what` was seen, which must not be.
    #[must_use]
    pub fn new(property: Property, what: impl Into<String>) -> Self {
        Violation {
            property,
            what: what.into(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.property, self.what)
    }
}

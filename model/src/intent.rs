//! What rules ask for: intents, and the bindings that caused them.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::{ActorId, Behavior, REQUIREMENT_PRIORITY, Resource, ServerId};

/// What a variable stands for in one binding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// An actor.
    Actor(ActorId),
    /// A server.
    Server(ServerId),
}

impl fmt::Display for Entity {
    /// As in plan documents: actors by id, servers as `server:ID`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entity::Actor(id) => f.pad(id.as_str()),
            Entity::Server(id) => f.pad(&format!("server:{id}")),
        }
    }
}

/// The values of a rule's variables, in the order in which the rule's text introduces them.
pub type Binding = Vec<(Arc<str>, Entity)>;

/// Why an intent exists: a rule that fired, with its binding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// Place of the rule in the program, from 0; rules are compared by it.
    pub rule_index: usize,
    /// Name of the rule; `#N` (from 1) for an unnamed one.
    pub rule: Arc<str>,
    /// Variables local to one side of an `or` are not in it.
    pub binding: Binding,
}

/// The actor types that a balance may move.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TypeSet {
    /// `{any}`.
    Any,
    /// These types.
    Of(BTreeSet<Arc<str>>),
}

impl TypeSet {
    /// Whether an actor of this type belongs to it.
    pub fn contains(&self, actor_type: &str) -> bool {
        match self {
            TypeSet::Any => true,
            TypeSet::Of(types) => types.contains(actor_type),
        }
    }
}

impl fmt::Display for TypeSet {
    /// In braces, as in the language.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TypeSet::Any => f.pad("{any}"),
            TypeSet::Of(types) => {
                let names: Vec<&str> = types.iter().map(AsRef::as_ref).collect();
                f.pad(&format!("{{{}}}", names.join(", ")))
            }
        }
    }
}

/// Between which loads a balance leaves a server alone, in percent of its capacity.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// A server above it gives. `None` with a `lower`: no server gives for being loaded.
    pub upper: Option<f64>,
    /// A server below it takes. `None` with an `upper`: no server takes for being idle.
    pub lower: Option<f64>,
}

/// What is asked for, with the arguments in canonical order, so that equal goals compare equal.
#[derive(Clone, Debug, PartialEq)]
pub enum Goal {
    /// The actor does not move.
    Pin {
        /// Which actor.
        actor: ActorId,
    },
    /// The actor gets a server of its own.
    Reserve {
        /// Which actor.
        actor: ActorId,
        /// The resource that its server must have enough of.
        resource: Resource,
    },
    /// The two actors live on different servers; `a < b`.
    Separate {
        /// The lesser actor.
        a: ActorId,
        /// The greater actor.
        b: ActorId,
    },
    /// The two actors live on the same server; `a < b`.
    Colocate {
        /// The lesser actor.
        a: ActorId,
        /// The greater actor.
        b: ActorId,
    },
    /// The server is emptied.
    Drain {
        /// Which server.
        server: ServerId,
    },
    /// The actor lives on the server.
    Migrate {
        /// Which actor.
        actor: ActorId,
        /// Which server.
        to: ServerId,
    },
    /// Servers are added.
    ScaleOut {
        /// How many, at least 1.
        count: u32,
    },
    /// Servers are emptied and removed.
    ScaleIn {
        /// How many, at least 1.
        count: u32,
    },
    /// Actors of these types are spread evenly.
    Spread {
        /// Which actors.
        types: TypeSet,
        /// Over the values of this label; over servers without one.
        by: Option<Arc<str>>,
    },
    /// Load is evened out.
    Balance {
        /// The actors that may move.
        types: TypeSet,
        /// What is evened out.
        resource: Resource,
        /// Both `None`: the mean ± 10 points.
        bounds: Bounds,
    },
    /// An actor leaves memory until it is called.
    Passivate {
        /// Which actor.
        actor: ActorId,
    },
    /// An actor's state is stored.
    Checkpoint {
        /// Which actor.
        actor: ActorId,
    },
    /// Somebody is told.
    Alert {
        /// What, with the values of the moment.
        text: Arc<str>,
    },
}

impl Goal {
    /// The behavior asked for.
    pub fn behavior(&self) -> Behavior {
        match self {
            Goal::Pin { .. } => Behavior::Pin,
            Goal::Drain { .. } => Behavior::Drain,
            Goal::Migrate { .. } => Behavior::Migrate,
            Goal::Reserve { .. } => Behavior::Reserve,
            Goal::Separate { .. } => Behavior::Separate,
            Goal::Colocate { .. } => Behavior::Colocate,
            Goal::ScaleOut { .. } => Behavior::ScaleOut,
            Goal::ScaleIn { .. } => Behavior::ScaleIn,
            Goal::Spread { .. } => Behavior::Spread,
            Goal::Balance { .. } => Behavior::Balance,
            Goal::Passivate { .. } => Behavior::Passivate,
            Goal::Checkpoint { .. } => Behavior::Checkpoint,
            Goal::Alert { .. } => Behavior::Alert,
        }
    }
}

impl fmt::Display for Goal {
    /// In the language's own form: `reserve(fo1, cpu)`, `balance({Partition}, cpu)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Goal::Pin { actor } => write!(f, "pin({actor})"),
            Goal::Drain { server } => write!(f, "drain({server})"),
            Goal::Migrate { actor, to } => write!(f, "migrate({actor}, {to})"),
            Goal::Reserve { actor, resource } => write!(f, "reserve({actor}, {resource})"),
            Goal::Separate { a, b } => write!(f, "separate({a}, {b})"),
            Goal::Colocate { a, b } => write!(f, "colocate({a}, {b})"),
            Goal::ScaleOut { count } => write!(f, "scale_out({count})"),
            Goal::ScaleIn { count } => write!(f, "scale_in({count})"),
            Goal::Spread { types, by: None } => write!(f, "spread({types})"),
            Goal::Spread {
                types,
                by: Some(label),
            } => write!(f, "spread({types}, by {label:?})"),
            Goal::Balance {
                types, resource, ..
            } => write!(f, "balance({types}, {resource})"),
            Goal::Passivate { actor } => write!(f, "passivate({actor})"),
            Goal::Checkpoint { actor } => write!(f, "checkpoint({actor})"),
            Goal::Alert { text } => write!(f, "alert({text:?})"),
        }
    }
}

/// A goal with every reason for it. Equal goals of a period are one intent.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// What is asked for.
    pub goal: Goal,
    /// The highest priority of the rules that ask for it.
    pub priority: i64,
    /// Every cause, in order of rule and binding; never empty.
    pub causes: Vec<Cause>,
}

impl Intent {
    /// Whether a requirement asks for it: then nothing may violate it.
    pub fn is_required(&self) -> bool {
        self.priority == REQUIREMENT_PRIORITY
    }
}

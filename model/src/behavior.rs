//! The BEHAVIORS table: what a rule can ask for, with its parameters, rank and documentation.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a rule asks for when it fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behavior {
    /// An actor does not move.
    Pin,
    /// A server is emptied.
    Drain,
    /// An actor gets a server of its own.
    Reserve,
    /// Two actors live on different servers.
    Separate,
    /// Two actors live on the same server.
    Colocate,
    /// An actor lives on a given server.
    Migrate,
    /// Servers are added.
    ScaleOut,
    /// Servers are emptied and removed.
    ScaleIn,
    /// Actors are spread evenly over servers, or over the values of a label.
    Spread,
    /// Load is evened out between servers.
    Balance,
    /// An actor leaves memory until it is called.
    Passivate,
    /// An actor's state is stored.
    Checkpoint,
    /// Somebody is told.
    Alert,
}

/// What a behavior expects at one place of its argument list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// One actor: a variable, `Type(v)`, or a bare type for each actor of it.
    Actor,
    /// A set of actor types in braces: `{Folder, File}`.
    Types,
    /// `cpu`, `mem` or `net`.
    Resource,
    /// The name of a label behind `by`, in quotes: `by "zone"`. It may be left out.
    Label,
    /// One server: `server(s)`, a variable, or the host of an actor.
    Server,
    /// A number of servers: a whole number, or a parameter that holds one.
    Count,
    /// A text in quotes, with expressions in braces.
    Message,
}

/// One row of [`BEHAVIORS`].
#[derive(Clone, Copy, Debug)]
pub struct BehaviorRow {
    /// Which behavior.
    pub behavior: Behavior,
    /// The word in the language.
    pub name: &'static str,
    /// Its parameters, each with the name shown in signatures.
    pub parameters: &'static [(&'static str, Parameter)],
    /// Place in arbitration at equal priority: lower ranks are served first.
    pub rank: u8,
    /// What it does, in a few sentences for hover and the reference.
    pub doc: &'static str,
}

/// Every behavior of the language, in the order in which arbitration serves them.
pub const BEHAVIORS: &[BehaviorRow] = &[
    BehaviorRow {
        behavior: Behavior::Pin,
        name: "pin",
        parameters: &[("actor", Parameter::Actor)],
        rank: 0,
        doc: "The actor does not move.",
    },
    BehaviorRow {
        behavior: Behavior::Drain,
        name: "drain",
        parameters: &[("server", Parameter::Server)],
        rank: 1,
        doc: "The server is emptied by ordinary moves and receives nothing, as long as the rule fires. \
              Pinned actors stay, and what fits nowhere else.",
    },
    BehaviorRow {
        behavior: Behavior::Reserve,
        name: "reserve",
        parameters: &[
            ("actor", Parameter::Actor),
            ("resource", Parameter::Resource),
        ],
        rank: 2,
        doc: "The actor lives on a server that holds no other actor than those colocated with it, \
              and that has enough of the resource free for it. The reservation is kept until the \
              rest of the rule's condition has been false for three periods.",
    },
    BehaviorRow {
        behavior: Behavior::Separate,
        name: "separate",
        parameters: &[("a", Parameter::Actor), ("b", Parameter::Actor)],
        rank: 3,
        doc: "The two actors live on different servers.",
    },
    BehaviorRow {
        behavior: Behavior::Colocate,
        name: "colocate",
        parameters: &[("a", Parameter::Actor), ("b", Parameter::Actor)],
        rank: 4,
        doc: "The two actors live on the same server. Colocated actors form a group that moves \
              whole, to the pinned member if there is one.",
    },
    BehaviorRow {
        behavior: Behavior::Migrate,
        name: "migrate",
        parameters: &[("actor", Parameter::Actor), ("server", Parameter::Server)],
        rank: 5,
        doc: "The actor lives on the server, as long as the rule fires. Those colocated with it go along.",
    },
    BehaviorRow {
        behavior: Behavior::ScaleOut,
        name: "scale_out",
        parameters: &[("count", Parameter::Count)],
        rank: 6,
        doc: "So many servers are added, inside `limit servers`. Of several the greatest number counts, and \
              servers that were ordered shortly before count as there.",
    },
    BehaviorRow {
        behavior: Behavior::ScaleIn,
        name: "scale_in",
        parameters: &[("count", Parameter::Count)],
        rank: 7,
        doc: "So many servers are emptied by ordinary moves and removed, inside `limit servers`: those that \
              need the least state moved. Of several the greatest number counts; a `scale_out` beats it.",
    },
    BehaviorRow {
        behavior: Behavior::Spread,
        name: "spread",
        parameters: &[("types", Parameter::Types), ("label", Parameter::Label)],
        rank: 8,
        doc: "Actors of these types live on as many servers as possible, equally many on each. With \
              `by \"zone\"`: equally many for each value of that label. Colocated actors stay together.",
    },
    BehaviorRow {
        behavior: Behavior::Balance,
        name: "balance",
        parameters: &[
            ("types", Parameter::Types),
            ("resource", Parameter::Resource),
        ],
        rank: 9,
        doc: "Evens out the resource over the servers by moving actors of these types. The rule's \
              own comparisons of a server's resource with a constant are the bounds: a server \
              above the upper one gives, one below the lower one takes, between them nothing \
              moves. Without bounds: the mean ± 10 points.",
    },
    BehaviorRow {
        behavior: Behavior::Passivate,
        name: "passivate",
        parameters: &[("actor", Parameter::Actor)],
        rank: 10,
        doc: "The actor's state is stored and leaves memory until somebody calls it. Ordered once, when \
              the rule begins to fire for it.",
    },
    BehaviorRow {
        behavior: Behavior::Checkpoint,
        name: "checkpoint",
        parameters: &[("actor", Parameter::Actor)],
        rank: 11,
        doc: "The actor's state is stored, and the actor goes on. Ordered once, when the rule begins to \
              fire for it.",
    },
    BehaviorRow {
        behavior: Behavior::Alert,
        name: "alert",
        parameters: &[("text", Parameter::Message)],
        rank: 12,
        doc: "People are told: the text, with the value of each expression in braces, such as \
              `\"{f} is at {f.cpu.perc}\"`. It moves nothing. Told once, when the rule begins to fire.",
    },
];

impl Parameter {
    /// Whether the argument may be left out.
    pub fn is_optional(self) -> bool {
        self == Parameter::Label
    }
}

impl BehaviorRow {
    /// How many arguments it has at least.
    pub fn arguments_min(&self) -> usize {
        let needed = self.parameters.iter().filter(|(_, p)| !p.is_optional());
        needed.count()
    }

    /// How it is written: `reserve(actor, resource)`.
    pub fn signature(&self) -> String {
        let parameters = self
            .parameters
            .iter()
            .map(|(name, parameter)| match parameter {
                Parameter::Types => format!("{{{name}}}"),
                Parameter::Label => format!("by \"{name}\""),
                Parameter::Message => format!("\"{name}\""),
                Parameter::Actor | Parameter::Server | Parameter::Resource | Parameter::Count => {
                    (*name).to_owned()
                }
            });
        let parameters: Vec<String> = parameters.collect();
        format!("{}({})", self.name, parameters.join(", "))
    }
}

/// The row of the behavior called `name`.
#[inline]
pub fn behavior_row(name: &str) -> Option<&'static BehaviorRow> {
    BEHAVIORS.iter().find(|row| row.name == name)
}

impl Behavior {
    /// The behavior's row in [`BEHAVIORS`].
    pub fn row(self) -> &'static BehaviorRow {
        // The table is written in the order of the enumeration (tested).
        &BEHAVIORS[self as usize]
    }

    /// The word that stands for the behavior in the language.
    pub fn name(self) -> &'static str {
        self.row().name
    }
}

impl fmt::Display for Behavior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_in_the_order_of_the_enumeration_and_of_arbitration() {
        for (place, row) in BEHAVIORS.iter().enumerate() {
            assert_eq!(row.behavior as usize, place, "{}", row.name);
        }
        assert!(BEHAVIORS.is_sorted_by_key(|row| row.rank));
    }
}

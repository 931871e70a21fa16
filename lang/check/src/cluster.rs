//! What cluster literals say: statements of specification pages and test blocks, checked against a
//! schema, as changes to a cluster.
//!
//! The order of the statements does not matter, and naming a thing again changes only the fields
//! given. What is left out is unknown, as it is at an engine's first report.

mod actor;
mod calls;
mod figure;
mod series;
mod server;
pub mod text;

use std::collections::{BTreeMap, BTreeSet};

use plasma_diagnostic::{Code, Diagnostic, did_you_mean};
use plasma_model::{
    ActorId, ActorUpdate, Field as Update, LatencyRecord, ServerId, ServerUpdate, Value,
};
use plasma_syntax::cluster::{ClusterTree, Field, FieldValue, Statement};
use plasma_syntax::tree::Name;

use crate::schema::Schema;

/// What some statements change.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// What changes when they are said, and so many periods later, by the entries of series. Not empty
    /// once something is said.
    pub periods: Vec<Changes>,
}

/// What changes at one time.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Servers.
    pub servers: BTreeMap<ServerId, ServerChange>,
    /// Actors.
    pub actors: BTreeMap<ActorId, ActorChange>,
    /// Calls of each period from then on.
    pub calls: BTreeMap<CallsKey, CallsChange>,
}

/// What changes of a server.
#[derive(Clone, Debug)]
pub struct ServerChange {
    /// Its figures; no labels.
    pub update: ServerUpdate,
    /// All its labels from then on, if they are given.
    pub labels: Option<BTreeMap<String, String>>,
}

/// What changes of an actor.
#[derive(Clone, Debug)]
pub struct ActorChange {
    /// Its type, host and figures; no references and no published values.
    pub update: ActorUpdate,
    /// References by property.
    pub refs: BTreeMap<String, Vec<ActorId>>,
    /// Published values by property; `None` where one is not known any more.
    pub values: BTreeMap<String, Option<Value>>,
}

/// Caller (an id or `client`), callee and function.
pub type CallsKey = (String, ActorId, String);

/// What changes of the calls of a period; what is left out stays.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CallsChange {
    /// How many.
    pub count: Option<f64>,
    /// Their bytes.
    pub size: Option<f64>,
    /// How long they took.
    pub latency: Option<LatencyRecord>,
}

/// What statements have introduced so far.
#[derive(Clone, Debug, Default)]
pub struct Introduced {
    /// Servers.
    pub servers: BTreeSet<String>,
    /// Actors, each with its type.
    pub actors: BTreeMap<String, String>,
}

impl Introduced {
    /// Whether a name is one of a server, or of one that scaling may add: `new1`.
    pub(crate) fn is_server(&self, name: &str) -> bool {
        let is_added = name
            .strip_prefix("new")
            .is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()));
        is_added || self.servers.contains(name)
    }

    /// Adds what the statements introduce, wherever they stand.
    pub fn add(&mut self, tree: &ClusterTree) {
        for statement in tree.statements() {
            match statement {
                Statement::Server(server) => {
                    let name = server.name.map(|name| tree.name(name).to_owned());
                    self.servers.extend(name);
                }
                Statement::Actor(actor) => {
                    if let Some(name) = actor.name {
                        let actor_type = tree.name(actor.type_name);
                        let entry = self.actors.entry(tree.name(name).to_owned());
                        entry.or_insert_with(|| actor_type.to_owned());
                    }
                }
                Statement::Calls(_) => {}
            }
        }
    }
}

/// Reads statements. Types, properties and functions are checked against a declared schema; an
/// inferred one knows only what the policy mentions, and is not asked. `introduced` are all names that
/// there are, `hosted` the actors whose host is known already.
pub fn read(
    tree: &ClusterTree,
    schema: &Schema,
    introduced: &Introduced,
    hosted: &BTreeSet<String>,
) -> (Said, Vec<Diagnostic>) {
    let mut reader = Reader {
        tree,
        schema: schema.declared.then_some(schema),
        introduced,
        hosted,
        said: Said::default(),
        diagnostics: Vec::new(),
    };
    for statement in tree.statements() {
        match statement {
            Statement::Server(server) => reader.server(server),
            Statement::Actor(actor) => reader.actor(actor),
            Statement::Calls(calls) => reader.calls(calls),
        }
    }
    (reader.said, reader.diagnostics)
}

/// What the statements of one literal amount to.
struct Reader<'t> {
    tree: &'t ClusterTree,
    schema: Option<&'t Schema>,
    introduced: &'t Introduced,
    hosted: &'t BTreeSet<String>,
    said: Said,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// What changes so many periods later.
    fn changes(&mut self, periods: usize) -> &mut Changes {
        let said = &mut self.said.periods;
        if said.len() <= periods {
            said.resize_with(periods + 1, Changes::default);
        }
        &mut said[periods]
    }

    /// A field as it is in each period: one of its own for each entry of a series.
    fn field_by_period(&mut self, field: &Field) -> Vec<Field> {
        let FieldValue::Series(entries) = &field.value else {
            return vec![field.clone()];
        };
        let values = self.series(entries, field.value_span);
        let with = |value| Field {
            value,
            ..field.clone()
        };
        values.into_iter().map(with).collect()
    }

    /// Reports a name that nothing introduces; whether it is known.
    fn is_known(&mut self, name: Name, kind: NameKind) -> bool {
        let text = self.tree.name(name);
        let is_known = match kind {
            NameKind::Server => self.introduced.servers.contains(text),
            NameKind::Actor => self.introduced.actors.contains_key(text),
        };
        if is_known {
            return true;
        }
        let (names, what): (Vec<&str>, _) = match kind {
            NameKind::Server => {
                let servers = self.introduced.servers.iter();
                (servers.map(String::as_str).collect(), "server")
            }
            NameKind::Actor => {
                let actors = self.introduced.actors.keys();
                (actors.map(String::as_str).collect(), "actor")
            }
        };
        let message = format!("unknown {what} `{text}`");
        let similar = did_you_mean(text, names);
        let help = match similar {
            Some(similar) => format!("did you mean `{similar}`?"),
            None => match kind {
                NameKind::Server => format!("introduce it: `server {text} {{ cpu: 50% }}`"),
                NameKind::Actor => {
                    format!("introduce it with its type and host: `Type {text} on s1`")
                }
            },
        };
        let unknown = Diagnostic::new(Code::UnknownVariable, name.span, message);
        self.report(unknown.with_help(help));
        false
    }
}

/// What a name in a literal stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NameKind {
    Server,
    Actor,
}

/// Changes a part of a field, which is thereby known.
fn edit<T: Default, R>(field: &mut Update<T>, change: impl FnOnce(&mut T) -> R) {
    let mut value = match std::mem::take(field) {
        Update::Known(value) => value,
        Update::Keep | Update::Unknown => T::default(),
    };
    change(&mut value);
    *field = Update::Known(value);
}

/// An error that lists what would have been right.
fn unknown_of<'n>(
    code: Code,
    name: Name,
    text: &str,
    message: String,
    right: impl Iterator<Item = &'n str> + Clone,
) -> Diagnostic {
    let help = match did_you_mean(text, right.clone()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => {
            let right: Vec<String> = right.map(|name| format!("`{name}`")).collect();
            match right.is_empty() {
                true => "there is none".to_owned(),
                false => format!("there are {}", right.join(", ")),
            }
        }
    };
    Diagnostic::new(code, name.span, message).with_help(help)
}

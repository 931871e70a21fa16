//! Clusters told by literals: what specification pages and test blocks say about a cluster becomes
//! the events in which an engine would tell it.
//!
//! The order of the statements does not matter, and naming a thing again changes only the fields
//! given. What is left out is unknown, as it is at an engine's first report.

mod actor;
mod calls;
mod figure;
mod moves;
mod server;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use plasma_check::schema::Schema;
use plasma_diagnostic::{Code, Diagnostic, did_you_mean};
use plasma_manager::{Window, WindowError};
use plasma_model::{
    ActorId, ActorUpdate, CallsRecord, Decision, Event, Field as Update, ServerId, ServerUpdate,
    Snapshot,
};
use plasma_syntax::cluster::{ClusterTree, Statement};
use plasma_syntax::tree::Name;

/// A cluster told by literals, period after period: what one leaves out stays as it was.
#[derive(Clone, Debug)]
pub struct LiteralCluster {
    period_seconds: f64,
    periods: u32,
    window: Window,
    known: Known,
    /// The calls of a period hold on until they are named again.
    calls: BTreeMap<CallsKey, CallsRecord>,
}

/// Why a literal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LiteralError {
    /// Mistakes in its text.
    #[error("{} mistakes, the first: {}", .0.len(), .0.first().map_or("", |d| &d.message))]
    Text(Vec<Diagnostic>),
    /// What it says contradicts itself.
    #[error(transparent)]
    Cluster(#[from] WindowError),
}

/// Caller, callee and function.
type CallsKey = (String, ActorId, String);

/// What statements have introduced.
#[derive(Clone, Debug, Default)]
struct Known {
    servers: BTreeSet<String>,
    /// Each actor with its type.
    actors: BTreeMap<String, String>,
}

impl LiteralCluster {
    /// A cluster of nothing, observed every `period_seconds`.
    pub fn new(period_seconds: f64) -> Self {
        LiteralCluster {
            period_seconds,
            periods: 0,
            window: Window::new(Some(period_seconds)),
            known: Known::default(),
            calls: BTreeMap::new(),
        }
    }

    /// Takes over what a literal says. Types, properties and functions are checked against a
    /// declared schema; an inferred one knows only what the policy mentions, and is not asked.
    ///
    /// # Errors
    /// All mistakes in the text, or the first contradiction; the cluster is then of no more use.
    pub fn say(&mut self, tree: &ClusterTree, schema: &Schema) -> Result<(), LiteralError> {
        let mut reader = Reader::new(tree, schema, self);
        for statement in tree.statements() {
            match statement {
                Statement::Server(server) => reader.server(server),
                Statement::Actor(actor) => reader.actor(actor),
                Statement::Calls(calls) => reader.calls(calls),
            }
        }
        let Reader {
            servers,
            actors,
            calls,
            diagnostics,
            known,
            ..
        } = reader;
        if !diagnostics.is_empty() {
            return Err(LiteralError::Text(diagnostics));
        }
        (self.known, self.calls) = (known, calls);
        let servers = servers.into_values().map(Event::Server);
        for event in servers.chain(actors.into_values().map(Event::Actor)) {
            self.window.push(event)?;
        }
        Ok(())
    }

    /// Ends a period: the cluster as it is observed.
    ///
    /// # Errors
    /// A contradiction in what was said.
    pub fn observe(&mut self) -> Result<Snapshot, LiteralError> {
        for calls in self.calls.values().cloned() {
            self.window.push(Event::Calls(calls))?;
        }
        self.periods += 1;
        let tick = Event::Tick {
            t: f64::from(self.periods) * self.period_seconds,
            window: None,
        };
        let snapshot = self.window.push(tick)?;
        Ok(snapshot.cloned().unwrap_or_default())
    }

    /// Carries a decision out at once; a moved actor takes its load along.
    ///
    /// # Errors
    /// None, for a decision on the snapshot observed last.
    pub fn carry_out(&mut self, decision: &Decision) -> Result<(), LiteralError> {
        for event in moves::as_events(decision, self.window.snapshot()) {
            self.window.push(event)?;
        }
        Ok(())
    }
}

/// What the statements of one literal amount to.
struct Reader<'t> {
    tree: &'t ClusterTree,
    schema: Option<&'t Schema>,
    /// Introduced here, wherever it stands, or earlier.
    known: Known,
    /// Introduced earlier.
    known_before: BTreeSet<String>,
    servers: BTreeMap<ServerId, ServerUpdate>,
    actors: BTreeMap<ActorId, ActorUpdate>,
    calls: BTreeMap<CallsKey, CallsRecord>,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    fn new(tree: &'t ClusterTree, schema: &'t Schema, cluster: &LiteralCluster) -> Self {
        let mut known = cluster.known.clone();
        for statement in tree.statements() {
            match statement {
                Statement::Server(server) => {
                    known
                        .servers
                        .extend(server.name.map(|name| tree.name(name).to_owned()));
                }
                Statement::Actor(actor) => {
                    if let Some(name) = actor.name {
                        let actor_type = tree.name(actor.type_name);
                        let entry = known.actors.entry(tree.name(name).to_owned());
                        entry.or_insert_with(|| actor_type.to_owned());
                    }
                }
                Statement::Calls(_) => {}
            }
        }
        Reader {
            tree,
            schema: schema.declared.then_some(schema),
            known,
            known_before: cluster.known.actors.keys().cloned().collect(),
            servers: BTreeMap::new(),
            actors: BTreeMap::new(),
            calls: cluster.calls.clone(),
            diagnostics: Vec::new(),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a name that nothing introduces; whether it is known.
    fn is_known(&mut self, name: Name, kind: NameKind) -> bool {
        let text = self.tree.name(name);
        let (names, what): (Vec<&str>, _) = match kind {
            NameKind::Server => (
                self.known.servers.iter().map(String::as_str).collect(),
                "server",
            ),
            NameKind::Actor => (
                self.known.actors.keys().map(String::as_str).collect(),
                "actor",
            ),
        };
        if names.contains(&text) {
            return true;
        }
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

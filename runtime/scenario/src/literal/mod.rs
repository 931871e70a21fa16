//! Clusters told by literals: what specification pages and test blocks say about a cluster becomes
//! the events in which an engine would tell it.

mod moves;
mod short;
#[cfg(test)]
mod tests;
mod written;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use plasma_check::cluster::{ActorChange, CallsKey, Changes, Introduced, Said, ServerChange, read};
use plasma_check::schema::Schema;
use plasma_columns::Columns;
use plasma_diagnostic::Diagnostic;
use plasma_manager::{Window, WindowError};
use plasma_model::{ActorId, CallsRecord, Decision, Event, Field as Update, ServerId, Value};
use plasma_syntax::cluster::ClusterTree;

pub use written::test_block;

/// A cluster told by literals, period after period: what one leaves out stays as it was.
#[derive(Clone, Debug)]
pub struct LiteralCluster {
    period_seconds: f64,
    periods: u32,
    window: Window,
    introduced: Introduced,
    labels: BTreeMap<ServerId, BTreeMap<String, String>>,
    properties: BTreeMap<ActorId, Properties>,
    /// The calls of a period hold on until they are named again.
    calls: BTreeMap<CallsKey, CallsRecord>,
    /// What series change in the periods to come, the next one first.
    to_come: VecDeque<Changes>,
    /// Whether something was said of the present period.
    has_begun: bool,
    /// Whether nobody has moved before the first period.
    is_seen_from_beginning: bool,
}

/// What an actor refers to and publishes.
#[derive(Clone, Debug, Default)]
struct Properties {
    refs: BTreeMap<String, Vec<ActorId>>,
    values: BTreeMap<String, Value>,
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

impl LiteralCluster {
    /// A cluster of nothing, observed every `period_seconds`.
    pub fn new(period_seconds: f64) -> Self {
        LiteralCluster {
            period_seconds,
            periods: 0,
            window: Window::new(Some(period_seconds)),
            introduced: Introduced::default(),
            labels: BTreeMap::new(),
            properties: BTreeMap::new(),
            calls: BTreeMap::new(),
            to_come: VecDeque::new(),
            has_begun: true,
            is_seen_from_beginning: false,
        }
    }

    /// A cluster of a test: nobody has moved before its first period.
    pub fn from_beginning(period_seconds: f64) -> Self {
        LiteralCluster {
            is_seen_from_beginning: true,
            ..LiteralCluster::new(period_seconds)
        }
    }

    /// Takes over what a literal says. Types, properties and functions are checked against a
    /// declared schema; an inferred one knows only what the policy mentions, and is not asked.
    ///
    /// # Errors
    /// All mistakes in the text, or the first contradiction; the cluster is then of no more use.
    pub fn say(&mut self, tree: &ClusterTree, schema: &Schema) -> Result<(), LiteralError> {
        let hosted: BTreeSet<String> = self.introduced.actors.keys().cloned().collect();
        self.introduced.add(tree);
        let (said, diagnostics) = read(tree, schema, &self.introduced, &hosted);
        if !diagnostics.is_empty() {
            return Err(LiteralError::Text(diagnostics));
        }
        self.take(&said)
    }

    /// Takes over what was said: its first changes now, the others one a period.
    ///
    /// # Errors
    /// The first contradiction; the cluster is then of no more use.
    pub fn take(&mut self, said: &Said) -> Result<(), LiteralError> {
        self.begin_period()?;
        let mut periods = said.periods.iter();
        if let Some(first) = periods.next() {
            self.change(first)?;
        }
        for (place, changes) in periods.enumerate() {
            if self.to_come.len() <= place {
                self.to_come.push_back(Changes::default());
            }
            if let Some(known) = self.to_come.get_mut(place) {
                // What is said later replaces what was said before of the same thing.
                known.servers.extend(changes.servers.clone());
                known.actors.extend(changes.actors.clone());
                known.calls.extend(changes.calls.clone());
            }
        }
        Ok(())
    }

    fn change(&mut self, changes: &Changes) -> Result<(), LiteralError> {
        for change in changes.servers.values() {
            let event = self.server(change);
            self.window.push(&event)?;
        }
        for change in changes.actors.values() {
            let event = self.actor(change);
            self.window.push(&event)?;
        }
        for (key, change) in &changes.calls {
            let (from, to, function) = key.clone();
            let record = self.calls.entry(key.clone()).or_insert(CallsRecord {
                from,
                to,
                function,
                count: 0.0,
                size: None,
                latency: None,
            });
            record.count = change.count.unwrap_or(record.count);
            record.size = change.size.or(record.size);
            record.latency = change.latency.or(record.latency);
        }
        Ok(())
    }

    fn server(&mut self, change: &ServerChange) -> Event {
        let mut update = change.update.clone();
        if let Some(labels) = &change.labels {
            self.labels.insert(update.id.clone(), labels.clone());
            update.labels = Update::Known(labels.clone());
        }
        Event::Server(update)
    }

    fn actor(&mut self, change: &ActorChange) -> Event {
        let mut update = change.update.clone();
        let is_new = !self.properties.contains_key(&update.id);
        let known = self.properties.entry(update.id.clone()).or_default();
        known.refs.extend(change.refs.clone());
        for (property, value) in &change.values {
            match value {
                Some(value) => known.values.insert(property.clone(), value.clone()),
                None => known.values.remove(property),
            };
        }
        if !change.refs.is_empty() {
            update.refs = Update::Known(known.refs.clone());
        }
        if !change.values.is_empty() {
            update.values = Update::Known(known.values.clone());
        }
        if is_new && self.is_seen_from_beginning && update.moves == Update::Keep {
            update.moves = Update::Known(0);
        }
        Event::Actor(update)
    }

    /// Ends a period: the cluster as it is observed.
    ///
    /// # Errors
    /// A contradiction in what was said.
    pub fn observe(&mut self) -> Result<&Columns, LiteralError> {
        self.begin_period()?;
        for calls in self.calls.values().cloned() {
            self.window.push(&Event::Calls(calls))?;
        }
        self.periods += 1;
        let tick = Event::Tick {
            t: f64::from(self.periods) * self.period_seconds,
            window: None,
        };
        self.has_begun = false;
        self.window.push(&tick)?;
        Ok(self.window.columns())
    }

    /// Series go on, before anything else is said of the period.
    fn begin_period(&mut self) -> Result<(), LiteralError> {
        if std::mem::replace(&mut self.has_begun, true) {
            return Ok(());
        }
        match self.to_come.pop_front() {
            Some(next) => self.change(&next),
            None => Ok(()),
        }
    }

    /// The cluster as it is at present.
    pub(crate) fn present(&self) -> &Columns {
        self.window.columns()
    }

    /// Carries a decision out at once; a moved actor takes its load along.
    ///
    /// # Errors
    /// None, for a decision on the snapshot observed last.
    pub fn carry_out(&mut self, decision: &Decision) -> Result<(), LiteralError> {
        for event in moves::as_events(decision, &self.window.columns().snapshot()) {
            self.window.push(&event)?;
        }
        self.window.show_servers();
        Ok(())
    }
}

//! A moment as a `test` block: what the language can say of a cluster, and in remarks what it cannot.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::short::shortened;
use plasma_check::cluster::text::{calls_line, fields, is_repetition, quoted, usage_field};
use plasma_check::schema::{ActorType, PropertyKind, Schema, ValueType};
use plasma_eval::figure;
use plasma_model::{
    Actor, ActorId, Caller, Calls, PERIOD_SECONDS_DEFAULT, PerResource, Resource, Server, ServerId,
    Snapshot, Usage, Value,
};

/// Words that mean something where a name of a test may stand.
const TAKEN_WORDS: [&str; 22] = [
    "rule",
    "param",
    "def",
    "use",
    "limit",
    "actor",
    "true",
    "false",
    "and",
    "or",
    "not",
    "in",
    "client",
    "server",
    "any",
    "expect",
    "eventually",
    "never",
    "always",
    "at",
    "on",
    "test",
];

/// Fields of actors that are no properties.
const ACTOR_FIELDS: [&str; 7] = ["cpu", "mem", "net", "mailbox", "moves", "idle", "age"];

/// A cluster as a test that expects nothing yet. Ids that are no names are given names; what cannot be
/// said stands in a remark where it would be said. Figures have six digits, or as many more as keep them off
/// thresholds. `schema` tells the units of published values.
pub fn test_block(name: &str, snapshot: &Snapshot, schema: Option<&Schema>) -> String {
    let snapshot = &shortened(snapshot);
    let block = Block {
        snapshot,
        schema,
        names: Names::of(snapshot),
    };
    block.text(name)
}

struct Block<'s> {
    snapshot: &'s Snapshot,
    schema: Option<&'s Schema>,
    names: Names<'s>,
}

/// A line, and what it cannot say.
#[derive(Default)]
struct Line {
    text: String,
    remarks: Vec<String>,
}

impl Block<'_> {
    fn text(&self, name: &str) -> String {
        let period = match self.snapshot.period_seconds {
            PERIOD_SECONDS_DEFAULT => String::new(),
            seconds => format!(" [period {seconds}s]"),
        };
        let mut text = format!("test {}{period} {{\n", quoted(name));
        let servers = self
            .snapshot
            .servers
            .iter()
            .map(|(id, server)| self.server(id, server));
        let actors = self
            .snapshot
            .actors
            .iter()
            .map(|(id, actor)| self.actor(id, actor));
        let calls = self.snapshot.calls.iter().map(|calls| self.calls(calls));
        for line in servers.chain(actors).chain(calls) {
            write_line(&mut text, &line);
        }
        text.push_str("  // add what must hold: `expect no actions;`\n}");
        text
    }

    fn server(&self, id: &ServerId, server: &Server) -> Line {
        let name = self.names.server(id);
        let mut line = Line::default();
        line.is_called(name, id.as_str());
        let mut told = usage_fields(&server.usage, &mut line);
        if let Some(cores) = server.usage[Resource::Cpu].capacity {
            told.push(format!("cores: {cores}"));
        }
        for resource in [Resource::Mem, Resource::Net] {
            if let Some(capacity) = server.usage[resource].capacity {
                line.remark(format!("{resource} of {}", amount(resource, capacity)));
            }
        }
        let mut labels = Vec::new();
        for (label, text) in &server.labels {
            match is_word(label) && is_plain(text) {
                true => labels.push(format!("{label}: {}", quoted(text))),
                false => line.remark(format!("label {label:?}: {text:?}")),
            }
        }
        if !labels.is_empty() {
            told.push(format!("labels: {{{}}}", labels.join(", ")));
        }
        for (is_so, what) in [
            (server.contended, "its host is overcommitted"),
            (server.draining, "it is being emptied"),
            (server.stale, "it missed the window"),
        ] {
            if is_so {
                line.remark(what.to_owned());
            }
        }
        line.text = format!("server {name}{}", fields(&told));
        line
    }

    fn actor(&self, id: &ActorId, actor: &Actor) -> Line {
        let mut line = Line::default();
        let name = self.names.actor(id).unwrap_or(id.as_str());
        line.is_called(name, id.as_str());
        let host = self.names.server(&actor.server);
        let of_type = self
            .schema
            .and_then(|schema| schema.find(&actor.actor_type));
        let of_type = of_type.map(|(_, of_type)| of_type);
        let mut told = usage_fields(&actor.usage, &mut line);
        let gauges = [
            ("mailbox", actor.mailbox.map(|count| count as f64), ""),
            ("idle", actor.idle_seconds, "s"),
            ("age", actor.age_seconds, "s"),
            ("moves", actor.moves.map(|count| count as f64), ""),
        ];
        for (gauge, value, unit) in gauges {
            told.extend(value.map(|value| format!("{gauge}: {value}{unit}")));
        }
        // Of an actor that a test introduces it is known that it has not moved.
        if actor.moves.is_none() {
            told.push("moves: _".to_owned());
        }
        for (property, refs) in &actor.refs {
            told.extend(self.references(property, refs, &mut line));
        }
        for (property, value) in &actor.values {
            told.extend(published(property, value, of_type, &mut line));
        }
        let text = format!("{} {name} on {host}{}", actor.actor_type, fields(&told));
        match self.names.actor(id) {
            Some(_) => line.text = text,
            None => line.remark(format!("{text}, whose type the language has no name for")),
        }
        line
    }

    fn references(&self, property: &str, refs: &[ActorId], line: &mut Line) -> Option<String> {
        let (known, gone): (Vec<_>, Vec<_>) =
            refs.iter().partition(|id| self.names.actor(id).is_some());
        let names: Vec<&str> = known.iter().filter_map(|id| self.names.actor(id)).collect();
        if !is_property(property) {
            let ids: Vec<&str> = refs.iter().map(ActorId::as_str).collect();
            line.remark(format!("{property:?}: [{}]", ids.join(", ")));
            return None;
        }
        if !gone.is_empty() {
            let ids: Vec<&str> = gone.iter().map(|id| id.as_str()).collect();
            line.remark(format!("{property}: {} too, not alive", ids.join(", ")));
        }
        Some(format!("{property}: [{}]", names.join(", ")))
    }

    fn calls(&self, calls: &Calls) -> Line {
        let mut line = Line::default();
        let from = match &calls.from {
            Caller::Client => Some("client"),
            Caller::Actor { id, .. } => self.names.actor(id),
        };
        let to = self.names.actor(&calls.to);
        let latency = &calls.latency;
        // A latency stands behind a size.
        let mean = latency.mean_seconds.filter(|_| calls.size.is_some());
        let (Some(from), Some(to), true) = (from, to, is_word(&calls.function)) else {
            let from = match &calls.from {
                Caller::Client => "client",
                Caller::Actor { id, .. } => id.as_str(),
            };
            let to = calls.to.as_str();
            line.remark(calls_line(
                (from, to, &calls.function),
                calls.count,
                calls.size,
                mean,
            ));
            return line;
        };
        line.text = calls_line((from, to, &calls.function), calls.count, calls.size, mean);
        let unsaid = [
            ("mean", latency.mean_seconds.filter(|_| mean.is_none())),
            ("p50", latency.p50_seconds),
            ("p99", latency.p99_seconds),
        ];
        for (what, seconds) in unsaid {
            if let Some(seconds) = seconds {
                line.remark(format!("{what} {}", figure(seconds, "s")));
            }
        }
        line
    }
}

impl Line {
    fn remark(&mut self, remark: String) {
        self.remarks.push(remark);
    }

    /// Tells the id of something that has another name in the test.
    fn is_called(&mut self, name: &str, id: &str) {
        if name != id {
            self.remark(format!("it is {id:?}"));
        }
    }
}

fn write_line(text: &mut String, line: &Line) {
    // Writing to a text does not fail. A remark ends with its line, whatever is in it.
    let remarks = line.remarks.join("; ").replace(['\n', '\r'], " ");
    let _ = match (line.text.is_empty(), remarks.is_empty()) {
        (true, true) => Ok(()),
        (false, true) => writeln!(text, "  {}", line.text),
        (true, false) => writeln!(text, "  // {remarks}"),
        (false, false) => writeln!(text, "  {}  // {remarks}", line.text),
    };
}

/// The use of each resource: its share, or its amount. What both say that do not follow from each other
/// is told in a remark.
fn usage_fields(usage: &PerResource<Usage>, line: &mut Line) -> Vec<String> {
    let mut told = Vec::new();
    for (resource, usage) in usage.iter() {
        match usage_field(resource, usage.perc, usage.size) {
            Some(field) => told.push(field),
            None => {
                if let Some(size) = usage.size {
                    line.remark(format!("{resource}: {}", amount(resource, size)));
                } else if usage.reported {
                    told.push(format!("{resource}: _"));
                }
                continue;
            }
        }
        if let (Some(_), Some(size), true) = (usage.perc, usage.size, resource != Resource::Cpu) {
            line.remark(format!("{resource}: {}", amount(resource, size)));
        }
    }
    told
}

fn amount(resource: Resource, amount: f64) -> String {
    let unit = match resource {
        Resource::Cpu => "cores",
        Resource::Mem => "B",
        Resource::Net => "B/s",
    };
    figure(amount, unit)
}

fn published(
    property: &str,
    value: &Value,
    of_type: Option<&ActorType>,
    line: &mut Line,
) -> Option<String> {
    let kind = of_type.and_then(|of_type| of_type.property(property));
    let unit = match kind.map(|property| property.kind) {
        Some(PropertyKind::Value(ValueType::Percent)) => "%",
        Some(PropertyKind::Value(ValueType::Bytes)) => "B",
        Some(PropertyKind::Value(ValueType::Duration)) => "s",
        _ => "",
    };
    let written = match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) if *number >= 0.0 => Some(format!("{number}{unit}")),
        Value::Text(text) if is_plain(text) => Some(quoted(text)),
        Value::Number(_) | Value::Text(_) => None,
    };
    match written.filter(|_| is_property(property)) {
        Some(written) => Some(format!("{property}: {written}")),
        None => {
            let value = match value {
                Value::Bool(value) => value.to_string(),
                Value::Number(number) => number.to_string(),
                Value::Text(text) => format!("{text:?}"),
            };
            line.remark(format!("{property:?}: {value}"));
            None
        }
    }
}

/// What servers and actors are called in the test: by their ids where these are names.
struct Names<'s> {
    servers: BTreeMap<&'s ServerId, String>,
    /// Those whose type has a name in the language.
    actors: BTreeMap<&'s ActorId, String>,
}

impl<'s> Names<'s> {
    fn of(snapshot: &'s Snapshot) -> Names<'s> {
        let mut taken = BTreeSet::new();
        let has_type = |(_, actor): &(&ActorId, &Actor)| is_type(&actor.actor_type);
        let actors = snapshot.actors.iter().filter(has_type);
        let ids = || snapshot.actors.keys().map(ActorId::as_str);
        let ids: Vec<&str> = ids()
            .chain(snapshot.servers.keys().map(ServerId::as_str))
            .collect();
        // Those that are names keep them, whatever the others are given.
        taken.extend(
            ids.iter()
                .filter(|id| is_name(id))
                .map(|id| (*id).to_owned()),
        );
        let mut own = BTreeSet::new();
        let mut named = |id: &str, word: &str| match is_name(id) && own.insert(id.to_owned()) {
            true => id.to_owned(),
            false => {
                let name = free_name(id, word, &taken);
                taken.insert(name.clone());
                name
            }
        };
        let actors = actors.map(|(id, actor)| (id, named(id.as_str(), &actor.actor_type)));
        let actors: BTreeMap<&ActorId, String> = actors.collect();
        let servers = snapshot
            .servers
            .keys()
            .map(|id| (id, named(id.as_str(), "s")));
        Names {
            servers: servers.collect(),
            actors,
        }
    }

    fn server(&self, id: &ServerId) -> &str {
        self.servers.get(id).map_or("", String::as_str)
    }

    fn actor(&self, id: &ActorId) -> Option<&str> {
        self.actors.get(id).map(String::as_str)
    }
}

/// A name made of an id: `folder_1` of `Folder-1`; with a number if it is taken.
fn free_name(id: &str, word: &str, taken: &BTreeSet<String>) -> String {
    let letters = id.chars().map(|letter| match letter {
        'a'..='z' | '0'..='9' => letter,
        'A'..='Z' => letter.to_ascii_lowercase(),
        _ => '_',
    });
    let letters: String = letters.collect();
    let wanted = letters.trim_matches('_');
    let wanted = match wanted.starts_with(|first: char| first.is_ascii_lowercase()) {
        true => wanted.to_owned(),
        false => format!("{}_{wanted}", word.to_lowercase()),
    };
    let numbered = (2..).map(|number: u64| format!("{wanted}_{number}"));
    let mut names = std::iter::once(wanted.clone()).chain(numbered);
    let free = names.find(|name| is_name(name) && !taken.contains(name));
    free.unwrap_or_default()
}

/// Whether a text can name an actor or a server of a test.
fn is_name(text: &str) -> bool {
    is_word(text)
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && !TAKEN_WORDS.contains(&text)
        && !is_repetition(text)
}

fn is_type(text: &str) -> bool {
    is_word(text) && text.starts_with(|first: char| first.is_ascii_uppercase())
}

fn is_property(text: &str) -> bool {
    is_word(text) && !ACTOR_FIELDS.contains(&text)
}

fn is_word(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(is_letter)
}

/// Whether a text can be written between quotes.
fn is_plain(text: &str) -> bool {
    let mut letters = text.chars();
    letters.all(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
}

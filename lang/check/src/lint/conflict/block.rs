//! The text of a cluster: a `test` block that expects the one behavior and not the other one.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use plasma_model::{Gauge, PerResource, Resource};

use super::clash::{Clash, Contradiction};
use super::judge::Judge;
use super::scene::Scene;
use super::world::{Actor, Call, Server, Usage, Value, World};
use crate::program::{BehaviorCall, BehaviorKind, Rule, ServerRef, TypeSet, VariableId};
use crate::schema::Schema;

/// What a test is made of.
pub(super) struct Block<'b> {
    pub(super) schema: &'b Schema,
    pub(super) scene: &'b Scene,
    pub(super) world: &'b World,
    /// Places of actors and servers.
    pub(super) assigned: &'b [Option<usize>],
    /// The first and the second behavior of the contradiction, each with its rule.
    pub(super) asks: [(&'b Rule, &'b BehaviorCall); 2],
    pub(super) contradiction: &'b Contradiction,
    /// When it is looked at.
    pub(super) at_seconds: f64,
}

impl Block<'_> {
    /// The test, without a line break at its end.
    pub(super) fn text(&self, name: &str) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = self.write(&mut text, name);
        text
    }

    fn write(&self, out: &mut String, name: &str) -> fmt::Result {
        let actors = self.actor_names();
        let servers = self.server_names(&actors);
        writeln!(out, "test \"{name}\" {{")?;
        for (server, name) in self.world.servers.iter().zip(&servers) {
            writeln!(out, "  server {name}{}", fields(server_fields(server)))?;
        }
        for (actor, name) in self.world.actors.iter().zip(&actors) {
            let (type_name, host) = (&actor.type_name, &servers[actor.host]);
            let fields = fields(actor_fields(actor, &actors));
            writeln!(out, "  {type_name} {name} on {host}{fields}")?;
        }
        for call in &self.world.calls {
            writeln!(out, "  {}", calls(call, &actors))?;
        }
        let at = match self.at_seconds > plasma_model::PERIOD_SECONDS_DEFAULT {
            true => format!(" at {}s", self.at_seconds),
            false => String::new(),
        };
        let wins = [
            self.contradiction.first_wins,
            !self.contradiction.first_wins,
        ];
        let mut asked = [0, 1].map(|place| (wins[place], self.asked(place, &actors, &servers)));
        asked.sort_by_key(|(wins, _)| !wins);
        for (wins, (behavior, by)) in asked {
            match wins {
                true => writeln!(out, "  expect {behavior}{by}{at};")?,
                false => writeln!(out, "  expect not {behavior}{at};")?,
            }
        }
        write!(out, "}}")
    }

    /// A behavior with the names of the test, and ` by` its rule if that has a name.
    fn asked(&self, place: usize, actors: &[String], servers: &[String]) -> (String, String) {
        let (rule, call) = self.asks[place];
        let actor = |id: &VariableId| match self.assigned.get(id.0 as usize) {
            Some(Some(actor)) => actors[*actor].as_str(),
            _ => "",
        };
        let name = call.kind.name();
        let behavior = match (&self.contradiction.clash, &call.kind) {
            (Clash::Pair { a, b, .. }, _) => format!("{name}({}, {})", actor(a), actor(b)),
            (Clash::Crowded { actor: a }, BehaviorKind::Reserve { resource, .. }) => {
                format!("{name}({}, {resource})", actor(a))
            }
            (Clash::Drained { server, .. }, BehaviorKind::Drain(_)) => {
                format!("{name}({})", self.server(server, servers))
            }
            (
                Clash::Loaded {
                    types, resource, ..
                },
                BehaviorKind::Balance { .. },
            ) => {
                format!("{name}({{{}}}, {resource})", self.types(types))
            }
            (Clash::Loaded { .. }, _) => {
                format!("{name}({})", actors.last().map_or("", String::as_str))
            }
            (
                Clash::Crowded { actor: a }
                | Clash::Elsewhere { actor: a, .. }
                | Clash::Drained { actor: a, .. },
                _,
            ) => format!("{name}({})", actor(a)),
        };
        let by = match rule.is_required() || rule.name.starts_with('#') {
            true => String::new(),
            false => format!(" by {}", rule.name),
        };
        (behavior, by)
    }

    fn server(&self, server: &ServerRef, servers: &[String]) -> String {
        let judge = Judge::new(self.world, &self.scene.domains, self.assigned.to_vec());
        let places = judge.servers(server);
        let name = places.first().and_then(|place| servers.get(*place));
        name.cloned().unwrap_or_default()
    }

    fn types(&self, types: &TypeSet) -> String {
        match types {
            TypeSet::Any => "any".to_owned(),
            TypeSet::Of(types) => {
                let names = types.iter().filter_map(|id| self.schema.get(*id));
                let names: Vec<&str> = names.map(|of_type| of_type.name.as_ref()).collect();
                names.join(", ")
            }
        }
    }

    /// The variables' own names, as far as each is free; otherwise the type's first letter.
    fn actor_names(&self) -> Vec<String> {
        let mut taken = BTreeSet::new();
        let actors = self.world.actors.iter();
        let names = actors.map(|actor| {
            let wanted = match actor.name.is_empty() {
                false => actor.name.to_string(),
                true => actor
                    .type_name
                    .chars()
                    .take(1)
                    .flat_map(char::to_lowercase)
                    .collect(),
            };
            free_name(&mut taken, &wanted, 2)
        });
        names.collect()
    }

    fn server_names(&self, actors: &[String]) -> Vec<String> {
        let mut taken: BTreeSet<String> = actors.iter().cloned().collect();
        let servers = self.world.servers.iter();
        servers.map(|_| free_name(&mut taken, "s", 1)).collect()
    }
}

/// The wanted name, or with the first number that makes it a new one; a name of one letter for a
/// server always has one.
fn free_name(taken: &mut BTreeSet<String>, wanted: &str, first: usize) -> String {
    let plain = (first > 1).then(|| wanted.to_owned());
    let numbers = first..=usize::MAX;
    let numbered = numbers.map(|number| match is_repetition(&format!("{wanted}{number}")) {
        true => format!("{wanted}_{number}"),
        false => format!("{wanted}{number}"),
    });
    let mut names = plain.into_iter().chain(numbered);
    let is_free = |name: &String| !taken.contains(name) && !is_repetition(name);
    let name = names.find(is_free).unwrap_or_default();
    taken.insert(name.clone());
    name
}

/// Whether behind a figure a name would be read as `x5`, five times.
fn is_repetition(name: &str) -> bool {
    let digits = name.strip_prefix('x');
    digits.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// ` { cpu: 90%, mem: 10% }`, or nothing.
fn fields(fields: Vec<String>) -> String {
    match fields.is_empty() {
        true => String::new(),
        false => format!(" {{ {} }}", fields.join(", ")),
    }
}

fn server_fields(server: &Server) -> Vec<String> {
    let mut fields = usage_fields(&server.usage);
    if !server.labels.is_empty() {
        let labels = server.labels.iter();
        let labels: Vec<String> = labels.map(|(n, t)| format!("{n}: {}", quoted(t))).collect();
        fields.push(format!("labels: {{{}}}", labels.join(", ")));
    }
    fields
}

fn actor_fields(actor: &Actor, actors: &[String]) -> Vec<String> {
    let mut fields = usage_fields(&actor.usage);
    fields.extend(actor.gauges.iter().map(|(gauge, value)| match gauge {
        Gauge::Idle => format!("idle: {value}s"),
        Gauge::Age => format!("age: {value}s"),
        Gauge::Mailbox => format!("mailbox: {value}"),
        Gauge::Moves => format!("moves: {value}"),
        // Of a server, which counts for itself.
        Gauge::Actors => String::new(),
    }));
    fields.extend(actor.refs.iter().map(|(property, refs)| {
        let names: Vec<&str> = refs.iter().map(|place| actors[*place].as_str()).collect();
        format!("{property}: [{}]", names.join(", "))
    }));
    fields.extend(actor.values.iter().map(|(property, value)| match value {
        Value::Number(number, unit) => format!("{property}: {number}{unit}"),
        Value::Bool(truth) => format!("{property}: {truth}"),
        Value::Text(text) => format!("{property}: {}", quoted(text)),
    }));
    fields
}

fn usage_fields(usage: &PerResource<Usage>) -> Vec<String> {
    let mut fields = Vec::new();
    for (resource, usage) in usage.iter() {
        let unit = match resource {
            Resource::Cpu | Resource::Mem => "B",
            Resource::Net => "B/s",
        };
        match (usage.perc, usage.size) {
            (Some(perc), _) => fields.push(format!("{resource}: {perc}%")),
            (None, Some(size)) => fields.push(format!("{resource}: {size}{unit}")),
            (None, None) => {}
        }
    }
    fields
}

/// `client -> f.open: 500, 4000B, 0.002s`.
fn calls(call: &Call, actors: &[String]) -> String {
    let from = call.from.map_or("client", |from| actors[from].as_str());
    let (to, function, count) = (&actors[call.to], &call.function, call.count);
    let mut text = format!("{from} -> {to}.{function}: {count}");
    match (call.size, call.latency_seconds) {
        (None, None) => {}
        (size, latency) => {
            let _ = write!(text, ", {}B", size.unwrap_or(0.0));
            if let Some(seconds) = latency {
                let _ = write!(text, ", {seconds}s");
            }
        }
    }
    text
}

/// A text as it is written in the language.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

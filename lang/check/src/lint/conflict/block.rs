//! The text of a cluster: a `test` block that expects the one behavior and not the other one.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use plasma_model::{Gauge, PerResource};

use super::clash::{Clash, Contradiction};
use super::judge::Judge;
use super::scene::Scene;
use super::world::{Actor, Call, Server, Usage, Value, World};
use crate::cluster::text::{calls_line, fields, is_repetition, quoted, usage_field};
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
        let actors = actor_names(self.world);
        let servers = server_names(self.world, &actors);
        writeln!(out, "test \"{name}\" {{")?;
        for line in lines(self.world, &actors, &servers) {
            writeln!(out, "  {line}")?;
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
            (Clash::None, _) => name.to_owned(),
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
}

/// What a cluster is like, line by line.
pub(super) fn cluster_lines(world: &World) -> Vec<String> {
    let actors = actor_names(world);
    lines(world, &actors, &server_names(world, &actors))
}

fn lines(world: &World, actors: &[String], servers: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    for (server, name) in world.servers.iter().zip(servers) {
        lines.push(format!("server {name}{}", fields(&server_fields(server))));
    }
    for (actor, name) in world.actors.iter().zip(actors) {
        let (type_name, host) = (&actor.type_name, &servers[actor.host]);
        let fields = fields(&actor_fields(actor, actors));
        lines.push(format!("{type_name} {name} on {host}{fields}"));
    }
    lines.extend(world.calls.iter().map(|call| calls(call, actors)));
    lines
}

/// The variables' own names, as far as each is free; otherwise the type's first letter.
fn actor_names(world: &World) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let names = world.actors.iter().map(|actor| {
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

fn server_names(world: &World, actors: &[String]) -> Vec<String> {
    let mut taken: BTreeSet<String> = actors.iter().cloned().collect();
    let servers = world.servers.iter();
    servers.map(|_| free_name(&mut taken, "s", 1)).collect()
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
    let fields = usage.iter();
    let fields =
        fields.filter_map(|(resource, usage)| usage_field(resource, usage.perc, usage.size));
    fields.collect()
}

/// `client -> f.open: 500, 4000B, 0.002s`.
fn calls(call: &Call, actors: &[String]) -> String {
    let from = call.from.map_or("client", |from| actors[from].as_str());
    let latency = call.latency_seconds;
    calls_line(
        (from, &actors[call.to], &call.function),
        call.count,
        call.size.or(latency.map(|_| 0.0)),
        latency,
    )
}

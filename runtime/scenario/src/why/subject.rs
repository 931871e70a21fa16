//! What is asked about: an actor, a server or a rule, by its name.

use std::fmt;

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_diagnostic::did_you_mean;
use plasma_model::{ActorId, Entity, ServerId};

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An actor or a server.
    Entity(Entity),
    /// A rule or a requirement, by its index.
    Rule(usize),
}

/// Nothing is called so.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("there is no actor and no rule `{name}`{}", at(*.at_seconds))]
pub struct UnknownSubject {
    /// The name.
    pub name: String,
    /// The time of the snapshot that was looked at.
    pub at_seconds: f64,
    /// The way out.
    pub help: String,
}

fn at(seconds: f64) -> String {
    format!(" at t = {seconds} s")
}

impl Subject {
    /// The actor of this id, else the rule or requirement of this name, else the server of this id.
    /// `actor:`, `rule:` and `server:` before it say which one is meant.
    ///
    /// # Errors
    /// If there is none, with what may have been meant.
    pub fn find(
        name: &str,
        program: &CheckedProgram,
        columns: &Columns,
    ) -> Result<Subject, UnknownSubject> {
        let actor = |name: &str| {
            let id = ActorId::from(name);
            let is_there = columns.live_actor(&id).is_some();
            is_there.then_some(Subject::Entity(Entity::Actor(id)))
        };
        let rule = |name: &str| {
            let mut rules = program.rules_and_requirements();
            let rule = rules.find(|rule| *rule.name == *name)?;
            Some(Subject::Rule(rule.index))
        };
        let server = |name: &str| {
            let id = ServerId::from(name);
            let is_there = columns.servers().contains_key(&id);
            is_there.then_some(Subject::Entity(Entity::Server(id)))
        };
        let told = match name.split_once(':') {
            Some(("actor", name)) => actor(name),
            Some(("rule", name)) => rule(name),
            Some(("server", name)) => server(name),
            _ => None,
        };
        let found = actor(name).or_else(|| rule(name)).or(told);
        found
            .or_else(|| server(name))
            .ok_or_else(|| UnknownSubject {
                name: name.to_owned(),
                at_seconds: columns.frame().t,
                help: help(name, program, columns),
            })
    }

    /// Its name, as plan documents write it.
    pub fn name(&self, program: &CheckedProgram) -> String {
        match self {
            Subject::Entity(entity) => entity.to_string(),
            Subject::Rule(index) => program
                .rule(*index)
                .map_or_else(String::new, |rule| rule.name.to_string()),
        }
    }
}

fn help(name: &str, program: &CheckedProgram, columns: &Columns) -> String {
    let rules: Vec<&str> = program
        .rules_and_requirements()
        .map(|rule| rule.name.as_ref())
        .collect();
    let live = columns.frame().live();
    let actors = live.iter().map(|no| columns.actor_names().name(*no));
    let servers = columns.servers().keys().map(ServerId::as_str);
    let all = actors.chain(servers).chain(rules.iter().copied());
    match did_you_mean(name, all) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => Listed(&rules, live.len()).to_string(),
    }
}

/// At most so many rules are listed.
const RULES_LISTED_MAX: usize = 12;

/// What there is instead.
struct Listed<'l>(&'l [&'l str], usize);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Listed(rules, actors) = self;
        let names = rules.iter().take(RULES_LISTED_MAX);
        let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
        match rules.len().saturating_sub(RULES_LISTED_MAX) {
            _ if rules.is_empty() => f.write_str("the policy has no rule")?,
            0 => write!(f, "its rules are {}", names.join(", "))?,
            more => write!(f, "its rules are {} and {more} more", names.join(", "))?,
        }
        let noun = if *actors == 1 { "actor" } else { "actors" };
        write!(f, "; the cluster has {actors} {noun}")
    }
}

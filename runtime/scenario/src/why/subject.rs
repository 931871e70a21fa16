//! What is asked about: an actor, a server or a rule, by its name.

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
    /// A rule or a requirement, as far as it is about an actor or a server.
    RuleFor(usize, Entity),
}

/// Why it cannot be asked about.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum UnknownSubject {
    /// Nothing is called so.
    #[error("there is no {what} `{name}` at t = {at_seconds} s")]
    NoSuch {
        /// What it should be: "server".
        what: &'static str,
        /// The name.
        name: String,
        /// The time of the snapshot that was looked at.
        at_seconds: f64,
        /// What may have been meant.
        help: String,
    },
    /// A rule is asked about for another rule, or an actor for another one.
    #[error("`{first}` and `{second}` are both {what}")]
    Both {
        /// The one name.
        first: String,
        /// The other one.
        second: String,
        /// What they are: "rules".
        what: &'static str,
    },
}

impl UnknownSubject {
    /// The way out.
    pub fn help(&self) -> &str {
        match self {
            UnknownSubject::NoSuch { help, .. } => help,
            UnknownSubject::Both { .. } => {
                "ask about a rule for an actor or a server: `plasma why RULE POLICY --for ACTOR`"
            }
        }
    }
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
        let there = There { program, columns };
        let whole = there.actor(name).or_else(|| there.rule(name));
        let told = || match name.split_once(':') {
            Some(("actor", name)) => there.actor(name),
            Some(("rule", name)) => there.rule(name),
            Some(("server", name)) => there.server(name),
            _ => None,
        };
        let found = whole.or_else(told).or_else(|| there.server(name));
        found.ok_or_else(|| there.nothing_called(name))
    }

    /// A rule for an actor or a server, in whichever order they are named.
    ///
    /// # Errors
    /// If there is no such rule, actor or server, or there are two of a kind.
    pub fn find_both(
        [first, second]: [&str; 2],
        program: &CheckedProgram,
        columns: &Columns,
    ) -> Result<Subject, UnknownSubject> {
        let there = There { program, columns };
        let rule_of = |name: &str| {
            let bare = name.strip_prefix("rule:").unwrap_or(name);
            there.rule(name).or_else(|| there.rule(bare))
        };
        let entity_of = |name: &str| match Subject::find(name, program, columns) {
            Ok(Subject::Entity(entity)) => Some(entity),
            // A rule of that name hides a server.
            Ok(_) | Err(_) => match there.server(name) {
                Some(Subject::Entity(entity)) => Some(entity),
                _ => None,
            },
        };
        for (rule, about) in [(first, second), (second, first)] {
            if let (Some(Subject::Rule(rule)), Some(entity)) = (rule_of(rule), entity_of(about)) {
                return Ok(Subject::RuleFor(rule, entity));
            }
        }
        let kinds = (
            Subject::find(first, program, columns)?,
            Subject::find(second, program, columns)?,
        );
        Err(UnknownSubject::Both {
            first: first.to_owned(),
            second: second.to_owned(),
            what: match kinds {
                (Subject::Rule(_), _) => "rules",
                _ => "actors or servers",
            },
        })
    }

    /// The actor or the server that is asked about, if one is.
    pub fn entity(&self) -> Option<&Entity> {
        match self {
            Subject::Entity(entity) | Subject::RuleFor(_, entity) => Some(entity),
            Subject::Rule(_) => None,
        }
    }

    /// Its name, as plan documents write it: that of the rule, if one is asked about.
    pub fn name(&self, program: &CheckedProgram) -> String {
        match self {
            Subject::Entity(entity) => entity.to_string(),
            Subject::Rule(index) | Subject::RuleFor(index, _) => program
                .rule(*index)
                .map_or_else(String::new, |rule| rule.name.to_string()),
        }
    }
}

/// What there is to ask about.
struct There<'t> {
    program: &'t CheckedProgram,
    columns: &'t Columns,
}

impl There<'_> {
    fn actor(&self, name: &str) -> Option<Subject> {
        let id = ActorId::from(name);
        let is_there = self.columns.live_actor(&id).is_some();
        is_there.then_some(Subject::Entity(Entity::Actor(id)))
    }

    fn rule(&self, name: &str) -> Option<Subject> {
        let mut rules = self.program.rules_and_requirements();
        let rule = rules.find(|rule| *rule.name == *name)?;
        Some(Subject::Rule(rule.index))
    }

    fn server(&self, name: &str) -> Option<Subject> {
        let id = ServerId::from(name);
        let is_there = self.columns.servers().contains_key(&id);
        is_there.then_some(Subject::Entity(Entity::Server(id)))
    }

    fn nothing_called(&self, name: &str) -> UnknownSubject {
        let (what, name, known) = match name.split_once(':') {
            Some(("actor", name)) => ("actor", name, self.actors()),
            Some(("rule", name)) => ("rule", name, self.rules()),
            Some(("server", name)) => ("server", name, self.servers()),
            _ => {
                let known = [self.actors(), self.servers(), self.rules()].concat();
                ("actor, rule or server", name, known)
            }
        };
        let help = match did_you_mean(name, known.iter().copied()) {
            Some(similar) => format!("did you mean `{similar}`?"),
            None => match what {
                "actor" => self.count_of_actors(),
                "rule" => listed("rule", &self.rules()),
                "server" => listed("server", &self.servers()),
                _ => format!(
                    "{}; {}; {}",
                    listed("rule", &self.rules()),
                    listed("server", &self.servers()),
                    self.count_of_actors()
                ),
            },
        };
        UnknownSubject::NoSuch {
            what,
            name: name.to_owned(),
            at_seconds: self.columns.frame().t,
            help,
        }
    }

    fn actors(&self) -> Vec<&str> {
        let live = self.columns.frame().live().iter();
        live.map(|no| self.columns.actor_names().name(*no))
            .collect()
    }

    fn rules(&self) -> Vec<&str> {
        let rules = self.program.rules_and_requirements();
        rules.map(|rule| rule.name.as_ref()).collect()
    }

    fn servers(&self) -> Vec<&str> {
        let servers = self.columns.servers();
        servers.keys().map(ServerId::as_str).collect()
    }

    fn count_of_actors(&self) -> String {
        match self.columns.frame().live().len() {
            0 => "there is no actor".to_owned(),
            1 => "there is 1 actor".to_owned(),
            actors => format!("there are {actors} actors"),
        }
    }
}

/// At most so many names are listed.
const LISTED_MAX: usize = 12;

/// What there is of a kind: "the rules are `a`, `b`".
fn listed(kind: &str, all: &[&str]) -> String {
    let names: Vec<String> = all
        .iter()
        .take(LISTED_MAX)
        .map(|name| format!("`{name}`"))
        .collect();
    let names = names.join(", ");
    match all {
        [] => format!("there is no {kind}"),
        [_] => format!("the only {kind} is {names}"),
        _ => match all.len().saturating_sub(LISTED_MAX) {
            0 => format!("the {kind}s are {names}"),
            more => format!("the {kind}s are {names} and {more} more"),
        },
    }
}

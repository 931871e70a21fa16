//! A run that is served: what it tells goes out as it happens, and another policy may come in.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use plasma_check::program::CheckedProgram;
use plasma_engine::Engine;
use plasma_model::Event;
use plasma_remote::{PolicyKeeper, Publisher, PublisherSettings, Refused};
use plasma_scenario::{Listener, policy_hash};

use crate::analysis::{self, SchemaSource, Verdict};
use crate::failure::Failure;
use crate::output;
use crate::policy_file::PolicyFile;
use crate::token::{self, cannot_listen};

/// What a run tells, served at an address.
pub(super) struct Served(Publisher);

impl Served {
    /// Serves an engine's run, and says where.
    pub(super) fn start(
        address: &str,
        engine: &dyn Engine,
        desk: Arc<PolicyDesk>,
    ) -> Result<Self, Failure> {
        let settings = PublisherSettings {
            address: address.to_owned(),
            token: token::from_environment()?,
        };
        let publisher = Publisher::start(settings, engine.hello(), engine.schema(), desk);
        let publisher = publisher.map_err(|error| cannot_listen(&error))?;
        output::problem(&format!("listening on {}", publisher.url()));
        Ok(Served(publisher))
    }

    /// Where it is served.
    pub(super) fn url(&self) -> &str {
        self.0.url()
    }
}

impl Listener for Served {
    fn hear(&mut self, events: &[Event]) {
        self.0.publish(events);
    }
}

/// Takes in policies from outside, checks them, and keeps the last one for the run.
pub(super) struct PolicyDesk {
    file: PolicyFile,
    schema: SchemaSource,
    params: Vec<(String, String)>,
    state: Mutex<State>,
}

struct State {
    text: String,
    next: Option<Replacement>,
}

/// Another policy for a run.
pub(super) struct Replacement {
    pub(super) program: CheckedProgram,
    pub(super) text: String,
    /// Who wants it.
    pub(super) by: String,
}

impl fmt::Display for Replacement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = &self.by;
        write!(
            f,
            "{by} replaced the policy: {}",
            described(&self.program, &self.text)
        )
    }
}

/// A policy by its hash, as recordings name it.
fn described(program: &CheckedProgram, text: &str) -> String {
    let hash = policy_hash(text);
    match program.rules.len() {
        1 => format!("{hash}, with 1 rule"),
        rules => format!("{hash}, with {rules} rules"),
    }
}

impl PolicyDesk {
    /// A desk for a run that begins with this policy.
    pub(super) fn new(
        file: PolicyFile,
        schema: SchemaSource,
        params: Vec<(String, String)>,
    ) -> Self {
        let text = file.text.clone();
        PolicyDesk {
            file,
            schema,
            params,
            state: Mutex::new(State { text, next: None }),
        }
    }

    /// The policy that came since the last call.
    pub(super) fn take(&self) -> Option<Replacement> {
        self.state().next.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PolicyKeeper for PolicyDesk {
    fn policy(&self) -> String {
        self.state().text.clone()
    }

    fn replace(&self, text: &str, by: &str) -> Result<String, Refused> {
        // It takes the place of the file: modules and the project are found from there.
        let file = PolicyFile {
            name: format!("{} (sent)", self.file.name),
            path: self.file.path.clone(),
            text: text.to_owned(),
        };
        let refuse = |diagnostics: String| Refused { diagnostics };
        let verdict = analysis::verdict(&file, Some(&self.schema), &self.params, false);
        let Verdict { program, remarks } = verdict.map_err(|error| refuse(error.to_string()))?;
        let program = program.map_err(|error| refuse(format!("{remarks}\n{error}")))?;
        let described = described(&program, text);
        let mut state = self.state();
        text.clone_into(&mut state.text);
        state.next = Some(Replacement {
            program,
            text: text.to_owned(),
            by: by.to_owned(),
        });
        let remarks = match remarks.is_empty() {
            true => remarks,
            false => format!("\n{remarks}"),
        };
        Ok(format!(
            "in force from the next period on: {described}{remarks}"
        ))
    }
}

//! Letting the policy act on a running cluster: `:arm`, `:apply`, `:disarm`.

use plasma_remote::RemoteError;

use super::{Session, count_of};
use crate::command::repl::answer::{Answer, Refusal};
use crate::command::repl::world::World;

/// How far the policy may act on the cluster.
#[derive(Debug, Default)]
pub(super) struct Armed {
    is_armed: bool,
    /// The text of the policy that runs on the cluster.
    running: Option<String>,
    /// Whether a plan was shown that nobody has decided on.
    asks: bool,
}

impl Armed {
    /// Whether a policy may be applied.
    pub(super) fn is_armed(&self) -> bool {
        self.is_armed
    }
}

impl Session {
    /// From now on the policy may be applied; shows what it would do.
    pub(in crate::command::repl) fn arm(&mut self) -> Result<Answer, Refusal> {
        if !matches!(self.world, World::Live(_)) {
            return Err(no_cluster());
        }
        self.armed.is_armed = true;
        let mut answer = self.answer();
        if self.policy.text().trim().is_empty() {
            answer.add_note(
                "armed; there are no rules yet: what is entered is shown and asked about",
            );
        }
        self.propose(&mut answer);
        Ok(answer)
    }

    /// Shows what the policy would do, if it may act and is not the one that runs already.
    pub(super) fn propose(&mut self, answer: &mut Answer) {
        let text = self.policy.text();
        let is_running = self.armed.running.as_deref().unwrap_or_default() == text;
        if !self.armed.is_armed || is_running {
            self.armed.asks = false;
            return;
        }
        match self.plan() {
            Ok(plan) => {
                answer.append(plan);
                // A person is asked.
                if self.voice.is_none() {
                    answer.add_note("not applied: `:apply` runs this policy on the cluster");
                }
                self.armed.asks = true;
            }
            Err(refusal) => {
                answer.add_note("armed, but this policy cannot run as it is:");
                answer.add_note(&refusal.text);
            }
        }
    }

    /// Whether a plan was shown that is to be confirmed.
    pub(in crate::command::repl) fn asks(&self) -> bool {
        self.armed.asks
    }

    /// Takes a question for answered with no.
    pub(in crate::command::repl) fn decline(&mut self) -> Answer {
        self.armed.asks = false;
        self.note(match self.armed.running {
            Some(_) => "the cluster goes on under the policy as it was; `:apply` changes that",
            None => "nothing moves; `:apply` lets it",
        })
    }

    /// Runs the policy so far on the cluster.
    pub(in crate::command::repl) fn apply(&mut self) -> Result<Answer, Refusal> {
        if !matches!(self.world, World::Live(_)) {
            return Err(no_cluster());
        }
        if !self.armed.is_armed {
            return Err(Refusal::helped(
                "the cluster is only looked at",
                "`:arm` shows what the policy would do; `:apply` then runs it",
            ));
        }
        let program = self.usable(&self.policy)?.program;
        let rules = count_of(program.rules.len() + program.requirements.len(), "rule");
        let text = self.policy.text();
        self.armed.asks = false;
        let World::Live(running) = &mut self.world else {
            return Err(no_cluster());
        };
        let said = running.apply(program, text.clone()).map_err(refused)?;
        self.armed.running = Some(text);
        Ok(match said {
            Some(said) => self.note(format!("{}: {said}", self.name)),
            None => self.note(format!(
                "applied: {rules}, each period from now on; `:disarm` ends it"
            )),
        })
    }

    /// Moves nothing any more.
    pub(in crate::command::repl) fn disarm(&mut self) -> Result<Answer, Refusal> {
        if !self.armed.is_armed {
            return Err("error: nothing is armed".to_owned().into());
        }
        let said = self.rest();
        self.armed = Armed::default();
        Ok(match said? {
            Some(said) => self.note(format!("{}: the policy before is back, {said}", self.name)),
            None => self.note("disarmed: nothing is ordered any more"),
        })
    }

    /// The same where another cluster is looked at from now on, whatever becomes of this one.
    pub(super) fn disarm_for_another(&mut self, answer: &mut Answer) {
        match self.rest() {
            Ok(None) => {}
            Ok(Some(said)) => {
                answer.add_note(&format!("{}: the policy before is back, {said}", self.name));
            }
            Err(refusal) => answer.add_note(&refusal.text),
        }
        self.armed = Armed::default();
    }

    fn rest(&mut self) -> Result<Option<String>, Refusal> {
        match &mut self.world {
            World::Live(running) => running.rest().map_err(refused),
            _ => Ok(None),
        }
    }
}

fn no_cluster() -> Refusal {
    Refusal::helped(
        "there is no running cluster that a policy could act on",
        "start with --app NAME, or `:attach` the address of one",
    )
}

/// What another process has against a policy, or against anybody who sends one.
fn refused(error: RemoteError) -> Refusal {
    match error {
        RemoteError::Refused {
            status: 401 | 403, ..
        } => Refusal::helped(
            error.to_string(),
            "start both with one PLASMA_TOKEN: `plasma run --listen` lets nobody else change its policy",
        ),
        error => format!("error: {error}").into(),
    }
}

//! The policy of a run from outside: what keeps it, and the client that reads and replaces it.

use plasma_listen::Token;

use crate::RemoteError;
use crate::exchange::{Answer, exchange};
use crate::url::Place;

/// Whose policy it is that can be read and replaced.
pub trait PolicyKeeper: Send + Sync {
    /// The text of the policy that is in force, or will be from the next period on.
    fn policy(&self) -> String;

    /// Puts another policy in force from the next period on; gives what its owner answers. `by` is who
    /// wants it.
    ///
    /// # Errors
    /// If the text is no policy for this cluster; the one in force stays.
    fn replace(&self, text: &str, by: &str) -> Result<String, Refused>;
}

/// Why a text is no policy for a cluster: its diagnostics, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The diagnostics.
    pub diagnostics: String,
}

/// The policy of a running cluster, seen from outside.
#[derive(Clone, Debug)]
pub struct RemotePolicy {
    place: Place,
    token: Option<Token>,
    who: Option<String>,
}

impl RemotePolicy {
    /// The policy of the run that is served at `url`; nothing is connected yet. `who` is told to the run,
    /// and noted there with every change.
    ///
    /// # Errors
    /// If the URL is none of a running cluster.
    pub fn new(
        url: &str,
        token: Option<Token>,
        who: Option<String>,
    ) -> Result<RemotePolicy, RemoteError> {
        Ok(RemotePolicy {
            place: Place::parse(url)?,
            token,
            who,
        })
    }

    /// The text of the policy in force.
    ///
    /// # Errors
    /// If the run cannot be reached, or answers with anything else.
    pub fn policy(&self) -> Result<String, RemoteError> {
        let answer = self.ask("GET", String::new())?;
        match answer.status {
            200 => Ok(answer.text),
            _ => Err(self.refused(answer)),
        }
    }

    /// Puts another policy in force from the next period on; gives what the run answers.
    ///
    /// # Errors
    /// If the run cannot be reached or lets nobody change its policy; [`RemoteError::WrongPolicy`] with
    /// its diagnostics if the text is no policy for it.
    pub fn replace_policy(&self, text: &str) -> Result<String, RemoteError> {
        let answer = self.ask("PUT", text.to_owned())?;
        match answer.status {
            200 => Ok(answer.text),
            422 => Err(RemoteError::WrongPolicy {
                diagnostics: answer.text,
            }),
            _ => Err(self.refused(answer)),
        }
    }

    fn ask(&self, method: &'static str, body: String) -> Result<Answer, RemoteError> {
        let mut headers = Vec::new();
        if let Some(token) = &self.token {
            headers.push(("authorization", token.header()));
        }
        if let Some(who) = &self.who {
            headers.push(("from", who.clone()));
        }
        exchange(&self.place, method, "/policy", &headers, body)
    }

    fn refused(&self, answer: Answer) -> RemoteError {
        RemoteError::Refused {
            url: self.place.http("/policy"),
            status: answer.status,
            reason: answer.text.trim().to_owned(),
        }
    }
}

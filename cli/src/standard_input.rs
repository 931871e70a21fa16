//! Standard input can be read once, for one thing: whoever comes second is told who was first.

use std::io::{self, Stdin};
use std::sync::Mutex;
use std::sync::PoisonError;

use crate::failure::Failure;

/// What standard input is read as, once it is.
static TAKEN_AS: Mutex<Option<&'static str>> = Mutex::new(None);

/// Standard input, to be read as `what`: "the policy".
pub(crate) fn take(what: &'static str) -> Result<Stdin, Failure> {
    let mut taken_as = TAKEN_AS.lock().unwrap_or_else(PoisonError::into_inner);
    match *taken_as {
        None => {
            *taken_as = Some(what);
            Ok(io::stdin())
        }
        Some(first) => Err(refusal(first, what)),
    }
}

/// Why standard input cannot be two things.
pub(crate) fn refusal(first: &str, what: &str) -> Failure {
    let message = match first == what {
        true => format!("standard input cannot be {what} twice"),
        false => format!("standard input is {first} and cannot be {what} too"),
    };
    Failure::new(message).help("`-` is standard input; name a file instead")
}

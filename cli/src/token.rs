//! The token by which programs know each other over the network: from the environment, so that it
//! stands in no list of processes.

use plasma_remote::{ListenError, Token};

use crate::failure::Failure;

/// The variable that it is read from.
const VARIABLE: &str = "PLASMA_TOKEN";

/// The token that is set, if one is.
pub(crate) fn from_environment() -> Result<Option<Token>, Failure> {
    let Some(text) = std::env::var_os(VARIABLE).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let token = Token::new(text.to_string_lossy().into_owned());
    let token = token.map_err(|error| Failure::new(format!("{VARIABLE}: {error}")))?;
    Ok(Some(token))
}

/// Why `--listen` cannot be done, with the way out.
pub(crate) fn cannot_listen(error: &ListenError) -> Failure {
    let failure = Failure::new(format!("--listen: {error}"));
    match error {
        ListenError::NeedsToken { .. } => failure.help(
            "listen on 127.0.0.1, or set PLASMA_TOKEN to a secret that those who may come in show",
        ),
        _ => failure,
    }
}

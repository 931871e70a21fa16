//! How values become bytes: postcard, with errors that say what did not fit.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value that could not be written to or read from bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {reason}")]
pub struct WireError {
    what: &'static str,
    reason: String,
}

impl WireError {
    /// An error about `what`, because of `reason`.
    #[must_use]
    pub fn new(what: &'static str, reason: impl Into<String>) -> Self {
        Self {
            what,
            reason: reason.into(),
        }
    }

    /// A call of a function that the type does not have.
    #[must_use]
    pub fn no_function(actor_type: &'static str) -> Self {
        Self::new(actor_type, "no such function")
    }
}

/// Appends the encoded value to `out`.
///
/// # Errors
/// When the type's `Serialize` refuses; `out` is empty then.
pub fn encode<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), WireError> {
    let taken = std::mem::take(out);
    match postcard::to_extend(value, taken) {
        Ok(written) => {
            *out = written;
            Ok(())
        }
        Err(error) => Err(WireError::new("cannot encode", error.to_string())),
    }
}

/// Reads a value that fills `bytes` exactly.
///
/// # Errors
/// When the bytes are not such a value, end early, or go on after it.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WireError> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(WireError::new(
            "cannot decode",
            format!("{} bytes left over", rest.len()),
        )),
        Err(error) => Err(WireError::new("cannot decode", error.to_string())),
    }
}

/// How many bytes [`encode`] would append.
#[must_use]
pub fn encoded_size<T: Serialize + ?Sized>(value: &T) -> usize {
    postcard::experimental::serialized_size(value).unwrap_or(0)
}

//! User code that runs outside of turns: how values are written and read, and fresh states. A panic
//! there is an error of the value, not the end of the node.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::wire::WireError;

/// Runs user code for `what`; its panic becomes an error.
pub(crate) fn guarded<T>(
    what: &'static str,
    run: impl FnOnce() -> Result<T, WireError>,
) -> Result<T, WireError> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let reason = format!("panicked: {}", panic_text(&*panic));
        Err(WireError::new(what, reason))
    })
}

/// The text of a panic.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    if let Some(text) = panic.downcast_ref::<&str>() {
        return (*text).to_owned();
    }
    match panic.downcast_ref::<String>() {
        Some(text) => text.clone(),
        None => "a panic without a message".to_owned(),
    }
}

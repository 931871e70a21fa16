//! What a handler's result becomes on its way to the caller.

use std::any::Any;
use std::sync::Arc;

use crate::error::CallError;

/// The result of a call, in the form its caller needs. Made by
/// [`Context::reply`](crate::Context::reply) only.
pub struct Reply(pub(crate) ReplyForm);

pub(crate) enum ReplyForm {
    /// Nobody waits for it.
    Nothing,
    /// For a caller on the same server: the value itself.
    Value(Box<dyn Any>),
    /// For a caller elsewhere: the encoded value.
    Bytes(Arc<[u8]>),
    /// The call ended without a result.
    Error(CallError),
}

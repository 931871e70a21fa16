//! The debug adapter: what a policy decides on a recorded trace, looked at in a debugger.
//!
//! A [`Timeline`](timeline) goes from tick to tick of the trace, forward and back. It halts where a rule with a
//! [`breakpoint`] fires, is suppressed, or nearly fires. What is seen there, [`view`] makes of the decision: a firing
//! is a stack frame, its bindings, conditions and wishes are variables, and an expression is [`watch`]ed for
//! the binding of a frame. [`session`] answers the editor; [`wire`] frames its messages.
//!
//! Data goes one way: wire → session → timeline → view. Nothing here reads a file: whoever serves hands over what
//! opens a policy and a trace.

mod breakpoint;
mod debuggee;
mod log_message;
mod message;
mod session;
mod timeline;
mod view;
mod watch;
mod wire;

pub use debuggee::{Debuggee, Opener};
pub use message::Launch;
pub use session::serve;
pub use wire::DapError;

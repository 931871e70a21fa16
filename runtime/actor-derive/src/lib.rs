//! The macros that turn ordinary Rust types into actors: `#[derive(Actor)]` for the state,
//! `#[functions]` for what can be called. Use them through `plasma_actor`, which re-exports them.
//!
//! ```ignore
//! use plasma_actor::{Actor, CallError, Context, Ref, functions};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Actor, Serialize, Deserialize)]
//! struct Folder {
//!     files: Vec<Ref<File>>,
//!     #[publish]
//!     depth: u32,
//! }
//!
//! #[functions]
//! impl Folder {
//!     /// Reads the first file.
//!     async fn open(&mut self, cx: &Context) -> Result<u64, CallError> {
//!         self.files[0].read(cx).await
//!     }
//! }
//! ```
//!
//! Both expand to the small traits `Actor`, `Functions` and `Calls`, in code that could have been
//! written by hand.

mod actor;
mod actor_attributes;
mod field;
mod function;
mod functions;
mod mistakes;
mod tokens;
mod value_kind;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Makes a struct the state of an actor. Its name is the actor type in policies; the struct has
/// named fields (or none) and also derives serde's `Serialize` and `Deserialize`.
///
/// **References.** Fields of the types `Ref<T>`, `Option<Ref<T>>` and `Vec<Ref<T>>` are properties
/// that policies can follow: `File(x) in ref(f.files)`. `#[actor(skip)]` keeps such a field out of
/// policies; it is also needed for references in other containers, which policies cannot follow.
///
/// **Published values.** `#[publish]` shows a field to policies: integers as `int`, `f32` and `f64`
/// as `float`, `bool`, `String` as `text`, `std::time::Duration` as `duration`. `#[publish(bytes)]`
/// on an integer and `#[publish(percent)]` (0 to 100) on a number say what is counted.
///
/// **Durability.** `#[actor(checkpoint = "2s")]` on the struct sets how often the state is
/// checkpointed, `#[actor(durable = none)]` turns that off. `#[actor(default)]` lets an actor that
/// was never created begin as `Default::default()` when it is called.
///
/// **Layout.** State crosses servers as bytes without field names. Fields marked `#[serde(skip)]`
/// stay behind and are rebuilt in `activated`; the other fields and their types make up the layout
/// that stands beside the bytes, so that bytes of another layout are refused.
#[proc_macro_derive(Actor, attributes(actor, publish))]
pub fn derive_actor(item: TokenStream) -> TokenStream {
    actor::expand(item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes the functions of an `impl` block callable, from other actors and from clients.
///
/// Every function of the block takes `&mut self` (it runs alone) or `&self` (it runs beside other
/// such functions), then `cx: &Context`, then arguments by value that serde can write and read. It
/// may be `async`, and returns any value that serde can write; of a `Result<R, CallError>` the
/// error ends the call as `CallError::Failed`. Functions that are not to be called stand in another
/// `impl` block.
///
/// `fn activated(&mut self, cx: &Context, origin: Origin)` is not callable: it runs once when an
/// activation begins, and rebuilds what is not part of the written state.
///
/// For a type `Folder` this writes `FolderCall`, an enum of its calls (for timers:
/// `cx.after(pause, FolderCall::Tick)`), and `FolderMethods`, which gives each `Ref<Folder>` a
/// method for each function. The method makes a `Call`: `.await` it for the reply, `.ask()` it and
/// await later, or `.send()` it one way.
#[proc_macro_attribute]
pub fn functions(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let generated = functions::expand(&arguments.into(), item.clone().into())
        .unwrap_or_else(syn::Error::into_compile_error);
    let mut both = item;
    both.extend(TokenStream::from(generated));
    both
}

//! The macros as an application uses them.

mod application;
mod schema;
mod wire;

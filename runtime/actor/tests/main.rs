//! The server core told in stories: calls, errors, failures, moves.

mod actors;
mod world;

mod accounts;
mod bounds;
mod calls;
mod directory;
mod errors;
mod failures;
mod moves;
mod report;
mod sessions;
mod trouble;
mod turns;

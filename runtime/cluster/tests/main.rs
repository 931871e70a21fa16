//! The embedded cluster as a whole: real threads, real moves, nothing lost.

mod accounts;
mod conformance;
mod failures;
mod journal;
mod migrations;
mod run;
mod scaling;

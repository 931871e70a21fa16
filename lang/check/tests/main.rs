//! What checking accepts, reports and means, by example. A report is a snapshot of the source with
//! the rendered diagnostics and the text after each fix; every fix is applied and checked again.

mod accepted;
mod again;
mod calculations;
mod definitions;
mod errors;
mod fixes;
mod habits;
mod lints;
mod meaning;
mod modules;
mod never_panics;
mod pages;
mod report;
mod schema;
mod texts;

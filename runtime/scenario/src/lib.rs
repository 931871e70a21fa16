//! A series of snapshots through the whole pipeline: where they come from (cluster literals,
//! traces), what a policy decides on them, and what the cluster looks like afterwards. Also what the
//! commands and the language server share around that: the settings of a [`project`].

mod apply;
mod control;
mod diff;
mod library_address;
mod literal;
mod module_files;
mod plan;
pub mod plan_text;
mod policy_files;
mod policy_test;
pub mod project;
mod replay;
mod trace;
mod visible;
mod why;

pub use apply::apply;
pub use control::{
    Control, ControlError, Finished, Listener, Measured, Mode, OtherOutcome, Period, policy_hash,
};
pub use diff::{
    Example, ExampleState, Only, PolicyDiff, Proved, RuleDiff, TraceDifferences, Verdict, diff,
    find_in_trace,
};
pub use library_address::{LIBRARY_SCHEME, library_address, library_name};
pub use literal::{LiteralCluster, LiteralError, test_block};
pub use module_files::ModuleFiles;
pub use plan::{Plan, Planner, explained_plan, plan};
pub use policy_files::{POLICY_EXTENSION, Unreadable, is_found_below, policies_below};
pub use policy_test::{
    Coverage, CoverageCount, CoverageKind, TestFailure, TestReport, Uncovered, is_shown,
    retain_shown, run_test,
};
pub use replay::{ActionChange, Cost, Difference, MeanPause, Replayed, TraceTicks};
pub use trace::{TraceMoment, TraceMomentError, printed_decimals, read_moment};
pub use visible::visible;
pub use why::{
    Ask, Firing, Recorded, RecordedAbout, RecordedFate, Subject, Suppressor, ToldMax,
    UnknownSubject, Why, read_recorded, why,
};

//! The nouns of Plasma, without logic: what every other crate talks about.
//!
//! Data flows through these types in one direction (see ARCHITECTURE.md): an engine measures and
//! sends [`Event`]s, a window folds them into a [`Snapshot`], evaluation turns a snapshot into
//! [`Intent`]s, arbitration turns intents into a [`Decision`] whose [`Action`]s go back to the
//! engine. The tables [`METRICS`] and [`BEHAVIORS`] say once what can be measured and what a policy
//! may ask for; the checker, completion, hover, documentation and the REPL read the same rows.

mod action;
mod aggregate;
mod behavior;
mod decision;
mod evaluation_plan;
mod event;
mod id;
mod intent;
mod limit;
mod metric;
mod parse;
mod plan;
mod reservation;
mod resource;
mod snapshot;
mod view;
mod window_function;

pub use action::{Action, ActionBody, ActionId, Outcome, OutcomeResult};
pub use aggregate::{AGGREGATES, Aggregate, AggregateRow, aggregate_row};
pub use behavior::{BEHAVIORS, Behavior, BehaviorRow, Parameter, behavior_row};
pub use decision::{Decision, Reason, Rejection};
pub use evaluation_plan::{
    EvaluationPlan, PlanStep, PlanTest, RulePlan, SharedAggregate, SharedOverTime, TestRoute,
};
pub use event::{
    ActorUpdate, CallsRecord, Event, Field, Hello, LatencyRecord, ServerUpdate, UsageUpdate,
};
pub use id::{ActorId, ServerId};
pub use intent::{Binding, Bounds, Cause, Entity, Goal, Intent, TypeSet};
pub use limit::{
    EVENT_LINE_BYTES_MAX, NESTING_DEPTH_MAX, PERIOD_BINDINGS_MAX, PERIOD_SECONDS_DEFAULT,
    POLICY_BYTES_MAX, POLICY_RULES_MAX, RELEASE_PERIODS_DEFAULT, REQUIREMENT_PRIORITY,
    RULE_BINDINGS_MAX, RULE_STEPS_MAX, RULE_VARIABLES_MAX,
};
pub use metric::{Gauge, METRICS, Metric, MetricScope, Statistic, StatisticRow, metric_row};
pub use plan::{PlanAction, PlanCause, PlanDocument, PlanIntent, PlanRejection, PlanStats};
pub use reservation::Reservations;
pub use resource::{PerResource, Resource};
pub use snapshot::{Actor, Caller, Calls, Latency, Server, Snapshot, Usage, Value};
pub use view::{ActorView, CallsView, Entries, EventView};
pub use window_function::{
    WINDOW_FUNCTIONS, WindowFunction, WindowFunctionRow, window_function_row,
};

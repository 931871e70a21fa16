//! How a policy was evaluated: steps, tests, rows and times, as `plasma plan --explain-plan` tells them.

use serde::{Deserialize, Serialize};

/// How the rules of a program were evaluated last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EvaluationPlan {
    /// What the columns that were read take in memory, names included; those of earlier periods not.
    pub columns_bytes: usize,
    /// In the order of rules and requirements.
    pub rules: Vec<RulePlan>,
    /// What was calculated once for all rules that ask for it.
    pub aggregates: Vec<SharedAggregate>,
    /// Windows and forecasts of single actors and servers, calculated once for each of them.
    pub over_time: Vec<SharedOverTime>,
}

/// How a rule was evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RulePlan {
    /// The rule.
    pub rule: String,
    /// Bindings that it is true of.
    pub matches: usize,
    /// Whether only what changed since the tick before was looked at.
    pub incremental: bool,
    /// Time that the search took, in seconds; `null` if it was not measured.
    pub search_seconds: Option<f64>,
    /// The steps of the search for everything, in their order.
    pub steps: Vec<PlanStep>,
}

/// One step of a search: it binds a variable, or two at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanStep {
    /// What is bound, and from where: `f: calls of clients to Folder.open`; `once` before anything is.
    pub source: String,
    /// Rows that the source has given in all searches so far.
    pub rows_tried: u64,
    /// Rows of them that passed the tests.
    pub rows_kept: u64,
    /// Time it took in all of them without the steps after it, in seconds; `null` if it was not measured.
    pub seconds: Option<f64>,
    /// What is tested at once.
    pub tests: Vec<PlanTest>,
}

/// A test of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanTest {
    /// What is tested, in the language's form.
    pub text: String,
    /// How.
    pub how: TestRoute,
    /// Where it asks for some value of further variables: the searches for one, one for each side of an `or`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub searches: Vec<Vec<PlanStep>>,
}

/// How rows are tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TestRoute {
    /// While the rows are read, before they are rows.
    AsRead,
    /// All rows at once, on columns.
    Columns,
    /// Row by row, by the definition.
    EachRow,
    /// By a search for something that makes it true.
    Search,
}

impl TestRoute {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            TestRoute::AsRead => "as it is read",
            TestRoute::Columns => "all rows at once",
            TestRoute::EachRow => "row by row",
            TestRoute::Search => "for each row until one is found",
        }
    }
}

/// An aggregate over the cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharedAggregate {
    /// As it is written.
    pub text: String,
    /// Its value in its unit; `null` if it is unknown.
    pub value: Option<f64>,
    /// Its unit; empty for a plain number.
    pub unit: String,
    /// The rules that ask for it.
    pub rules: Vec<String>,
}

/// A window or a forecast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharedOverTime {
    /// As it is written where it was asked for first.
    pub text: String,
    /// For how many rows it was asked.
    pub rows: u64,
    /// Of how many actors or servers it was calculated.
    pub calculated: u64,
}

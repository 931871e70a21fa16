//! `plasma diff --format json`.

use plasma_scenario::{Example, ExampleState, PolicyDiff, Proved, RuleDiff, TraceDifferences};
use serde::Serialize;

/// The whole document.
#[derive(Debug, Serialize)]
pub(crate) struct DiffDocument<'d> {
    verdict: &'static str,
    proved: ProvedDocument,
    rules: Vec<RuleDocument<'d>>,
    limits: &'d [String],
    params: &'d [String],
    /// What shows that the policies differ as a whole.
    examples: Vec<ExampleDocument<'d>>,
    /// What the trace shows, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<TraceDocument<'d>>,
}

/// What is proved about all clusters.
#[derive(Debug, Serialize)]
struct ProvedDocument {
    nothing_lost: bool,
    nothing_added: bool,
}

#[derive(Debug, Serialize)]
struct RuleDocument<'d> {
    old: Option<&'d str>,
    new: Option<&'d str>,
    verdict: &'static str,
    proved: ProvedDocument,
    /// The first of the examples.
    example: Option<ExampleDocument<'d>>,
    examples: Vec<ExampleDocument<'d>>,
    changes: &'d [String],
}

#[derive(Debug, Serialize)]
struct ExampleDocument<'d> {
    /// Which policy alone asks for it: `old` or `new`.
    only: &'static str,
    asks: &'d [String],
    /// A test of the new policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    test: Option<&'d str>,
    /// The time of a tick of the trace.
    #[serde(skip_serializing_if = "Option::is_none")]
    t: Option<f64>,
}

#[derive(Debug, Serialize)]
struct TraceDocument<'d> {
    ticks: usize,
    /// At how many of them the policies do otherwise, and the first of these.
    different: usize,
    first: &'d [f64],
}

impl<'d> DiffDocument<'d> {
    /// The document of a comparison, and of what a trace shows.
    pub(crate) fn new(diff: &'d PolicyDiff, in_trace: Option<&'d TraceDifferences>) -> Self {
        DiffDocument {
            verdict: diff.verdict.name(),
            proved: proved(diff.proved),
            rules: diff.rules.iter().map(rule).collect(),
            limits: &diff.limits,
            params: &diff.params,
            examples: diff.examples.iter().map(example).collect(),
            trace: in_trace.map(|found| TraceDocument {
                ticks: found.ticks,
                different: found.acting,
                first: &found.acting_at,
            }),
        }
    }
}

fn proved(proved: Proved) -> ProvedDocument {
    ProvedDocument {
        nothing_lost: proved.nothing_lost,
        nothing_added: proved.nothing_added,
    }
}

fn rule(diff: &RuleDiff) -> RuleDocument<'_> {
    RuleDocument {
        old: diff.old.as_deref(),
        new: diff.new.as_deref(),
        verdict: diff.verdict.name(),
        proved: proved(diff.proved),
        example: diff.examples.first().map(example),
        examples: diff.examples.iter().map(example).collect(),
        changes: &diff.changes,
    }
}

fn example(example: &Example) -> ExampleDocument<'_> {
    let (test, t) = match &example.state {
        ExampleState::Test(text) => (Some(text.as_str()), None),
        ExampleState::Tick { t } => (None, Some(*t)),
    };
    ExampleDocument {
        only: example.only.name(),
        asks: &example.asked,
        test,
        t,
    }
}

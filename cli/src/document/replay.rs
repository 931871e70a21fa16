//! `plasma replay --format json`: one event a line, those without `--against` as recordings hold them.

use plasma_model::{ActionBody, Decision, Event, PlanDocument, PlanIntent};
use plasma_scenario::{Cost, Difference, MeanPause};
use serde::Serialize;
use serde_json::Value as Json;

/// The decision at one tick, as recordings hold it.
pub(crate) fn decision(policy: &str, decision: &Decision) -> Event {
    Event::Decision {
        t: decision.t,
        policy: policy.to_owned(),
        plan: PlanDocument::new(decision, None),
    }
}

/// What two policies do otherwise at one tick.
#[derive(Debug, Serialize)]
pub(crate) struct DifferenceDocument {
    event: &'static str,
    t: f64,
    added: Vec<ActionDocument>,
    dropped: Vec<ActionDocument>,
    changed: Vec<ChangeDocument>,
    /// What only the new policy asks for, and only the old one.
    asks: AsksDocument,
}

#[derive(Debug, Serialize)]
struct ActionDocument {
    #[serde(flatten)]
    body: ActionBody,
    /// The rules that asked for it.
    rules: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ChangeDocument {
    old: ActionDocument,
    new: ActionDocument,
}

#[derive(Debug, Serialize)]
struct AsksDocument {
    added: Vec<AskDocument>,
    dropped: Vec<AskDocument>,
}

#[derive(Debug, Serialize)]
struct AskDocument {
    rule: String,
    behavior: String,
    args: Vec<Json>,
    priority: i64,
}

/// What a whole trace gave.
#[derive(Debug, Serialize)]
pub(crate) struct SummaryDocument {
    event: &'static str,
    ticks: usize,
    /// Whether the trace was replayed to its end.
    complete: bool,
    /// Ticks with actions.
    ticks_with_actions: usize,
    policy: CostDocument,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<CostDocument>,
    /// Ticks at which something is done otherwise, or only asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticks_with_differences: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticks_asking_differently: Option<usize>,
}

#[derive(Debug, Serialize)]
struct CostDocument {
    policy: String,
    moves: usize,
    other_actions: usize,
    refused: usize,
    state_bytes: f64,
    moves_of_unknown_state: usize,
    /// Calls that would have waited for a moving actor, by the pauses recorded; `null` without any.
    held_calls: Option<f64>,
}

/// What is counted over a replay.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counted {
    pub(crate) ticks: usize,
    pub(crate) ticks_with_actions: usize,
    /// Ticks at which the policies do otherwise.
    pub(crate) ticks_with_differences: usize,
    /// Ticks at which they only ask for something else.
    pub(crate) ticks_asking_differently: usize,
}

/// A policy's hash with what its decisions would have cost.
pub(crate) type Costs<'c> = (&'c str, &'c Cost);

impl SummaryDocument {
    pub(crate) fn new(
        counted: Counted,
        complete: bool,
        policy: Costs<'_>,
        against: Option<Costs<'_>>,
        pause: MeanPause,
    ) -> SummaryDocument {
        let cost = |(policy, cost): Costs<'_>| CostDocument {
            policy: policy.to_owned(),
            moves: cost.moves,
            other_actions: cost.other_actions,
            refused: cost.refused,
            state_bytes: cost.state_bytes,
            moves_of_unknown_state: cost.moves_of_unknown_state,
            held_calls: cost.held_calls(pause),
        };
        let is_compared = against.is_some();
        SummaryDocument {
            event: "summary",
            ticks: counted.ticks,
            complete,
            ticks_with_actions: counted.ticks_with_actions,
            policy: cost(policy),
            against: against.map(cost),
            ticks_with_differences: is_compared.then_some(counted.ticks_with_differences),
            ticks_asking_differently: is_compared.then_some(counted.ticks_asking_differently),
        }
    }
}

impl DifferenceDocument {
    pub(crate) fn new(
        difference: &Difference,
        old: &Decision,
        new: &Decision,
    ) -> DifferenceDocument {
        let all = |decision: &Decision, places: &[usize]| {
            let actions = places.iter().filter_map(|place| action(decision, *place));
            actions.collect()
        };
        let changed = difference.changed.iter().filter_map(|change| {
            Some(ChangeDocument {
                old: action(old, change.old)?,
                new: action(new, change.new)?,
            })
        });
        DifferenceDocument {
            event: "difference",
            t: new.t,
            added: all(new, &difference.added),
            dropped: all(old, &difference.dropped),
            changed: changed.collect(),
            asks: AsksDocument {
                added: asks(new, &difference.asked),
                dropped: asks(old, &difference.not_asked),
            },
        }
    }
}

fn action(decision: &Decision, place: usize) -> Option<ActionDocument> {
    Some(ActionDocument {
        body: decision.actions.get(place)?.body.clone(),
        rules: rules_of(decision, place),
    })
}

/// The rules that asked for an action, each once.
pub(crate) fn rules_of(decision: &Decision, place: usize) -> Vec<String> {
    let served = decision.action_intents.get(place).into_iter().flatten();
    let intents = served.filter_map(|intent| decision.intents.get(*intent));
    let mut rules: Vec<String> = Vec::new();
    for cause in intents.filter_map(|intent| intent.causes.first()) {
        if rules.iter().all(|rule| *rule != *cause.rule) {
            rules.push(cause.rule.to_string());
        }
    }
    rules
}

fn asks(decision: &Decision, places: &[usize]) -> Vec<AskDocument> {
    if places.is_empty() {
        return Vec::new();
    }
    let PlanDocument { intents, .. } = PlanDocument::new(decision, None);
    let asks = places.iter().filter_map(|place| {
        let PlanIntent {
            rule,
            behavior,
            args,
            ..
        } = intents.get(*place)?.clone();
        Some(AskDocument {
            rule,
            behavior,
            args,
            priority: decision.intents.get(*place)?.priority,
        })
    });
    asks.collect()
}

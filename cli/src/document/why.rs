//! `plasma why --format json`.

use plasma_eval::{AtomReading, Derivation, Truth};
use plasma_model::{
    ActionBody, ActionId, Binding, Decision, OutcomeResult, PlanDocument, PlanIntent,
};
use plasma_scenario::{Ask, Firing, RecordedFate, Subject, Suppressor, Why};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::command::why::Decided;

/// The whole document.
#[derive(Debug, Serialize)]
pub(crate) struct WhyDocument {
    t: f64,
    subject: String,
    /// The actor or server for which the rule is asked about.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    about: Option<String>,
    derivations: Vec<DerivationDocument>,
    /// How many more firings there are, or where nothing fires, bindings or rules that do not.
    more: usize,
    /// What a recording tells of the decision then.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<RecordedDocument>,
}

#[derive(Debug, Serialize)]
struct DerivationDocument {
    rule: String,
    bindings: Map<String, Json>,
    fired: bool,
    atoms: Vec<Atom>,
    intents: Vec<IntentDocument>,
    actions: Vec<ActionDocument>,
    suppressed_by: Vec<Suppressed>,
}

#[derive(Debug, Serialize)]
struct Atom {
    /// As it stands in the policy.
    text: String,
    /// What was measured, in the base unit; `null` if it is unknown or no number.
    value: Option<f64>,
    /// The constant that it is compared with, where it is.
    threshold: Option<f64>,
    holds: Option<bool>,
    /// The same for people.
    reading: String,
}

#[derive(Debug, Serialize)]
struct IntentDocument {
    behavior: String,
    args: Vec<Json>,
}

#[derive(Debug, Serialize)]
struct ActionDocument {
    id: ActionId,
    #[serde(flatten)]
    body: ActionBody,
    /// Places among the intents of the derivation.
    intents: Vec<usize>,
}

#[derive(Debug, Serialize)]
struct Suppressed {
    /// Place among the intents of the derivation.
    intent: usize,
    kind: &'static str,
    by: Option<String>,
    reason: String,
}

#[derive(Debug, Serialize)]
struct RecordedDocument {
    policy: String,
    same_policy: bool,
    actions: Vec<RecordedAction>,
    rejected: Vec<RecordedRejection>,
}

#[derive(Debug, Serialize)]
struct RecordedAction {
    id: ActionId,
    #[serde(flatten)]
    body: ActionBody,
    ordered: bool,
    outcome: Option<OutcomeResult>,
}

#[derive(Debug, Serialize)]
struct RecordedRejection {
    rule: String,
    behavior: String,
    args: Vec<Json>,
    reason: String,
}

impl WhyDocument {
    /// The document of an explanation; `name` is that of the subject.
    pub(crate) fn new(
        why: &Why,
        subject: &Subject,
        name: &str,
        decided: Option<Decided<'_>>,
    ) -> WhyDocument {
        let plan = PlanDocument::new(&why.plan.decision, None);
        let decision = &why.plan.decision;
        let firings = why.firings.iter();
        let firings = firings.map(|firing| fired(firing, decision, &plan.intents));
        WhyDocument {
            t: decision.t,
            subject: name.to_owned(),
            about: match subject {
                Subject::RuleFor(_, entity) => Some(entity.to_string()),
                Subject::Rule(_) | Subject::Entity(_) => None,
            },
            derivations: firings.chain(why.misses.iter().map(derivation)).collect(),
            more: why.firings_more + why.misses_more,
            recorded: decided.map(|decided| recorded(decided, subject, name)),
        }
    }
}

/// A derivation for which nothing is asked.
fn derivation(derivation: &Derivation) -> DerivationDocument {
    DerivationDocument {
        rule: derivation.rule.to_string(),
        bindings: bindings(&derivation.binding),
        fired: derivation.holds.is_true(),
        atoms: derivation.atoms.iter().map(atom).collect(),
        intents: Vec::new(),
        actions: Vec::new(),
        suppressed_by: Vec::new(),
    }
}

fn fired(firing: &Firing, decision: &Decision, intents: &[PlanIntent]) -> DerivationDocument {
    let asks = || firing.asks.iter().enumerate();
    let asked = |(_, ask): (usize, &Ask)| {
        let intent = intents.get(ask.intent)?;
        Some(IntentDocument {
            behavior: intent.behavior.clone(),
            args: intent.args.clone(),
        })
    };
    let suppressed = |(place, ask): (usize, &Ask)| {
        let reason = ask.refused.as_ref()?;
        let by = Suppressor::of(reason);
        Some(Suppressed {
            intent: place,
            kind: by.kind(),
            by: by.name().map(str::to_owned),
            reason: reason.to_string(),
        })
    };
    let mut places: Vec<usize> = asks().flat_map(|(_, ask)| ask.actions.clone()).collect();
    places.sort_unstable();
    places.dedup();
    let action = |place: usize| {
        let action = decision.actions.get(place)?;
        let serves = asks().filter(|(_, ask)| ask.actions.contains(&place));
        Some(ActionDocument {
            id: action.id,
            body: action.body.clone(),
            intents: serves.map(|(intent, _)| intent).collect(),
        })
    };
    DerivationDocument {
        intents: asks().filter_map(asked).collect(),
        actions: places.into_iter().filter_map(action).collect(),
        suppressed_by: asks().filter_map(suppressed).collect(),
        ..derivation(&firing.derivation)
    }
}

fn bindings(binding: &Binding) -> Map<String, Json> {
    let pairs = binding.iter();
    pairs
        .map(|(name, entity)| (name.to_string(), Json::from(entity.to_string())))
        .collect()
}

fn atom(reading: &AtomReading) -> Atom {
    Atom {
        text: reading.text.clone(),
        value: reading.figures.map(|(value, _)| value),
        threshold: reading.figures.map(|(_, threshold)| threshold),
        holds: match reading.holds {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        },
        reading: reading.to_string(),
    }
}

fn recorded(decided: Decided<'_>, subject: &Subject, name: &str) -> RecordedDocument {
    let (actions, refused) = match decided.about(subject, name) {
        Some(about) => (about.actions, about.refused),
        None => (Vec::new(), Vec::new()),
    };
    let actions = actions.into_iter().map(|(action, fate)| RecordedAction {
        id: action.id,
        body: action.body.clone(),
        ordered: fate != RecordedFate::NotOrdered,
        outcome: match fate {
            RecordedFate::Ended(outcome) => Some(outcome.clone()),
            RecordedFate::NotOrdered | RecordedFate::Unknown => None,
        },
    });
    let rejected = refused
        .into_iter()
        .map(|(intent, refused)| RecordedRejection {
            rule: intent.rule.clone(),
            behavior: intent.behavior.clone(),
            args: intent.args.clone(),
            reason: refused.reason.clone(),
        });
    RecordedDocument {
        policy: decided.recorded.policy.clone(),
        same_policy: decided.is_by_same_policy(),
        actions: actions.collect(),
        rejected: rejected.collect(),
    }
}

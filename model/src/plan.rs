//! The plan document: a decision as `plasma plan --format json` and recordings write it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    ActionBody, ActionId, ActorId, Cause, Decision, Entity, EvaluationPlan, Goal, ServerId, TypeSet,
};

/// A decision in its fixed JSON form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanDocument {
    /// Time of the snapshot that was decided on, in seconds.
    pub t: f64,
    /// One for each distinct behavior and arguments, in order of the first cause.
    pub intents: Vec<PlanIntent>,
    /// What is to be done.
    pub actions: Vec<PlanAction>,
    /// Intents that could not be honoured.
    pub rejected: Vec<PlanRejection>,
    /// Places of the intents of requirements that do not hold after the plan, each with its reason
    /// in `rejected`; left out if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<usize>,
    /// Where each moved actor will be.
    pub placement: BTreeMap<ActorId, ServerId>,
    /// How large the input was and how long it took; recordings leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stats: Option<PlanStats>,
    /// How the policy was evaluated, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaluation: Option<EvaluationPlan>,
}

/// An intent in a plan document; `rule` and `bindings` are those of the first cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanIntent {
    /// Rule of the first cause.
    pub rule: String,
    /// Word of the behavior.
    pub behavior: String,
    /// Its arguments: ids, resources, lists of types.
    pub args: Vec<Json>,
    /// Binding of the first cause.
    pub bindings: serde_json::Map<String, Json>,
    /// Every cause.
    pub causes: Vec<PlanCause>,
}

/// A cause in a plan document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanCause {
    /// The rule that fired.
    pub rule: String,
    /// Its binding.
    pub bindings: serde_json::Map<String, Json>,
}

/// An action in a plan document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanAction {
    /// Number of the action.
    pub id: ActionId,
    /// What to do.
    #[serde(flatten)]
    pub body: ActionBody,
    /// Places of the intents it serves.
    pub intents: Vec<usize>,
}

/// A rejection in a plan document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanRejection {
    /// Place of the intent.
    pub intent: usize,
    /// Why, for people.
    pub reason: String,
}

/// Size of the input and time taken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanStats {
    /// Servers in the snapshot.
    pub servers: usize,
    /// Actors in the snapshot.
    pub actors: usize,
    /// Time to evaluate the rules, in seconds.
    pub evaluate_seconds: f64,
    /// Time to arbitrate, in seconds.
    pub arbitrate_seconds: f64,
}

impl PlanDocument {
    /// The document of a decision.
    pub fn new(decision: &Decision, stats: Option<PlanStats>) -> Self {
        let intents = decision.intents.iter().map(|intent| {
            let causes: Vec<PlanCause> = intent.causes.iter().map(PlanCause::new).collect();
            let first = causes.first();
            PlanIntent {
                rule: first.map(|c| c.rule.clone()).unwrap_or_default(),
                behavior: intent.goal.behavior().name().to_owned(),
                args: goal_arguments(&intent.goal),
                bindings: first.map(|c| c.bindings.clone()).unwrap_or_default(),
                causes,
            }
        });
        let actions = decision.actions.iter().zip(&decision.action_intents);
        PlanDocument {
            t: decision.t,
            intents: intents.collect(),
            actions: actions
                .map(|(action, intents)| PlanAction {
                    id: action.id,
                    body: action.body.clone(),
                    intents: intents.clone(),
                })
                .collect(),
            rejected: decision
                .rejected
                .iter()
                .map(|r| PlanRejection {
                    intent: r.intent,
                    reason: r.reason.to_string(),
                })
                .collect(),
            unmet: decision.unmet.clone(),
            placement: decision.placement.clone(),
            stats,
            evaluation: None,
        }
    }
}

impl PlanCause {
    fn new(cause: &Cause) -> Self {
        let bindings = cause
            .binding
            .iter()
            .map(|(name, entity)| (name.to_string(), Json::from(entity.to_string())))
            .collect();
        PlanCause {
            rule: cause.rule.to_string(),
            bindings,
        }
    }
}

/// As in bindings: actors and servers are separate name spaces.
fn server_argument(server: &ServerId) -> Json {
    Entity::Server(server.clone()).to_string().into()
}

fn goal_arguments(goal: &Goal) -> Vec<Json> {
    match goal {
        Goal::Pin { actor } | Goal::Passivate { actor } | Goal::Checkpoint { actor } => {
            vec![actor.as_str().into()]
        }
        Goal::Alert { text } => vec![text.as_ref().into()],
        Goal::Drain { server } => vec![server_argument(server)],
        Goal::ScaleOut { count } | Goal::ScaleIn { count } => vec![(*count).into()],
        Goal::Migrate { actor, to } => vec![actor.as_str().into(), server_argument(to)],
        Goal::Reserve { actor, resource } => vec![actor.as_str().into(), resource.name().into()],
        Goal::Separate { a, b } | Goal::Colocate { a, b } => {
            vec![a.as_str().into(), b.as_str().into()]
        }
        Goal::Spread { types, by } => {
            let label = by.iter().map(|label| label.as_ref().into());
            std::iter::once(types_argument(types))
                .chain(label)
                .collect()
        }
        Goal::Balance {
            types, resource, ..
        } => vec![types_argument(types), resource.name().into()],
    }
}

fn types_argument(types: &TypeSet) -> Json {
    let names: Vec<Json> = match types {
        TypeSet::Any => vec!["any".into()],
        TypeSet::Of(types) => types.iter().map(|t| t.as_ref().into()).collect(),
    };
    names.into()
}

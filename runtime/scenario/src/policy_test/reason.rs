//! What was there instead of what a test expects, and why: what fires, what comes nearest, what
//! arbitration refused.

use std::sync::Arc;

use plasma_check::program::{ActorRef, AtomKind, BehaviorKind, Rule, TestArgument, TestCondition};
use plasma_eval::{Derivation, explain, nearest};
use plasma_model::{ActionBody, ActorId, Binding, Decision, Entity, Intent};

use super::Evaluation;
use super::expectation::{WantedBehavior, condition_now, intents};
use crate::why::may_be;

/// At most so many rules are explained.
const RULES_MAX: usize = 3;

/// At most so many moves are listed.
const MOVES_MAX: usize = 5;

/// What a failure shows: what was there, and why.
type Shown = (String, Vec<String>);

/// The plan is not empty.
pub(super) fn actions(evaluation: &Evaluation<'_>) -> Shown {
    let decision = evaluation.decision;
    let count = decision.actions.len();
    let moves = (0..count).filter_map(|place| move_line(decision, place));
    let mut lines: Vec<String> = moves.take(MOVES_MAX).collect();
    if count > MOVES_MAX {
        lines.push(format!("and {} more", count - MOVES_MAX));
    }
    let served = decision.action_intents.first().into_iter().flatten();
    let mut intents = served.filter_map(|place| decision.intents.get(*place));
    let why = intents
        .next()
        .map_or_else(Vec::new, |intent| causes(intent, evaluation));
    (lines.join("; "), why)
}

/// `f moves s1 -> s2 for reserve(f, cpu) (hot)`, `checkpoint f for checkpoint(f) (calm)`
fn move_line(decision: &Decision, place: usize) -> Option<String> {
    let action = decision.actions.get(place)?;
    let served = decision.action_intents.get(place)?.iter();
    let goals: Vec<String> = served
        .filter_map(|place| Some(wish(decision.intents.get(*place)?)))
        .collect();
    let done = match &action.body {
        ActionBody::Migrate { actor, from, to } => format!("{actor} moves {from} -> {to}"),
        other => other.to_string(),
    };
    Some(format!("{done} for {}", goals.join(", ")))
}

/// `reserve(f, cpu) (hot)`
fn wish(intent: &Intent) -> String {
    let rule = intent
        .causes
        .first()
        .map_or("?", |cause| cause.rule.as_ref());
    format!("{} ({rule})", intent.goal)
}

/// A behavior that should not be there is.
pub(super) fn behavior_there(wanted: &WantedBehavior<'_>, evaluation: &Evaluation<'_>) -> Shown {
    let decision = evaluation.decision;
    if wanted.name == "migrate" {
        let moves = super::expectation::actions(wanted, decision);
        let places: Vec<usize> = moves.map(|(place, _)| place).collect();
        let lines = places
            .iter()
            .filter_map(|place| move_line(decision, *place));
        let served = places
            .iter()
            .filter_map(|place| decision.action_intents.get(*place));
        let first = served
            .flatten()
            .next()
            .and_then(|place| decision.intents.get(*place));
        let why = first.map_or_else(Vec::new, |intent| causes(intent, evaluation));
        return (lines.collect::<Vec<_>>().join("; "), why);
    }
    let asked = intents(wanted, &evaluation.program.schema, decision);
    let asked: Vec<&Intent> = asked.map(|(_, intent)| intent).collect();
    let wishes: Vec<String> = asked.iter().map(|intent| wish(intent)).collect();
    let why = asked
        .first()
        .map_or_else(Vec::new, |intent| causes(intent, evaluation));
    (wishes.join(", "), why)
}

/// A behavior that should be there is not.
pub(super) fn behavior_missing(wanted: &WantedBehavior<'_>, evaluation: &Evaluation<'_>) -> Shown {
    let decision = evaluation.decision;
    let schema = &evaluation.program.schema;
    let mut asked = intents(wanted, schema, decision);
    if let Some((place, intent)) = asked.next() {
        let refused = decision.rejected.iter().find(|r| r.intent == place);
        if let Some(rejection) = refused {
            let actual = format!("{} is refused: {}", wish(intent), rejection.reason);
            return (actual, causes(intent, evaluation));
        }
    }
    let anybodys = WantedBehavior {
        by: None,
        ..*wanted
    };
    if let Some((_, intent)) = intents(&anybodys, schema, decision).next() {
        let actual = format!("{} and not by {}", wish(intent), wanted.by.unwrap_or("?"));
        let mut why = causes(intent, evaluation);
        why.extend(nearest_of(
            rules_of(wanted, evaluation),
            wanted.arguments,
            evaluation,
        ));
        return (actual, why);
    }
    let actual = match wanted.name {
        "migrate" => "it does not move",
        _ => "nothing asks for it",
    };
    let mut why = nearest_of(rules_of(wanted, evaluation), wanted.arguments, evaluation);
    if wanted.name == "migrate" {
        why.extend(refusals(wanted.arguments, evaluation));
    }
    (actual.to_owned(), why)
}

/// A condition that does not hold, or cannot be told.
pub(super) fn condition(condition: &TestCondition, evaluation: &Evaluation<'_>) -> Shown {
    let Some(found) = condition_now(condition, evaluation) else {
        let gone = condition.bound.iter().map(|(_, entity)| entity);
        let mut gone = gone.filter(|entity| match entity {
            Entity::Actor(id) => evaluation.after.live_actor(id).is_none(),
            Entity::Server(id) => !evaluation.after.servers().contains_key(id),
        });
        let name = gone.next().map_or_else(String::new, Entity::to_string);
        return (format!("{name} is not there at this time"), Vec::new());
    };
    let shown: Vec<String> = found.atoms.iter().map(ToString::to_string).collect();
    let actual = match shown.is_empty() {
        true => format!("it is {}", found.holds),
        false => shown.join(", "),
    };
    let moved = placed_actors(condition);
    if moved.is_empty() || found.holds.is_true() {
        return (actual, Vec::new());
    }
    let mut why = refusals(&moved, evaluation);
    let rules = evaluation.program.rules.iter();
    let moving = rules.filter(|rule| rule.behaviors.iter().any(|b| may_move(&b.kind)));
    why.extend(nearest_of(moving.collect(), &moved, evaluation));
    (actual, why)
}

/// The actors whose place a condition is about.
fn placed_actors(condition: &TestCondition) -> Vec<TestArgument> {
    let mut actors = Vec::new();
    condition.condition.for_each_atom(&mut |atom, _| {
        if let AtomKind::On {
            actor: ActorRef::Variable(variable),
            ..
        } = &atom.kind
        {
            let bound = condition.bound.iter().find(|(id, _)| id == variable);
            if let Some((_, Entity::Actor(id))) = bound {
                actors.push(TestArgument::Actor(id.clone()));
            }
        }
    });
    actors
}

fn may_move(behavior: &BehaviorKind) -> bool {
    !matches!(
        behavior,
        BehaviorKind::Pin(_)
            | BehaviorKind::ScaleOut(_)
            | BehaviorKind::Alert(_)
            | BehaviorKind::Passivate(_)
            | BehaviorKind::Checkpoint(_)
    )
}

/// What was asked for about these actors, and refused.
fn refusals(arguments: &[TestArgument], evaluation: &Evaluation<'_>) -> Vec<String> {
    let decision = evaluation.decision;
    let is_about = |intent: &Intent| {
        arguments.iter().any(|argument| match argument {
            TestArgument::Actor(id) => mentions(intent, id),
            _ => false,
        })
    };
    let refused = decision.rejected.iter().filter_map(|rejection| {
        let intent = decision.intents.get(rejection.intent)?;
        is_about(intent).then(|| format!("{} is refused: {}", wish(intent), rejection.reason))
    });
    refused.collect()
}

fn mentions(intent: &Intent, actor: &ActorId) -> bool {
    intent.causes.iter().any(|cause| {
        let mut values = cause.binding.iter().map(|(_, entity)| entity);
        values.any(|entity| matches!(entity, Entity::Actor(id) if id == actor))
    })
}

/// Why an intent is there: the derivation of its first cause.
fn causes(intent: &Intent, evaluation: &Evaluation<'_>) -> Vec<String> {
    let Some(cause) = intent.causes.first() else {
        return Vec::new();
    };
    let found = explain(
        evaluation.program,
        (evaluation.columns, evaluation.past),
        evaluation.reservations,
        cause.rule_index,
        &cause.binding,
    );
    found.map_or_else(Vec::new, |derivation| lines(&derivation))
}

/// The rules that ask for a behavior, or the one that is named.
fn rules_of<'e>(wanted: &WantedBehavior<'_>, evaluation: &Evaluation<'e>) -> Vec<&'e Rule> {
    let rules = evaluation.program.rules_and_requirements();
    let asks = |rule: &&Rule| match wanted.by {
        Some(name) => rule.name.as_ref() == name,
        None if wanted.name == "migrate" => rule.behaviors.iter().any(|b| may_move(&b.kind)),
        None => rule.behaviors.iter().any(|b| b.kind.name() == wanted.name),
    };
    rules.filter(asks).collect()
}

/// How near these rules come to firing for these actors.
fn nearest_of(
    rules: Vec<&Rule>,
    arguments: &[TestArgument],
    evaluation: &Evaluation<'_>,
) -> Vec<String> {
    let mut shown = Vec::new();
    for rule in rules.into_iter().take(RULES_MAX) {
        let fixed = fixed(rule, arguments, evaluation);
        let found = nearest(
            evaluation.program,
            (evaluation.columns, evaluation.past),
            evaluation.reservations,
            rule.index,
            (&fixed, &|_| true),
        );
        match found {
            Some(derivation) => shown.extend(lines(&derivation)),
            None => shown.push(format!("{}: nothing that it could be about", rule.name)),
        }
    }
    shown
}

/// The variables of a rule that can only be the actors named: those of its behaviors, if they are of
/// the actor's type.
fn fixed(rule: &Rule, arguments: &[TestArgument], evaluation: &Evaluation<'_>) -> Binding {
    let mut binding = Binding::new();
    let actors = arguments.iter().filter_map(|argument| match argument {
        TestArgument::Actor(id) => Some(id),
        _ => None,
    });
    let mut actors = actors.peekable();
    for behavior in &rule.behaviors {
        for actor in behavior.kind.actors() {
            let (ActorRef::Variable(variable), Some(id)) = (actor, actors.peek()) else {
                continue;
            };
            let Some(variable) = rule.variables.get(variable.0 as usize) else {
                continue;
            };
            let entity = Entity::Actor((*id).clone());
            let schema = &evaluation.program.schema;
            if may_be(&variable.range, &entity, schema, evaluation.columns) {
                let pair = (Arc::clone(&variable.name), entity);
                if !binding.contains(&pair) {
                    binding.push(pair);
                }
                actors.next();
            }
        }
    }
    binding
}

/// `hot does not fire for f = f:` and what fails; all of it where it fires.
fn lines(derivation: &Derivation) -> Vec<String> {
    let binding: Vec<String> = derivation
        .binding
        .iter()
        .map(|(name, entity)| format!("{name} = {entity}"))
        .collect();
    let fires = match derivation.holds.is_true() {
        true => "fires",
        false => "does not fire",
    };
    let whom = match binding.is_empty() {
        true => String::new(),
        false => format!(" for {}", binding.join(", ")),
    };
    let mut lines = vec![format!("{} {fires}{whom}", derivation.rule)];
    let shown = derivation
        .atoms
        .iter()
        .filter(|atom| derivation.holds.is_true() || !atom.holds.is_true());
    lines.extend(shown.map(|atom| format!("  {atom}")));
    lines
}

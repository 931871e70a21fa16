//! Truths of a condition, for all rows of a batch at once.

use plasma_check::program::{
    ActorRef, Atom, AtomKind, Comparison, Condition, EntityRef, Rule, VariableId,
};
use plasma_columns::PropertyNo;
use plasma_model::Value;

use super::batch::Batch;
use super::call::CallNumber;
use super::machine::Machine;
use super::measured::{Host, host, variable};
use super::number::Number;
use super::scope::Scope;
use super::some_ref::SomeRef;
use super::text::{self, Text};
use crate::Truth;

/// A condition that each row decides by itself.
#[derive(Debug)]
pub(crate) enum Predicate {
    Constant(Truth),
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
    Sustained(Box<Predicate>, f64),
    Compare(Box<Number>, Comparison, Box<Number>),
    SameActor(VariableId, VariableId, bool),
    SameServer(Host, Host, bool),
    InRef {
        member: VariableId,
        owner: VariableId,
        property: PropertyNo,
    },
    SomeRef(SomeRef),
    On(VariableId, Host),
    Published(VariableId, PropertyNo),
    SameText(Text, Text, bool),
}

impl Predicate {
    /// The predicate of a condition; `None` if a row does not decide it by itself.
    pub(crate) fn of(condition: &Condition, rule: &Rule, scope: &Scope<'_>) -> Option<Predicate> {
        let predicate = |condition| Predicate::of(condition, rule, scope);
        Some(match condition {
            Condition::Constant(value) => Predicate::Constant(Truth::from(*value)),
            Condition::And(parts) => {
                let parts: Option<Vec<Predicate>> = parts.iter().map(predicate).collect();
                Predicate::All(parts?)
            }
            Condition::Or(sides) => {
                let side = |condition, locals: &[VariableId]| match locals {
                    [] => predicate(condition),
                    _ => None,
                };
                let sides = sides.iter().map(|s| side(&s.condition, &s.locals));
                let sides: Option<Vec<Predicate>> = sides.collect();
                Predicate::Any(sides?)
            }
            Condition::Not(inner) => Predicate::Not(Box::new(predicate(inner)?)),
            Condition::Sustained {
                condition,
                window_seconds,
                ..
            } => Predicate::Sustained(Box::new(predicate(condition)?), *window_seconds),
            Condition::Atom(atom) => Predicate::of_atom(atom, rule, scope)?,
        })
    }

    fn of_atom(atom: &Atom, rule: &Rule, scope: &Scope<'_>) -> Option<Predicate> {
        Some(match &atom.kind {
            AtomKind::Compare {
                left,
                comparison,
                right,
            } => {
                let left = Number::of(left, rule, scope)?;
                let right = Number::of(right, rule, scope)?;
                Predicate::Compare(Box::new(left), *comparison, Box::new(right))
            }
            AtomKind::Same { left, right, equal } => match (left, right) {
                (EntityRef::Actor(left), EntityRef::Actor(right)) => {
                    Predicate::SameActor(variable(left)?, variable(right)?, *equal)
                }
                (EntityRef::Server(left), EntityRef::Server(right)) => {
                    Predicate::SameServer(host(left)?, host(right)?, *equal)
                }
                _ => return None,
            },
            AtomKind::InRef {
                member: ActorRef::Variable(member),
                owner: ActorRef::Variable(owner),
                property: Some(name),
            } => Predicate::InRef {
                member: *member,
                owner: *owner,
                property: scope.property(name),
            },
            AtomKind::InRef { .. } => Predicate::SomeRef(SomeRef::of(&atom.kind, scope)?),
            AtomKind::On { actor, server } => Predicate::On(variable(actor)?, host(server)?),
            AtomKind::Published {
                actor,
                property: name,
            } => Predicate::Published(variable(actor)?, scope.property(name)),
            AtomKind::CompareText { left, right, equal } => {
                Predicate::SameText(Text::of(left, scope)?, Text::of(right, scope)?, *equal)
            }
        })
    }

    /// Its truth in each row, at a moment.
    pub(crate) fn truths(
        &self,
        machine: &Machine<'_, '_>,
        batch: &Batch,
        moment: usize,
    ) -> Vec<Truth> {
        let scope = machine.scope;
        let frame = scope.frame(moment);
        match self {
            Predicate::Constant(truth) => vec![*truth; batch.rows()],
            Predicate::All(parts) => {
                let parts = parts.iter().map(|part| part.truths(machine, batch, moment));
                combined(parts, Truth::True, batch.rows(), Truth::min)
            }
            Predicate::Any(sides) => {
                let sides = sides.iter().map(|side| side.truths(machine, batch, moment));
                combined(sides, Truth::False, batch.rows(), Truth::max)
            }
            Predicate::Not(inner) => {
                let truths = inner.truths(machine, batch, moment).into_iter();
                truths.map(|truth| !truth).collect()
            }
            Predicate::Sustained(inner, window_seconds) => {
                let Some(moments) = scope.moments(*window_seconds, moment) else {
                    return vec![Truth::Unknown; batch.rows()];
                };
                let each = moments.map(|moment| inner.truths(machine, batch, moment));
                combined(each, Truth::True, batch.rows(), Truth::min)
            }
            Predicate::Compare(left, comparison, right) => {
                let left = left.values(machine, batch, moment);
                match right.as_ref() {
                    Number::Constant(right) => left
                        .iter()
                        .map(|left| compared(*left, *comparison, *right))
                        .collect(),
                    right => {
                        let right = right.values(machine, batch, moment);
                        let pairs = left.iter().zip(&right);
                        pairs
                            .map(|(left, right)| compared(*left, *comparison, *right))
                            .collect()
                    }
                }
            }
            Predicate::SameActor(left, right, equal) => {
                let pairs = batch.of(*left).iter().zip(batch.of(*right));
                pairs
                    .map(|(left, right)| Truth::from((left == right) == *equal))
                    .collect()
            }
            Predicate::SameServer(left, right, equal) => {
                let left = left.map(scope, batch, |no| no).into_iter();
                let pairs = left.zip(right.map(scope, batch, |no| no));
                pairs
                    .map(|(left, right)| Truth::from((left == right) == *equal))
                    .collect()
            }
            Predicate::InRef {
                member,
                owner,
                property,
            } => {
                let refs = frame.refs(*property);
                let is_in = |(member, owner): (&u32, &u32)| {
                    let members = refs.and_then(|refs| refs.of(*owner));
                    members.map_or(Truth::Unknown, |of| Truth::from(of.contains(member)))
                };
                batch
                    .of(*member)
                    .iter()
                    .zip(batch.of(*owner))
                    .map(is_in)
                    .collect()
            }
            Predicate::SameText(left, right, equal) => {
                text::compared((left, right, *equal), scope, batch, moment)
            }
            Predicate::SomeRef(reference) => reference.truths(scope, batch, moment),
            Predicate::On(actor, server) => {
                // Hosts are those of the present.
                let hosts = Host::Of(*actor).map(scope, batch, |no| no).into_iter();
                let pairs = hosts.zip(server.map(scope, batch, |no| no));
                pairs
                    .map(|(host, server)| Truth::from(host == server))
                    .collect()
            }
            Predicate::Published(actor, property) => {
                let published = frame.published(*property);
                let of_actor = |no: &u32| {
                    let value = published.and_then(|published| published.other(*no));
                    match value {
                        Some(Value::Bool(value))
                            if frame.servers.has_reported(frame.host_of(*no)) =>
                        {
                            Truth::from(*value)
                        }
                        _ => Truth::Unknown,
                    }
                };
                batch.of(*actor).iter().map(of_actor).collect()
            }
        }
    }

    /// Visits the numbers that it compares.
    pub(crate) fn for_each_number<'p>(&'p self, visit: &mut dyn FnMut(&'p Number)) {
        match self {
            Predicate::All(parts) | Predicate::Any(parts) => {
                parts.iter().for_each(|part| part.for_each_number(visit));
            }
            Predicate::Not(inner) | Predicate::Sustained(inner, _) => inner.for_each_number(visit),
            Predicate::Compare(left, _, right) => {
                visit(left);
                visit(right);
            }
            _ => {}
        }
    }

    /// Whether it asks about calls.
    pub(crate) fn asks_calls(&self) -> bool {
        match self {
            Predicate::All(parts) | Predicate::Any(parts) => {
                parts.iter().any(Predicate::asks_calls)
            }
            Predicate::Not(inner) | Predicate::Sustained(inner, _) => inner.asks_calls(),
            Predicate::Compare(left, _, right) => left.asks_calls() || right.asks_calls(),
            _ => false,
        }
    }

    /// Makes calls that a step has found be read at their places.
    pub(crate) fn use_places(&mut self, of_step: &dyn Fn(&CallNumber) -> Option<usize>) {
        match self {
            Predicate::All(parts) | Predicate::Any(parts) => {
                parts.iter_mut().for_each(|part| part.use_places(of_step));
            }
            Predicate::Not(inner) | Predicate::Sustained(inner, _) => inner.use_places(of_step),
            Predicate::Compare(left, _, right) => {
                left.use_places(of_step);
                right.use_places(of_step);
            }
            _ => {}
        }
    }
}

#[inline]
fn compared(left: f64, comparison: Comparison, right: f64) -> Truth {
    match left.is_nan() || right.is_nan() {
        true => Truth::Unknown,
        false => Truth::from(comparison.holds(left, right)),
    }
}

fn combined(
    parts: impl Iterator<Item = Vec<Truth>>,
    of_nothing: Truth,
    rows: usize,
    combine: impl Fn(Truth, Truth) -> Truth,
) -> Vec<Truth> {
    let mut result = vec![of_nothing; rows];
    for part in parts {
        for (truth, more) in result.iter_mut().zip(part) {
            *truth = combine(*truth, more);
        }
    }
    result
}

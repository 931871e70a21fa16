//! Why a policy decides what it does on one snapshot: what fired and on which figures, what it asked
//! for and what arbitration made of that; or what comes nearest to firing.
//!
//! Decision and explanation are of one evaluator: a firing is told here if, and only if, it is one of
//! the evaluation that the plan is made of.

mod binds;
mod hosts;
mod misses;
mod recorded;
mod subject;
mod suppressed;

use std::collections::BTreeMap;

use plasma_check::program::{CheckedProgram, Rule, Scope};
use plasma_columns::Columns;
use plasma_eval::{Derivation, Past, each_derivation, explain};
use plasma_model::{ActionBody, Binding, Decision, Entity, Reason, Reservations};

pub(crate) use binds::may_be;
use misses::Misses;
pub use recorded::{Recorded, RecordedAbout, RecordedFate, read_recorded};
pub use subject::{Subject, UnknownSubject};
pub use suppressed::Suppressor;

use crate::{Plan, plan};

/// Why a policy does what it does about one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The whole plan.
    pub plan: Plan,
    /// What fired and concerns the subject, by rule, then binding.
    pub firings: Vec<Firing>,
    /// How many more fired.
    pub firings_more: usize,
    /// Where nothing fired: what comes nearest to it, the nearest first.
    pub misses: Vec<Derivation>,
    /// How many more do not fire.
    pub misses_more: usize,
    /// Whether so many bindings are possible that only the first were looked at for what comes nearest.
    pub is_cut: bool,
}

/// A rule that fired for one binding.
#[derive(Clone, Debug, PartialEq)]
pub struct Firing {
    /// Why.
    pub derivation: Derivation,
    /// What it asked for, in the order of the plan's intents; nothing if it was about an actor and itself.
    pub asks: Vec<Ask>,
}

/// What a firing asked for, and what arbitration made of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Place among the intents of the decision.
    pub intent: usize,
    /// Places of the actions that serve it, those about the subject first. None, and no refusal: it holds
    /// already.
    pub actions: Vec<usize>,
    /// Why it was refused, or a part of it.
    pub refused: Option<Reason>,
}

/// How much is told; the rest is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldMax {
    /// So many firings.
    pub firings: usize,
    /// So many bindings, or rules, that come near to firing.
    pub misses: usize,
}

/// Explains what a policy decides on one snapshot and those before it, with nothing reserved before.
pub fn why(
    program: &CheckedProgram,
    (columns, past): (&Columns, &Past),
    subject: &Subject,
    told_max: ToldMax,
) -> Why {
    let teller = Teller {
        program,
        columns,
        past,
        subject,
        plan: plan(program, columns, past),
        nothing_held: Reservations::default(),
    };
    teller.tell(told_max)
}

struct Teller<'w> {
    program: &'w CheckedProgram,
    columns: &'w Columns,
    past: &'w Past,
    subject: &'w Subject,
    plan: Plan,
    nothing_held: Reservations,
}

impl Teller<'_> {
    fn tell(self, told_max: ToldMax) -> Why {
        let fired = self.fired();
        let firings_more = fired.len().saturating_sub(told_max.firings);
        let firings: Vec<Firing> = fired
            .iter()
            .take(told_max.firings)
            .filter_map(|((rule, binding), places)| self.firing(*rule, binding, places))
            .collect();
        let mut misses = Misses::new(told_max.misses);
        if fired.is_empty() {
            self.add_misses(&mut misses);
        }
        Why {
            plan: self.plan,
            firings,
            firings_more,
            misses: misses.nearest.into_iter().map(|(_, miss)| miss).collect(),
            misses_more: misses.more,
            is_cut: misses.is_cut,
        }
    }

    /// The firings that concern the subject, with the places of their intents.
    fn fired(&self) -> BTreeMap<(usize, Binding), Vec<usize>> {
        let mut fired: BTreeMap<(usize, Binding), Vec<usize>> = BTreeMap::new();
        let mut concerned = Vec::new();
        for (place, intent) in self.plan.decision.intents.iter().enumerate() {
            let concerns_goal = self.concerns_intent(place);
            for cause in &intent.causes {
                let key = (cause.rule_index, cause.binding.clone());
                let is_of_rule = match self.subject {
                    Subject::RuleFor(index, _) => *index == cause.rule_index,
                    Subject::Rule(_) | Subject::Entity(_) => true,
                };
                if (concerns_goal && is_of_rule)
                    || self.concerns_binding(cause.rule_index, &cause.binding)
                {
                    concerned.push(key.clone());
                }
                fired.entry(key).or_default().push(place);
            }
        }
        self.add_without_intents(&mut fired, &mut concerned);
        concerned.sort();
        concerned.dedup();
        concerned
            .into_iter()
            .filter_map(|key| fired.remove_entry(&key))
            .collect()
    }

    /// Firings that ask for nothing, such as `colocate(f, f)`, leave no trace among the intents.
    fn add_without_intents(
        &self,
        fired: &mut BTreeMap<(usize, Binding), Vec<usize>>,
        concerned: &mut Vec<(usize, Binding)>,
    ) {
        for rule in self.program.rules_and_requirements() {
            let known = fired.keys().filter(|(index, _)| *index == rule.index);
            let counted = self
                .plan
                .fired
                .iter()
                .find(|(name, _)| **name == *rule.name);
            let is_required = self.program.rules.iter().all(|r| r.index != rule.index);
            if !is_required && counted.map_or(0, |(_, count)| *count) == known.count() {
                continue;
            }
            for fixed in self.fixed(rule) {
                self.each(rule, &fixed, &mut |derivation| {
                    let key = (rule.index, derivation.binding.clone());
                    if derivation.holds.is_true()
                        && self.concerns_binding(rule.index, &derivation.binding)
                        && !fired.contains_key(&key)
                    {
                        fired.insert(key.clone(), Vec::new());
                        concerned.push(key);
                    }
                });
            }
        }
    }

    /// The bindings of a rule that may concern the subject, by what is fixed in them.
    fn fixed(&self, rule: &Rule) -> Vec<Binding> {
        let about = match self.subject {
            Subject::Rule(index) if *index == rule.index => return vec![Binding::new()],
            Subject::RuleFor(index, entity) if *index == rule.index => entity,
            Subject::Rule(_) | Subject::RuleFor(..) => return Vec::new(),
            Subject::Entity(entity) => entity,
        };
        match about {
            // Whose host it is, is not known beforehand.
            entity if hosts::may_name(rule, entity) => vec![Binding::new()],
            entity => self.fixed_to(rule, entity),
        }
    }

    /// The same for each variable that may stand for an actor or a server.
    fn fixed_to(&self, rule: &Rule, entity: &Entity) -> Vec<Binding> {
        let variables = rule.variables.iter().filter(|v| v.scope == Scope::Rule);
        let fitting = variables.filter(|variable| {
            let (schema, columns) = (&self.program.schema, self.columns);
            may_be(&variable.range, entity, schema, columns)
        });
        fitting
            .map(|variable| vec![(variable.name.clone(), entity.clone())])
            .collect()
    }

    fn each(&self, rule: &Rule, fixed: &Binding, visit: &mut dyn FnMut(Derivation)) -> bool {
        let world = (self.columns, self.past);
        each_derivation(
            self.program,
            world,
            &self.nothing_held,
            rule.index,
            fixed,
            visit,
        )
    }

    fn concerns_binding(&self, rule_index: usize, binding: &Binding) -> bool {
        match self.subject {
            Subject::Rule(index) => *index == rule_index,
            Subject::RuleFor(index, entity) => {
                *index == rule_index && self.is_about(rule_index, binding, entity)
            }
            Subject::Entity(entity) => self.is_about(rule_index, binding, entity),
        }
    }

    /// Whether a binding has an actor or a server in it, or speaks of a server as the host of one, or as the bare
    /// `server`.
    fn is_about(&self, rule_index: usize, binding: &Binding, entity: &Entity) -> bool {
        if binding.iter().any(|(_, bound)| bound == entity) {
            return true;
        }
        self.program.rule(rule_index).is_some_and(|rule| {
            self.names_host(rule, binding, entity)
                || self
                    .with_bare_server(rule, entity, binding)
                    .is_some_and(|found| found.holds.is_true())
        })
    }

    /// Whether an intent is about the subject whoever asks for it: it names it, may move it, or an action
    /// for it does.
    fn concerns_intent(&self, place: usize) -> bool {
        let Some(entity) = self.subject.entity() else {
            return false;
        };
        let decision = &self.plan.decision;
        let is_named = decision
            .intents
            .get(place)
            .is_some_and(|intent| binds::is_about(&intent.goal, entity, self.columns));
        is_named || actions_for(decision, place).any(|action| binds::acts_on(action, entity))
    }

    fn firing(&self, rule_index: usize, binding: &Binding, places: &[usize]) -> Option<Firing> {
        let world = (self.columns, self.past);
        let held = &self.nothing_held;
        // A bare `server` is the one asked about, if it fires with that one.
        let with_subject = self.program.rule(rule_index).and_then(|rule| {
            let found = self.with_bare_server(rule, self.subject.entity()?, binding)?;
            found.holds.is_true().then_some(found)
        });
        let derivation =
            with_subject.or_else(|| explain(self.program, world, held, rule_index, binding))?;
        let decision = &self.plan.decision;
        let asks = places.iter().map(|place| Ask {
            intent: *place,
            actions: self.own_first(served_by(decision, *place).collect()),
            refused: decision
                .rejected
                .iter()
                .find(|rejection| rejection.intent == *place)
                .map(|rejection| rejection.reason.clone()),
        });
        Some(Firing {
            derivation,
            asks: asks.collect(),
        })
    }

    /// Places of actions, those that are about the subject first.
    fn own_first(&self, mut places: Vec<usize>) -> Vec<usize> {
        if let Some(entity) = self.subject.entity() {
            let actions = &self.plan.decision.actions;
            places.sort_by_key(|place| {
                let action = actions.get(*place);
                !action.is_some_and(|action| binds::acts_on(&action.body, entity))
            });
        }
        places
    }
}

/// The places of the actions that serve an intent.
fn served_by(decision: &Decision, place: usize) -> impl Iterator<Item = usize> {
    let served = decision.action_intents.iter().enumerate();
    served
        .filter(move |(_, intents)| intents.contains(&place))
        .map(|(action, _)| action)
}

fn actions_for(decision: &Decision, place: usize) -> impl Iterator<Item = &ActionBody> {
    served_by(decision, place)
        .filter_map(|action| decision.actions.get(action))
        .map(|action| &action.body)
}

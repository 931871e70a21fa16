//! Why a policy decides what it does on one snapshot: what fired and on which figures, what it asked
//! for and what arbitration made of that; or what comes nearest to firing.
//!
//! Decision and explanation are of one evaluator: a firing is told here if, and only if, it is one of
//! the evaluation that the plan is made of.

mod binds;
mod recorded;
mod subject;
mod suppressed;

use std::collections::BTreeMap;

use plasma_check::program::{CheckedProgram, Rule, Scope};
use plasma_columns::Columns;
use plasma_eval::{Derivation, Nearness, Past, each_derivation, explain, nearest};
use plasma_model::{ActionBody, Binding, Decision, Entity, Reason, Reservations};

pub(crate) use binds::may_be;
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
                if concerns_goal || self.concerns_binding(cause.rule_index, &cause.binding) {
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
                    if derivation.holds.is_true() && !fired.contains_key(&key) {
                        fired.insert(key.clone(), Vec::new());
                        concerned.push(key);
                    }
                });
            }
        }
    }

    /// The bindings of a rule that concern the subject, by what is fixed in them.
    fn fixed(&self, rule: &Rule) -> Vec<Binding> {
        match self.subject {
            Subject::Rule(index) if *index == rule.index => vec![Binding::new()],
            Subject::Rule(_) => Vec::new(),
            Subject::Entity(entity) => {
                let variables = rule.variables.iter().filter(|v| v.scope == Scope::Rule);
                let fitting = variables.filter(|variable| {
                    let (schema, columns) = (&self.program.schema, self.columns);
                    may_be(&variable.range, entity, schema, columns)
                });
                let pair = |v: &plasma_check::program::Variable| (v.name.clone(), entity.clone());
                fitting.map(|variable| vec![pair(variable)]).collect()
            }
        }
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
            Subject::Entity(entity) => binding.iter().any(|(_, bound)| bound == entity),
        }
    }

    /// Whether an intent is about the subject whoever asks for it: it names it, may move it, or an action
    /// for it does.
    fn concerns_intent(&self, place: usize) -> bool {
        let Subject::Entity(entity) = self.subject else {
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
        let derivation = explain(self.program, world, held, rule_index, binding)?;
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
        if let Subject::Entity(entity) = self.subject {
            let actions = &self.plan.decision.actions;
            places.sort_by_key(|place| {
                let action = actions.get(*place);
                !action.is_some_and(|action| binds::acts_on(&action.body, entity))
            });
        }
        places
    }

    fn add_misses(&self, misses: &mut Misses) {
        match self.subject {
            Subject::Rule(index) => {
                if let Some(rule) = self.program.rule(*index) {
                    let is_whole = self.each(rule, &Binding::new(), &mut |found| misses.add(found));
                    misses.is_cut |= !is_whole;
                }
            }
            Subject::Entity(entity) => {
                for rule in self.program.rules_and_requirements() {
                    if let Some(nearest) = self.nearest(rule, entity) {
                        misses.add(nearest);
                    }
                }
            }
        }
    }

    /// The nearest that a rule comes to firing about an actor or a server.
    fn nearest(&self, rule: &Rule, entity: &Entity) -> Option<Derivation> {
        let mut fixed = self.fixed(rule);
        let mut behaviors = rule.behaviors.iter();
        let asks_for_all = behaviors.any(|behavior| {
            let (schema, columns) = (&self.program.schema, self.columns);
            binds::is_about_type(&behavior.kind, entity, schema, columns)
        });
        if asks_for_all {
            fixed.push(Binding::new());
        }
        let world = (self.columns, self.past);
        let found = fixed.iter().filter_map(|fixed| {
            nearest(self.program, world, &self.nothing_held, rule.index, fixed)
        });
        found.reduce(
            |best, next| match Nearness::of(&next).is_nearer(&Nearness::of(&best)) {
                true => next,
                false => best,
            },
        )
    }
}

/// The nearest of what does not fire.
struct Misses {
    nearest: Vec<(Nearness, Derivation)>,
    told_max: usize,
    more: usize,
    is_cut: bool,
}

impl Misses {
    fn new(told_max: usize) -> Misses {
        Misses {
            nearest: Vec::new(),
            told_max,
            more: 0,
            is_cut: false,
        }
    }

    fn add(&mut self, derivation: Derivation) {
        let nearness = Nearness::of(&derivation);
        let place = self
            .nearest
            .partition_point(|(known, _)| !nearness.is_nearer(known));
        self.nearest.insert(place, (nearness, derivation));
        if self.nearest.len() > self.told_max {
            self.nearest.pop();
            self.more += 1;
        }
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

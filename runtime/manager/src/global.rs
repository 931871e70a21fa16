//! The global elasticity manager: evaluates and arbitrates the whole cluster, remembers reservations,
//! and carries its plans out. `plan`, `run` and the simulator all decide here.

use std::collections::{BTreeMap, BTreeSet};

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_eval::{Clock, Evaluator, Excess, Past, Truth};
use plasma_model::{
    Action, ActionId, ActorId, Decision, EvaluationPlan, Event, Field, Intent, Outcome,
    OutcomeResult, RELEASE_PERIODS_DEFAULT, Reservations,
};

use crate::history::History;
use crate::restraint::memory_seconds;
use crate::scaling::ServerOrders;
use crate::{Circumstances, Execution, Memory, Occasion, Restraints, arbitrate};

/// A global elasticity manager for one policy.
#[derive(Clone, Debug)]
pub struct Gem {
    program: CheckedProgram,
    evaluator: Evaluator,
    memory: Memory,
    history: History,
    execution: Execution,
    servers: ServerOrders,
    done: BTreeSet<Occasion>,
    next_action: ActionId,
    epochs: BTreeMap<ActorId, u64>,
}

/// What one evaluation of the policy gave, before arbitration.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    intents: Vec<Intent>,
    fired: Vec<(String, usize)>,
    excesses: Vec<Excess>,
}

/// What was decided in one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// The rules that fired, in their order, with the number of bindings.
    pub fired: Vec<(String, usize)>,
    /// The rules that reached a bound of evaluation and yielded nothing.
    pub excesses: Vec<Excess>,
    /// The plan.
    pub decision: Decision,
}

impl Gem {
    /// A manager that has not decided anything yet.
    pub fn new(program: CheckedProgram) -> Self {
        let past = Past::of(&program);
        Gem::with_past(program, past)
    }

    /// A manager that has not decided anything yet, and knows what was before.
    pub fn with_past(program: CheckedProgram, past: Past) -> Self {
        Gem {
            program,
            evaluator: Evaluator::with_past(past),
            memory: Memory::new(),
            history: History::default(),
            execution: Execution::new(),
            servers: ServerOrders::default(),
            done: BTreeSet::new(),
            next_action: 1,
            epochs: BTreeMap::new(),
        }
    }

    /// Measures with this clock how long the parts of an evaluation take.
    #[must_use]
    pub fn timed_by(self, clock: Clock) -> Self {
        Gem {
            evaluator: self.evaluator.timed_by(clock),
            ..self
        }
    }

    /// How the last evaluation, which was of these columns, went about it.
    pub fn evaluation_plan(&self, columns: &Columns) -> EvaluationPlan {
        self.evaluator.plan(&self.program, columns)
    }

    /// The policy.
    pub fn program(&self) -> &CheckedProgram {
        &self.program
    }

    /// Puts another policy in force from the next tick on. What was ordered, and when actors were
    /// moved, stays known; reservations and cooldowns were those of the rules before, and windows
    /// start unknown.
    pub fn replace_program(&mut self, program: CheckedProgram) {
        let past = Past::of(&program);
        self.replace_program_knowing(program, past);
    }

    /// The same where it is known what was before: windows look at it.
    pub fn replace_program_knowing(&mut self, program: CheckedProgram, past: Past) {
        self.evaluator = Evaluator::with_past(past);
        self.memory = Memory::new();
        self.history.forget_rules();
        self.done.clear();
        self.program = program;
    }

    /// The ticks before the present, and the present once it is evaluated, as far as the policy
    /// looks at them.
    pub fn past(&self) -> &Past {
        self.evaluator.past()
    }

    /// Takes note of a tick that is not decided on: windows look at it later.
    pub fn watch(&mut self, columns: &Columns) {
        self.evaluator.watch(columns);
    }

    /// The firings that hold a reservation.
    pub fn reservations(&self) -> Reservations {
        self.memory.reservations()
    }

    /// Takes note of what an engine tells besides its figures: epochs, and how moves ended.
    pub fn observe(&mut self, event: &Event) {
        match event {
            Event::Actor(update) => {
                if let Field::Known(epoch) = update.epoch {
                    self.epochs.insert(update.id.clone(), epoch);
                }
            }
            Event::ActorGone { id } => {
                self.epochs.remove(id);
            }
            Event::Outcome(outcome) => self.end(outcome),
            _ => {}
        }
    }

    /// Notes how an order ended.
    pub fn end(&mut self, outcome: &Outcome) {
        self.execution.end(outcome);
        let was_made = matches!(outcome.result, OutcomeResult::Done { .. });
        self.history.end(outcome.id, was_made);
        self.servers.end(outcome.id, was_made);
    }

    /// Evaluates the policy on the last tick, which follows that of the last call in the same columns;
    /// counts for reservations whether their rules still hold.
    pub fn evaluate(&mut self, columns: &Columns) -> Evaluated {
        let reservations = self.memory.reservations();
        let evaluator = &mut self.evaluator;
        let evaluation = evaluator.evaluate(&self.program, columns, &reservations);
        let rests = evaluation.reservations.iter().map(|state| {
            let rest = match state.rest {
                Truth::True => Some(true),
                Truth::False => Some(false),
                Truth::Unknown => None,
            };
            (state.rule_index, &state.binding, rest)
        });
        let rules = &self.program.rules;
        self.memory.note_rests(rests, |index| {
            let rule = rules.iter().find(|rule| rule.index == index);
            rule.map_or(RELEASE_PERIODS_DEFAULT, |rule| rule.release_periods)
        });
        self.memory
            .retain_actors(|actor| columns.live_actor(actor).is_some());
        let counted = self.program.rules.iter().zip(&evaluation.fired);
        let fired = counted
            .filter(|(_, times)| **times > 0)
            .map(|(rule, times)| (rule.name.to_string(), *times));
        Evaluated {
            fired: fired.collect(),
            intents: evaluation.intents,
            excesses: evaluation.excesses,
        }
    }

    /// Makes the plan of a period; it replaces what is left of the one before.
    pub fn decide(&mut self, columns: &Columns, evaluated: Evaluated) -> Round {
        let now_seconds = columns.frame().t;
        for id in self.execution.expire(now_seconds) {
            // Where the actor is, the columns tell; that it did not move, nobody knows.
            self.history.end(id, true);
        }
        let remembered_seconds = memory_seconds(&self.program);
        self.history.forget_before(now_seconds - remembered_seconds);
        let restraints = Restraints::new(&self.program, &self.history, columns);
        let moving = self.execution.moving();
        let scaling = self.servers.scaling(&self.program, columns.frame());
        let circumstances = Circumstances {
            memory: &self.memory,
            moving: &moving,
            restraints: &restraints,
            scaling: &scaling,
            done: &self.done,
            first_action: self.next_action,
        };
        let arbitration = arbitrate(columns, evaluated.intents, circumstances);
        self.memory.accept(arbitration.reserved);
        self.done = arbitration.done;
        let mut decision = arbitration.decision;
        self.next_action += decision.actions.len() as ActionId;
        for action in &mut decision.actions {
            let actor = action.body.actor();
            action.epoch = actor.and_then(|actor| self.epochs.get(actor).copied());
        }
        self.history.plan(&decision);
        self.servers.plan(&decision);
        self.execution.replace(decision.actions.iter().cloned());
        Round {
            fired: evaluated.fired,
            excesses: evaluated.excesses,
            decision,
        }
    }

    /// Evaluates and decides.
    pub fn round(&mut self, columns: &Columns) -> Round {
        let evaluated = self.evaluate(columns);
        self.decide(columns, evaluated)
    }

    /// The orders to be given now, within the bounds of what may move at once.
    pub fn orders(&mut self, now_seconds: f64) -> Vec<Action> {
        let actions = self.execution.start(now_seconds);
        for action in &actions {
            self.history.order(action.id, now_seconds);
            self.servers.order(action.id, now_seconds);
        }
        actions
    }

    /// Takes the plan of this period for carried out: nobody will order it, and it succeeds.
    pub fn assume_done(&mut self) {
        self.history.make_planned();
        self.servers.make_planned();
    }
}

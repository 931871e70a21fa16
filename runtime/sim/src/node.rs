//! A node of the world: a core, its virtual processor and what waits for it.

use std::collections::VecDeque;
use std::time::Duration;

use plasma_actor::{Address, Effect, Input, ServerCore, Time};
use plasma_engine::embedded::INPUTS_MAX;

use crate::price;
use crate::processor::Processor;

/// A core and what its thread would be in the embedded cluster.
pub(crate) struct Node {
    pub(crate) address: Address,
    pub(crate) core: ServerCore,
    pub(crate) processor: Processor,
    /// Inputs that have arrived and not been taken.
    inbox: VecDeque<Input>,
    /// How far the core's clock is ahead of the world's: nothing may depend on clocks that agree.
    clock_offset: Duration,
    /// The time for which a wake-up is planned; other wake-ups are out of date.
    pub(crate) wake_at: Option<Time>,
}

/// What a node did when it was woken.
pub(crate) struct Done {
    /// Its effects, each with the time at which it happens.
    pub(crate) effects: Vec<(Time, Effect)>,
    /// Whether frames were among the inputs that are the runtime's own business, not calls.
    pub(crate) is_runtime_business: bool,
}

impl Node {
    pub(crate) fn new(
        address: Address,
        core: ServerCore,
        processor: Processor,
        clock_offset: Duration,
    ) -> Self {
        Node {
            address,
            core,
            processor,
            inbox: VecDeque::new(),
            clock_offset,
            wake_at: None,
        }
    }

    /// The time of this node's own clock.
    pub(crate) fn clock(&self, now: Time) -> Time {
        now + self.clock_offset
    }

    /// Something for the core has arrived.
    pub(crate) fn push(&mut self, input: Input) {
        self.inbox.push_back(input);
    }

    /// Whether something waits for the core.
    pub(crate) fn has_input(&self) -> bool {
        !self.inbox.is_empty()
    }

    /// When this node next has something to do that it may do, as far as is known now.
    pub(crate) fn next_at(&mut self, now: Time) -> Option<Time> {
        let inputs_at = self.processor.inputs_at(now);
        if self.has_input() {
            return Some(inputs_at);
        }
        let clock = self.clock(now);
        let tick = self.core.wake_at();
        let tick = tick.map(|due| (now + due.since(clock)).max(inputs_at));
        let turn = self
            .core
            .is_runnable()
            .then(|| self.processor.turns_at(now));
        [tick, turn].into_iter().flatten().min()
    }

    /// Does what there is to do at `now`: takes the inputs that wait, else the tick that is due,
    /// else runs one turn.
    pub(crate) fn advance(&mut self, now: Time) -> Done {
        let may_take_inputs = self.processor.inputs_at(now) <= now;
        if may_take_inputs && self.has_input() {
            return self.take_inputs(now);
        }
        let clock = self.clock(now);
        let is_due = self.core.wake_at().is_some_and(|due| due <= clock);
        if may_take_inputs && is_due {
            self.processor.took_inputs();
            let effects = self.core.step(clock, Input::Tick);
            return self.finish(now, effects);
        }
        if self.core.is_runnable() && self.processor.turns_at(now) <= now {
            let ran = self.core.run(clock, 1);
            return self.finish(now, ran.effects);
        }
        Done {
            effects: Vec::new(),
            is_runtime_business: false,
        }
    }

    fn take_inputs(&mut self, now: Time) -> Done {
        let mut done = Done {
            effects: Vec::new(),
            is_runtime_business: false,
        };
        let mut at = now;
        let inputs = self.inbox.len().min(INPUTS_MAX);
        self.processor.took_inputs();
        for input in self.inbox.drain(..inputs).collect::<Vec<_>>() {
            if let Input::Frame(frame) = &input {
                self.processor.work(price::frame());
                done.is_runtime_business |= !frame.kind().is_call();
            }
            let effects = self.core.step(self.clock(at), input);
            let step = self.finish(at, effects);
            done.effects.extend(step.effects);
            at = self.processor.free_at();
        }
        done
    }

    /// Settles the work begun at `begin`; what came of it happens when the work is done.
    fn finish(&mut self, begin: Time, effects: Vec<Effect>) -> Done {
        for effect in &effects {
            if matches!(effect, Effect::Send(_)) {
                self.processor.work(price::frame());
            }
        }
        let end = self.processor.settle(begin);
        Done {
            effects: effects.into_iter().map(|effect| (end, effect)).collect(),
            is_runtime_business: false,
        }
    }
}

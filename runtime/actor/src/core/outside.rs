//! Actors' own timers, and work done outside the core.

use std::sync::Arc;
use std::time::Duration;

use slotmap::DefaultKey;

use crate::error::{Buffer, CallError};
use crate::external::{ExternalResult, ExternalWork};
use crate::id::FunctionId;
use crate::time::Time;

use super::TIMERS_MAX;
use super::cell::{Header, ReplyTo};
use super::entry::ActorTimer;
use super::event::Effect;
use super::shared::{Outside, Shared};
use super::timer::Due;

impl Shared {
    /// Posts a call to an actor for later.
    pub(crate) fn add_timer(
        &mut self,
        entry: u32,
        pause: Duration,
        function: usize,
        arguments: Arc<[u8]>,
    ) -> Result<(), CallError> {
        let functions = self
            .description(entry)
            .map(|description| description.functions);
        let Some(function) = functions.and_then(|functions| functions.get(function)) else {
            return Err(CallError::NotFound);
        };
        let function = function.id;
        self.timer_number += 1;
        let (number, due) = (self.timer_number, self.now + pause);
        let Some(hosted) = self.hosted(entry) else {
            return Err(CallError::NotFound);
        };
        if hosted.timers.len() >= TIMERS_MAX {
            return Err(CallError::Overloaded(Buffer::Timers));
        }
        let timer = ActorTimer {
            due,
            function,
            arguments,
        };
        hosted.timers.insert(number, timer);
        hosted.changed = true;
        self.timers.at(due, Due::Actor { entry, number });
        Ok(())
    }

    /// An actor's timer is due: its call goes into the mailbox, unless the actor is not to run; then
    /// the timer stays and fires when it runs again.
    pub(crate) fn timer_fired(&mut self, entry: u32, number: u64) {
        let mailbox_max = self.config.limits.mailbox;
        let functions = self
            .description(entry)
            .map_or(&[][..], |description| description.functions);
        let Some(hosted) = self.hosted(entry) else {
            return;
        };
        if !hosted.runs() {
            return;
        }
        let Some(timer) = hosted.timers.remove(&number) else {
            return;
        };
        hosted.changed = true;
        let position = functions
            .iter()
            .position(|known| known.id == timer.function);
        let Some(function) = position.and_then(|index| u16::try_from(index).ok()) else {
            return;
        };
        let full = hosted.cell.queued() >= mailbox_max;
        if !full {
            let header = Header {
                function,
                caller: None,
                reply: ReplyTo::Nobody,
                deadline: Time::NEVER,
                chain: None,
            };
            hosted.cell.push(header, timer.arguments);
        }
        self.counters.sent += 1;
        if full {
            self.drop_one_way(Buffer::Mailbox);
        }
        self.schedule(entry);
    }

    /// Registers an actor's timers with the core's, after an arrival or a pause.
    pub(crate) fn rearm_timers(&mut self, entry: u32) {
        let Some(hosted) = self.hosted(entry) else {
            return;
        };
        let timers: Vec<(u64, Time)> = hosted.timers.iter().map(|(n, t)| (*n, t.due)).collect();
        for (number, due) in timers {
            self.timers.at(due, Due::Actor { entry, number });
        }
    }

    /// Gives an arrived activation its timers.
    pub(crate) fn adopt_timers(
        &mut self,
        entry: u32,
        timers: Vec<(Duration, FunctionId, Arc<[u8]>)>,
    ) {
        let now = self.now;
        for (remaining, function, arguments) in timers {
            self.timer_number += 1;
            let number = self.timer_number;
            if let Some(hosted) = self.hosted(entry) {
                let timer = ActorTimer {
                    due: now + remaining,
                    function,
                    arguments,
                };
                hosted.timers.insert(number, timer);
            }
        }
    }

    /// Gives outside work to the driver.
    pub(crate) fn start_external(&mut self, work: impl FnOnce(u64) -> ExternalWork) -> u64 {
        self.outside_number += 1;
        let number = self.outside_number;
        self.outside.insert(number, Outside::default());
        self.effects.push(Effect::External(work(number)));
        number
    }

    /// The task that waits for outside work.
    pub(crate) fn await_external(&mut self, number: u64, task: DefaultKey) {
        if let Some(outside) = self.outside.get_mut(&number) {
            outside.task = Some(task);
        }
    }

    pub(crate) fn take_external(&mut self, number: u64) -> Option<ExternalResult> {
        self.outside.get(&number)?.result.as_ref()?;
        self.outside.remove(&number)?.result
    }

    pub(crate) fn forget_external(&mut self, number: u64) {
        self.outside.remove(&number);
    }

    /// Outside work has ended.
    pub(crate) fn external_done(&mut self, number: u64, result: ExternalResult) {
        let Some(outside) = self.outside.get_mut(&number) else {
            return;
        };
        outside.result = Some(result);
        if let Some(task) = outside.task {
            self.wake(task);
        }
    }
}

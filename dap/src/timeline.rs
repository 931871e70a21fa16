//! The trace as a line of moments: forward tick by tick, and back to any of them.
//!
//! A policy carries reservations, cooldowns and limits from tick to tick, so a moment is reached only through those
//! before it. Moments that were seen are kept as far as there is room; one that was let go is reached by
//! deciding from the beginning again, which gives the same.

use std::collections::VecDeque;

use plasma_columns::Columns;
use plasma_eval::Past;
use plasma_model::Reservations;
use plasma_scenario::{Plan, Planner, TraceTicks};

use crate::debuggee::Debuggee;

/// Bytes of clusters that are kept to go back to.
const KEPT_BYTES_MAX: usize = 512 << 20;

/// Moments that are kept whatever they hold: the present one, and one to step back to.
const KEPT_MIN: usize = 2;

/// A tick with what the policy decides at it.
#[derive(Debug)]
pub(crate) struct Moment {
    /// Its place in the trace, from 0.
    pub(crate) place: usize,
    pub(crate) columns: Columns,
    /// The ticks before, as far as the policy looks at them.
    pub(crate) past: Past,
    /// What was reserved before.
    pub(crate) reservations: Reservations,
    pub(crate) plan: Plan,
}

impl Moment {
    /// When it is, in seconds.
    pub(crate) fn t_seconds(&self) -> f64 {
        self.columns.frame().t
    }

    /// What conditions are looked at on.
    pub(crate) fn world(&self) -> (&Columns, &Past) {
        (&self.columns, &self.past)
    }
}

/// The moments of a trace.
pub(crate) struct Timeline {
    ticks: TraceTicks,
    planner: Planner,
    /// The last ones that were read, in order.
    kept: VecDeque<Moment>,
    /// The place among those kept that is looked at.
    at: usize,
    bytes: usize,
}

impl Timeline {
    /// Before the first tick.
    pub(crate) fn new(debuggee: &Debuggee) -> Result<Timeline, String> {
        Ok(Timeline {
            ticks: (debuggee.trace)()?,
            planner: Planner::new(debuggee.program.clone()),
            kept: VecDeque::new(),
            at: 0,
            bytes: 0,
        })
    }

    /// The moment that is looked at; `None` before the first.
    pub(crate) fn now(&self) -> Option<&Moment> {
        self.kept.get(self.at)
    }

    /// Goes to the next tick; `false` at the end of the trace, where it stays.
    pub(crate) fn forward(&mut self) -> Result<bool, String> {
        if self.at + 1 < self.kept.len() {
            self.at += 1;
            return Ok(true);
        }
        let read = self.ticks.next_tick().map_err(|error| error.to_string())?;
        let Some(columns) = read else {
            return Ok(false);
        };
        let (past, reservations) = (self.planner.past().clone(), self.planner.reservations());
        let plan = self.planner.plan(columns);
        let moment = Moment {
            place: self.kept.back().map_or(0, |last| last.place + 1),
            columns: columns.clone(),
            past,
            reservations,
            plan,
        };
        self.bytes += moment.columns.bytes();
        self.kept.push_back(moment);
        while self.bytes > KEPT_BYTES_MAX && self.kept.len() > KEPT_MIN {
            let gone = self.kept.pop_front();
            self.bytes -= gone.map_or(0, |gone| gone.columns.bytes());
        }
        self.at = self.kept.len() - 1;
        Ok(true)
    }

    /// Goes to the tick before; `false` at the first one, where it stays.
    pub(crate) fn back(&mut self, debuggee: &Debuggee) -> Result<bool, String> {
        if self.at > 0 {
            self.at -= 1;
            return Ok(true);
        }
        match self.now().map_or(0, |now| now.place) {
            0 => Ok(false),
            place => self.go_to(place - 1, debuggee).map(|()| true),
        }
    }

    /// Goes to the tick at a place, from the beginning.
    fn go_to(&mut self, place: usize, debuggee: &Debuggee) -> Result<(), String> {
        *self = Timeline::new(debuggee)?;
        while self.now().is_none_or(|now| now.place < place) {
            if !self.forward()? {
                return Err("the trace is shorter than it was".to_owned());
            }
        }
        Ok(())
    }
}

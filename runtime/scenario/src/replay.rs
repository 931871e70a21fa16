//! The decisions of policies on a recorded trace, tick by tick, and how those of two policies differ.
//!
//! A policy carries reservations, cooldowns and used limits from its own earlier decisions; where
//! actors live is always what the trace says, and what was decided when it was recorded is ignored.
//! One tick is held at a time, with what the policies look back at.

mod cost;
mod difference;

use std::collections::BTreeSet;

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_engine::trace::TraceReader;
use plasma_manager::{Window, WindowError};
use plasma_model::{ActionId, Event, EventView, OutcomeResult};

pub use cost::{Cost, MeanPause};
pub use difference::{ActionChange, Difference};

use crate::{Plan, Planner, TraceMomentError};

/// Recorded orders without an outcome that are remembered; the oldest are forgotten first.
const MOVES_WITHOUT_OUTCOME_MAX: usize = 65_536;

/// A trace that is read tick by tick.
pub struct TraceTicks {
    reader: TraceReader,
    window: Window,
    /// What was read to see how the trace begins.
    ahead: Option<Event>,
    moves: RecordedMoves,
}

/// What a recording tells of its moves.
#[derive(Debug, Default)]
struct RecordedMoves {
    /// Orders that have not ended.
    moving: BTreeSet<ActionId>,
    pause: MeanPause,
}

impl TraceTicks {
    /// Reads what a trace says of itself, up to its first event about the cluster.
    ///
    /// # Errors
    /// If the beginning of it is not a trace.
    pub fn new(mut reader: TraceReader) -> Result<Self, TraceMomentError> {
        let mut window = Window::new(None);
        let mut ahead = None;
        while let Some(located) = reader.next_event()? {
            match located.event {
                event @ (Event::Hello(_) | Event::Schema { .. }) => {
                    let pushed = window.push(&event);
                    pushed.map_err(|error| mistake(&reader, error))?;
                }
                event => {
                    ahead = Some(event);
                    break;
                }
            }
        }
        Ok(TraceTicks {
            reader,
            window,
            ahead,
            moves: RecordedMoves::default(),
        })
    }

    /// The schema that it announces at its beginning, in the language's actor declarations.
    pub fn schema(&self) -> Option<&str> {
        self.window.schema()
    }

    /// The pause of the moves whose outcomes were recorded so far.
    pub fn pause(&self) -> MeanPause {
        self.moves.pause
    }

    /// The cluster at the next tick; `None` at the end.
    ///
    /// # Errors
    /// At the first mistake; the ticks before it were whole.
    pub fn next_tick(&mut self) -> Result<Option<&Columns>, TraceMomentError> {
        loop {
            let event = match self.ahead.take() {
                Some(event) => Some(EventView::Owned(event)),
                None => self.reader.next_view()?,
            };
            let Some(event) = event else {
                return Ok(None);
            };
            if let EventView::Owned(event) = &event {
                self.moves.note(event);
            }
            let pushed = self.window.push_view(&event);
            if pushed.map_err(|error| mistake(&self.reader, error))? {
                return Ok(Some(self.window.columns()));
            }
        }
    }
}

impl RecordedMoves {
    /// Takes note of how long recorded moves paused their actors.
    fn note(&mut self, event: &Event) {
        match event {
            Event::Actions { actions, .. } => {
                let moves = actions.iter().filter(|action| action.body.is_move());
                self.moving.extend(moves.map(|action| action.id));
                while self.moving.len() > MOVES_WITHOUT_OUTCOME_MAX {
                    self.moving.pop_first();
                }
            }
            Event::Outcome(outcome) if self.moving.remove(&outcome.id) => {
                if let OutcomeResult::Done { pause, .. } = outcome.result {
                    self.pause.add(pause);
                }
            }
            _ => {}
        }
    }
}

fn mistake(reader: &TraceReader, error: WindowError) -> TraceMomentError {
    TraceMomentError::Event {
        place: reader.place(),
        error,
    }
}

/// A policy on its way through a trace.
#[derive(Clone, Debug)]
pub struct Replayed {
    planner: Planner,
    cost: Cost,
}

impl Replayed {
    /// A policy that has not decided anything yet.
    pub fn new(program: CheckedProgram) -> Self {
        Replayed {
            planner: Planner::new(program),
            cost: Cost::default(),
        }
    }

    /// What it decides at the next tick.
    pub fn decide(&mut self, columns: &Columns) -> Plan {
        let plan = self.planner.plan(columns);
        self.cost.add(&plan.decision, columns);
        plan
    }

    /// What its decisions so far would have cost.
    pub fn cost(&self) -> &Cost {
        &self.cost
    }
}

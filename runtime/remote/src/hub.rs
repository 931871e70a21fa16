//! What waits to be sent to the subscribers: a few frames, and the present state for whoever needs it.
//!
//! The run's thread adds, the publisher's thread takes; neither waits for the other longer than for a few
//! pointers to be copied.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use plasma_model::{Event, Hello};
use tokio::sync::watch;

use crate::frame::Frame;
use crate::present::{Departure, Gone, Present};

/// Frames kept for subscribers: two periods with what was decided on them.
const FRAMES_MAX: usize = 4;

/// Departures kept for subscribers who have missed them.
const GONE_MAX: usize = 100_000;

/// What waits to be sent.
#[derive(Debug)]
pub(crate) struct Hub {
    state: Mutex<State>,
    /// Told whenever the state has changed.
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct State {
    present: Arc<Present>,
    frames: VecDeque<Arc<Frame>>,
    /// Number of the frame that comes next; the last one kept is the one before.
    next: u64,
    /// What has gone, with the number of the frame that said so.
    gone: VecDeque<(u64, Departure)>,
    /// Departures in frames before this one are forgotten.
    gone_since: u64,
    has_ended: bool,
}

/// How far a subscriber has come.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    /// Number of the frame to come next; `None` for a newcomer.
    next: Option<u64>,
}

/// What a subscriber is to be told next.
#[derive(Debug)]
pub(crate) enum Next {
    /// A frame that others get as well.
    Frame(Arc<Frame>),
    /// The present state, for this one alone.
    State(Catch),
    /// Nothing yet.
    Wait,
    /// Too much has gone to be told.
    Lost,
    /// Nothing any more.
    End,
}

/// The present state for somebody who was away, or has just come.
#[derive(Debug)]
pub(crate) struct Catch {
    present: Arc<Present>,
    is_new: bool,
    gone: Vec<Gone>,
}

impl Catch {
    /// As events: costly for large clusters.
    pub(crate) fn events(&self) -> Vec<Event> {
        let opening = match self.is_new {
            true => self.present.opening(),
            false => Vec::new(),
        };
        let gone = self.gone.iter().cloned().map(Event::from);
        let mut events: Vec<Event> = opening.into_iter().chain(gone).collect();
        events.extend(self.present.state());
        events
    }
}

impl Hub {
    pub(crate) fn new(hello: Hello, schema: Option<String>) -> Self {
        Hub {
            state: Mutex::new(State {
                present: Arc::new(Present::new(hello, schema)),
                frames: VecDeque::new(),
                next: 0,
                gone: VecDeque::new(),
                gone_since: 0,
                has_ended: false,
            }),
            changed: watch::Sender::new(()),
        }
    }

    /// Adds events to be told to all.
    pub(crate) fn add(&self, events: &[Event]) {
        let mut state = self.state();
        let number = state.next;
        // Copied only if somebody is being told of it just now.
        let present = Arc::make_mut(&mut state.present);
        let (mut told, mut departures) = (Vec::with_capacity(events.len()), Vec::new());
        for event in events {
            let (is_news, departure) = present.follow(event, number);
            if is_news {
                told.push(event.clone());
            }
            departures.extend(departure.map(|departure| (number, departure)));
        }
        if told.is_empty() {
            return;
        }
        state.gone.extend(departures);
        while state.gone.len() > GONE_MAX
            && let Some((number, _)) = state.gone.pop_front()
        {
            state.gone_since = number + 1;
        }
        state.frames.push_back(Arc::new(Frame::new(told)));
        if state.frames.len() > FRAMES_MAX {
            state.frames.pop_front();
        }
        state.next += 1;
        drop(state);
        self.changed.send_replace(());
    }

    /// Tells all that nothing comes any more.
    pub(crate) fn end(&self) {
        self.state().has_ended = true;
        self.changed.send_replace(());
    }

    /// Hears of changes from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// The state up to the last tick, as somebody must be told who knows nothing; `None` before the
    /// first tick.
    pub(crate) fn snapshot(&self) -> Option<Catch> {
        let state = self.state();
        state.present.has_tick().then(|| Catch {
            present: Arc::clone(&state.present),
            is_new: true,
            gone: Vec::new(),
        })
    }

    /// What a subscriber who has come so far is told next.
    pub(crate) fn next(&self, progress: &mut Progress) -> Next {
        let state = self.state();
        let Some(number) = progress.next else {
            progress.next = Some(state.next);
            return Next::State(Catch {
                present: Arc::clone(&state.present),
                is_new: true,
                gone: Vec::new(),
            });
        };
        if number == state.next {
            return match state.has_ended {
                true => Next::End,
                false => Next::Wait,
            };
        }
        let oldest = state.next - state.frames.len() as u64;
        let frame = number
            .checked_sub(oldest)
            .and_then(|place| state.frames.get(usize::try_from(place).ok()?));
        if let Some(frame) = frame {
            progress.next = Some(number + 1);
            return Next::Frame(Arc::clone(frame));
        }
        if number < state.gone_since {
            return Next::Lost;
        }
        progress.next = Some(state.next);
        let missed = state
            .gone
            .iter()
            .filter(|(at, departure)| *at >= number && departure.since < number);
        Next::State(Catch {
            present: Arc::clone(&state.present),
            is_new: false,
            gone: missed.map(|(_, missed)| missed.gone.clone()).collect(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use plasma_model::{ActorUpdate, Field, ServerUpdate};
    use proptest::prelude::*;

    use super::*;

    /// Who a subscriber believes to be there: it must never hear that somebody has left of whom it does not
    /// know, nor of an actor on a server that it does not know.
    #[derive(Default)]
    struct Believer {
        servers: BTreeSet<String>,
        actors: BTreeSet<String>,
        window: Option<u64>,
    }

    impl Believer {
        fn hear(&mut self, events: &[Event]) {
            for event in events {
                match event {
                    Event::Server(update) => {
                        self.servers.insert(update.id.to_string());
                    }
                    Event::Actor(update) => {
                        let Field::Known(host) = &update.server else {
                            panic!("no host: {update:?}");
                        };
                        assert!(self.servers.contains(host.as_str()), "{update:?}");
                        self.actors.insert(update.id.to_string());
                    }
                    Event::ServerGone { id } => assert!(self.servers.remove(id.as_str()), "{id}"),
                    Event::ActorGone { id } => assert!(self.actors.remove(id.as_str()), "{id}"),
                    Event::Tick { window, .. } => self.window = *window,
                    _ => {}
                }
            }
        }

        /// Hears all that waits for it.
        fn catch_up(&mut self, hub: &Hub, progress: &mut Progress) {
            loop {
                match hub.next(progress) {
                    Next::Frame(frame) => self.hear(&frame.events),
                    Next::State(catch) => self.hear(&catch.events()),
                    Next::Wait | Next::End => return,
                    Next::Lost => panic!("lost after little"),
                }
            }
        }
    }

    /// Turns wishes into what can happen: each is about a server or an actor on it, which comes or goes.
    fn period(cluster: &mut Believer, number: u64, wishes: &[(u8, bool, bool)]) -> Vec<Event> {
        let mut events = Vec::new();
        for (id, is_actor, comes) in wishes {
            let (server, actor) = (format!("s{}", id % 3), format!("a{id}"));
            let event = match (is_actor, comes) {
                (false, true) => Event::Server(ServerUpdate::new(server.as_str().into())),
                (true, true) if cluster.servers.contains(&server) => {
                    let mut update = ActorUpdate::new(actor.as_str().into());
                    update.actor_type = Field::Known("T".to_owned());
                    update.server = Field::Known(server.as_str().into());
                    Event::Actor(update)
                }
                (true, false) if cluster.actors.contains(&actor) => Event::ActorGone {
                    id: actor.as_str().into(),
                },
                (false, false) if cluster.servers.contains(&server) => {
                    // Its actors leave before it.
                    let on_it =
                        |n: &u8| n % 3 == id % 3 && cluster.actors.contains(&format!("a{n}"));
                    let left = (0..9).filter(on_it).map(|n| Event::ActorGone {
                        id: format!("a{n}").as_str().into(),
                    });
                    let left: Vec<Event> = left.collect();
                    cluster.hear(&left);
                    events.extend(left);
                    Event::ServerGone {
                        id: server.as_str().into(),
                    }
                }
                _ => continue,
            };
            cluster.hear(std::slice::from_ref(&event));
            events.push(event);
        }
        let window = Some(number);
        events.push(Event::Tick {
            t: number as f64,
            window,
        });
        cluster.window = window;
        events
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn whoever_was_away_knows_who_is_there(
            periods in prop::collection::vec(
                (prop::collection::vec((0..9u8, any::<bool>(), any::<bool>()), 0..8), 0..8u8),
                1..40,
            ),
        ) {
            let hello = Hello { version: 1, engine: "test".to_owned(), period: 1.0 };
            let hub = Hub::new(hello, None);
            let (mut cluster, mut subscriber) = (Believer::default(), Believer::default());
            let mut progress = Progress::default();
            for (number, (wishes, listens)) in (1..).zip(&periods) {
                hub.add(&period(&mut cluster, number, wishes));
                if *listens == 0 {
                    subscriber.catch_up(&hub, &mut progress);
                    prop_assert_eq!(&subscriber.servers, &cluster.servers);
                    prop_assert_eq!(&subscriber.actors, &cluster.actors);
                    prop_assert_eq!(subscriber.window, cluster.window);
                }
            }
        }
    }
}

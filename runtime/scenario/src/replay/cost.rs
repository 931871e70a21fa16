//! What decisions cost: the state that moves, and the calls that arrive while an actor does.

use std::collections::BTreeSet;

use plasma_columns::{ActorNo, Columns};
use plasma_model::{ActionBody, Decision, Resource};

/// What decisions cost, added up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// Actors moved.
    pub moves: usize,
    /// Other actions.
    pub other_actions: usize,
    /// Intents that were refused, or a part of them.
    pub refused: usize,
    /// Bytes of memory that the moved actors use, as far as it is known.
    pub state_bytes: f64,
    /// Moves of actors whose memory is unknown.
    pub moves_of_unknown_state: usize,
    /// Calls per second that the moved actors receive, added up over the moves.
    pub calls_per_second: f64,
}

impl Cost {
    /// Adds a decision on a tick.
    pub fn add(&mut self, decision: &Decision, columns: &Columns) {
        self.refused += decision.rejected.len();
        let frame = columns.frame();
        let mut moved: BTreeSet<ActorNo> = BTreeSet::new();
        for action in &decision.actions {
            let ActionBody::Migrate { actor, .. } = &action.body else {
                self.other_actions += 1;
                continue;
            };
            self.moves += 1;
            let actor = columns.live_actor(actor);
            moved.extend(actor);
            match actor.and_then(|actor| frame.usage_of(actor, Resource::Mem).size) {
                Some(bytes) => self.state_bytes += bytes,
                None => self.moves_of_unknown_state += 1,
            }
        }
        if moved.is_empty() {
            return;
        }
        let to_moved = frame.calls.received_by();
        let to_moved = to_moved.filter(|(callee, _)| moved.contains(callee));
        let received: f64 = to_moved.map(|(_, count)| count).sum();
        if frame.period_seconds > 0.0 {
            self.calls_per_second += received / frame.period_seconds;
        }
    }

    /// How many calls would have waited for an actor that moves, if each move paused it for so long.
    pub fn held_calls(&self, pause: MeanPause) -> Option<f64> {
        Some(self.calls_per_second * pause.seconds()?)
    }
}

/// The mean pause of moves that were recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MeanPause {
    seconds: f64,
    moves: u64,
}

impl MeanPause {
    /// Adds a move that was done.
    pub fn add(&mut self, pause_seconds: f64) {
        self.seconds += pause_seconds;
        self.moves += 1;
    }

    /// In seconds; `None` if no move was recorded.
    pub fn seconds(self) -> Option<f64> {
        (self.moves > 0).then(|| self.seconds / self.moves as f64)
    }
}

#[cfg(test)]
mod tests {
    use plasma_model::{Action, Actor, Caller, Calls, Latency, PerResource, ServerId, Snapshot};

    use super::*;

    fn migrate(actor: &str) -> Action {
        Action {
            id: 1,
            body: ActionBody::Migrate {
                actor: actor.into(),
                from: ServerId::from("s1"),
                to: ServerId::from("s2"),
            },
            epoch: None,
            deadline: None,
            group: None,
        }
    }

    fn snapshot() -> Snapshot {
        let actor = |bytes: Option<f64>| {
            let mut usage: PerResource<plasma_model::Usage> = PerResource::default();
            usage[Resource::Mem].size = bytes;
            Actor {
                usage,
                ..Actor::new("Folder".into(), "s1".into())
            }
        };
        let calls = |to: &str, count: f64| Calls {
            from: Caller::Client,
            to: to.into(),
            to_server: "s1".into(),
            function: "open".into(),
            count,
            size: None,
            latency: Latency::default(),
        };
        Snapshot {
            t: 10.0,
            period_seconds: 10.0,
            actors: [
                ("f".into(), actor(Some(2000.0))),
                ("g".into(), actor(None)),
                ("h".into(), actor(Some(1.0))),
            ]
            .into(),
            calls: vec![calls("f", 500.0), calls("f", 100.0), calls("h", 7.0)],
            ..Snapshot::default()
        }
    }

    #[test]
    fn moves_cost_the_state_of_their_actors_and_the_calls_that_they_receive() {
        let mut cost = Cost::default();
        let decision = Decision {
            actions: vec![migrate("f"), migrate("g")],
            ..Decision::default()
        };
        cost.add(&decision, &Columns::of(&snapshot()));
        assert_eq!((cost.moves, cost.state_bytes), (2, 2000.0));
        assert_eq!(cost.moves_of_unknown_state, 1);
        assert_eq!(cost.calls_per_second, 60.0);
        assert_eq!(cost.held_calls(MeanPause::default()), None);
        let mut pause = MeanPause::default();
        pause.add(0.001);
        pause.add(0.003);
        assert_eq!(cost.held_calls(pause), Some(0.12));
    }
}

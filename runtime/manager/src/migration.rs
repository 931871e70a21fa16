//! Carrying a plan out: what may move at once, what waits, what became of it.
//!
//! The plan's order is kept: arbitration has put what frees room before what fills it, so nothing
//! overtakes. A newer plan replaces whatever has not been started.

use std::collections::{BTreeMap, VecDeque};

use plasma_model::{Action, ActionBody, ActionId, ActorId, Outcome, ServerId};

/// Greatest number of actors that move at once in the whole cluster.
pub const MOVES_IN_FLIGHT_MAX: usize = 128;

/// Greatest number of actors that move at once from or to one server. At least a whole group.
pub const MOVES_PER_SERVER_MAX: usize = crate::GROUP_MEMBERS_MAX;

/// Time that a move has to end, in seconds.
pub const MOVE_DEADLINE_SECONDS: f64 = 5.0;

/// Time that servers have to come or to leave, in seconds.
pub const SERVER_DEADLINE_SECONDS: f64 = 60.0;

/// The moves of a manager: waiting and in flight.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Execution {
    waiting: VecDeque<Action>,
    /// Removals of servers that wait for moves to end.
    removals: Vec<Action>,
    in_flight: BTreeMap<ActionId, InFlight>,
}

#[derive(Clone, Debug, PartialEq)]
struct InFlight {
    actor: ActorId,
    from: ServerId,
    to: ServerId,
    /// When its end counts as unknown; the next snapshot tells where the actor is.
    unknown_at_seconds: f64,
}

impl Execution {
    /// Nothing moves.
    pub fn new() -> Self {
        Execution::default()
    }

    /// Replaces what has not been started by the actions of a newer plan.
    pub fn replace(&mut self, actions: impl IntoIterator<Item = Action>) {
        let (removals, others): (Vec<_>, Vec<_>) = actions
            .into_iter()
            .partition(|action| matches!(action.body, ActionBody::RemoveServer { .. }));
        (self.removals, self.waiting) = (removals, others.into());
    }

    /// The actions to be started now, each move counted as in flight from here on. Members of a
    /// group come together or not at all. What moves nobody waits for nothing, but that a server is removed
    /// only once no move from or to it is left. `now_seconds` is on the clock of the snapshots.
    pub fn start(&mut self, now_seconds: f64) -> Vec<Action> {
        let waiting = std::mem::take(&mut self.waiting);
        let (moves, mut started): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|action| action.body.is_move());
        self.waiting = moves.into();
        for action in &mut started {
            action.deadline = Some(match action.body {
                ActionBody::AddServer { .. } => SERVER_DEADLINE_SECONDS,
                _ => MOVE_DEADLINE_SECONDS,
            });
        }
        while let Some(size) = self.next_step() {
            for _ in 0..size {
                let Some(mut action) = self.waiting.pop_front() else {
                    break;
                };
                action.deadline = Some(MOVE_DEADLINE_SECONDS);
                let ActionBody::Migrate { actor, from, to } = action.body.clone() else {
                    continue;
                };
                // One period of grace beyond the deadline: the outcome comes with the next batch.
                let unknown_at_seconds = now_seconds + 2.0 * MOVE_DEADLINE_SECONDS;
                self.in_flight.insert(
                    action.id,
                    InFlight {
                        actor,
                        from,
                        to,
                        unknown_at_seconds,
                    },
                );
                started.push(action);
            }
        }
        started.extend(self.start_removals());
        started
    }

    /// The removals of servers from and to which nobody moves any more.
    fn start_removals(&mut self) -> Vec<Action> {
        let removals = std::mem::take(&mut self.removals);
        let (mut ready, waiting): (Vec<_>, Vec<_>) = removals.into_iter().partition(|action| {
            let ActionBody::RemoveServer { server } = &action.body else {
                return true;
            };
            let mut in_flight = self.in_flight.values();
            let mut to_begin = self.waiting.iter();
            !in_flight.any(|moving| moving.from == *server || moving.to == *server)
                && !to_begin.any(|action| match &action.body {
                    ActionBody::Migrate { from, to, .. } => from == server || to == server,
                    _ => false,
                })
        });
        self.removals = waiting;
        for action in &mut ready {
            action.deadline = Some(SERVER_DEADLINE_SECONDS);
        }
        ready
    }

    /// Notes how a move ended.
    pub fn end(&mut self, outcome: &Outcome) {
        self.in_flight.remove(&outcome.id);
    }

    /// Forgets moves that nobody has answered for, and tells which: where their actors are, the
    /// snapshots tell.
    pub fn expire(&mut self, now_seconds: f64) -> Vec<ActionId> {
        let expired = self
            .in_flight
            .iter()
            .filter(|(_, moving)| moving.unknown_at_seconds <= now_seconds);
        let expired: Vec<ActionId> = expired.map(|(id, _)| *id).collect();
        for id in &expired {
            self.in_flight.remove(id);
        }
        expired
    }

    /// Actors in flight, and where they go.
    pub fn moving(&self) -> BTreeMap<ActorId, ServerId> {
        self.in_flight
            .values()
            .map(|m| (m.actor.clone(), m.to.clone()))
            .collect()
    }

    /// Size of the next step if there is room for it: one action, or a whole group.
    fn next_step(&self) -> Option<usize> {
        let first = self.waiting.front()?;
        let size = match first.group {
            None => 1,
            Some(_) => self
                .waiting
                .iter()
                .take_while(|a| a.group == first.group)
                .count(),
        };
        let total = self.in_flight.len();
        if total > 0 && total + size > MOVES_IN_FLIGHT_MAX {
            return None;
        }
        let mut busy: BTreeMap<&ServerId, usize> = BTreeMap::new();
        for moving in self.in_flight.values() {
            *busy.entry(&moving.from).or_default() += 1;
            *busy.entry(&moving.to).or_default() += 1;
        }
        let mut wanted: BTreeMap<&ServerId, usize> = BTreeMap::new();
        for action in self.waiting.iter().take(size) {
            let ActionBody::Migrate { from, to, .. } = &action.body else {
                continue;
            };
            *wanted.entry(from).or_default() += 1;
            *wanted.entry(to).or_default() += 1;
        }
        let has_room = wanted.iter().all(|(server, wanted)| {
            let busy = busy.get(server).copied().unwrap_or(0);
            busy == 0 || busy + wanted <= MOVES_PER_SERVER_MAX
        });
        has_room.then_some(size)
    }
}

#[cfg(test)]
mod tests {
    use plasma_model::OutcomeResult;

    use super::*;

    fn moves(ids: std::ops::Range<u64>, group: Option<u64>) -> Vec<Action> {
        let action = |id: u64| Action {
            id,
            body: ActionBody::Migrate {
                actor: format!("a{id}").into(),
                from: "s1".into(),
                to: "s2".into(),
            },
            epoch: None,
            deadline: None,
            group,
        };
        ids.map(action).collect()
    }

    fn ids(actions: &[Action]) -> Vec<u64> {
        actions.iter().map(|a| a.id).collect()
    }

    #[test]
    fn a_server_takes_part_in_so_many_moves_and_the_rest_waits_in_order() {
        let mut execution = Execution::new();
        execution.replace(moves(0..70, None));
        assert_eq!(ids(&execution.start(10.0)), (0..64).collect::<Vec<_>>());
        assert!(execution.start(10.0).is_empty(), "nothing has ended");
        let done = Outcome {
            id: 3,
            result: OutcomeResult::done(0.001, 100),
        };
        execution.end(&done);
        assert_eq!(ids(&execution.start(11.0)), [64]);
    }

    #[test]
    fn a_group_starts_whole_or_waits() {
        let mut execution = Execution::new();
        execution.replace(
            moves(0..60, None)
                .into_iter()
                .chain(moves(60..70, Some(60))),
        );
        assert_eq!(
            execution.start(10.0).len(),
            60,
            "the group of ten would pass the cap"
        );
        for id in 0..6 {
            execution.end(&Outcome {
                id,
                result: OutcomeResult::failed("busy"),
            });
        }
        assert_eq!(ids(&execution.start(11.0)), (60..70).collect::<Vec<_>>());
    }

    #[test]
    fn a_new_plan_replaces_what_waits_and_unanswered_moves_are_forgotten() {
        let mut execution = Execution::new();
        execution.replace(moves(0..65, None));
        execution.start(10.0);
        execution.replace(moves(100..101, None));
        execution.expire(15.0);
        assert_eq!(execution.moving().len(), 64, "they may still be answered");
        execution.expire(20.0);
        assert!(execution.moving().is_empty());
        assert_eq!(ids(&execution.start(20.0)), [100]);
    }
}

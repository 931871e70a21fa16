//! Servers that were ordered or are to leave: what counts as there, what the limits allow, and what
//! was changed so shortly before that its effect has not been seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_check::program::{BehaviorKind, CheckedProgram};
use plasma_columns::Frame;
use plasma_eval::reach_seconds;
use plasma_model::{ActionBody, ActionId, Decision, ServerId};

use crate::history::is_within;
use crate::migration::SERVER_DEADLINE_SECONDS;

/// Periods for which a change of the servers is left to show its effect, beyond the windows that rules
/// about servers look at: new servers come, then actors move to them, then a period is measured.
const SETTLE_PERIODS: f64 = 3.0;

/// What arbitration knows of the servers beside the snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scaling {
    /// The fewest servers that there may be, with the limit as it is written.
    pub least: Option<(u32, Arc<str>)>,
    /// The most servers that there may be, with the limit as it is written.
    pub most: Option<(u32, Arc<str>)>,
    /// Servers that were ordered and are not there yet.
    pub adding: u32,
    /// Servers that are being removed.
    pub removing: BTreeSet<ServerId>,
    /// What was added so shortly before that its effect has not been seen, those ordered included.
    pub added: Recent,
    /// What was removed so shortly before.
    pub removed: Recent,
}

/// Servers that were added or removed shortly before.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Recent {
    /// How many.
    pub servers: u32,
    /// When the last change has shown its effect, in seconds; not before that if it is still under way.
    pub until_seconds: f64,
}

impl Recent {
    fn add(&mut self, servers: u32, until_seconds: f64) {
        self.servers = self.servers.saturating_add(servers);
        self.until_seconds = self.until_seconds.max(until_seconds);
    }
}

/// A change of the servers.
#[derive(Clone, Debug, PartialEq)]
enum Change {
    Add(u32),
    Remove(ServerId),
}

/// The orders about servers: planned, under way and done.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ServerOrders {
    planned: BTreeMap<ActionId, Change>,
    /// With the time at which each was ordered.
    under_way: BTreeMap<ActionId, (Change, f64)>,
    /// With the time of the last decision before it ended.
    done: Vec<(Change, f64)>,
    decided_at_seconds: f64,
}

impl ServerOrders {
    /// Replaces what was planned by a newer plan.
    pub(crate) fn plan(&mut self, decision: &Decision) {
        let planned = decision.actions.iter().filter_map(|action| {
            let change = match &action.body {
                ActionBody::AddServer { count } => Change::Add(*count),
                ActionBody::RemoveServer { server } => Change::Remove(server.clone()),
                _ => return None,
            };
            Some((action.id, change))
        });
        self.planned = planned.collect();
        self.decided_at_seconds = decision.t;
    }

    /// Notes that a planned change was ordered.
    pub(crate) fn order(&mut self, id: ActionId, t_seconds: f64) {
        if let Some(change) = self.planned.remove(&id) {
            self.under_way.insert(id, (change, t_seconds));
        }
    }

    /// Notes how a change that was ordered ended.
    pub(crate) fn end(&mut self, id: ActionId, was_made: bool) {
        let ended = self.under_way.remove(&id).filter(|_| was_made);
        let at = self.decided_at_seconds;
        self.done.extend(ended.map(|(change, _)| (change, at)));
    }

    /// Notes that everything planned was done at once.
    pub(crate) fn make_planned(&mut self) {
        let at = self.decided_at_seconds;
        let planned = std::mem::take(&mut self.planned).into_values();
        self.done.extend(planned.map(|change| (change, at)));
    }

    /// Takes what nobody has answered for as done: the snapshots tell which servers there are, and
    /// nothing is ordered twice meanwhile.
    fn expire(&mut self, now_seconds: f64) {
        let is_over = |ordered: f64| now_seconds - ordered >= 2.0 * SERVER_DEADLINE_SECONDS;
        let ids = self.under_way.iter();
        let over: Vec<ActionId> = ids
            .filter(|(_, (_, ordered))| is_over(*ordered))
            .map(|(id, _)| *id)
            .collect();
        for id in over {
            self.end(id, true);
        }
    }

    /// What is known of the servers for the plan of a tick.
    pub(crate) fn scaling(&mut self, program: &CheckedProgram, frame: &Frame) -> Scaling {
        let now = frame.t;
        self.expire(now);
        let settle = settle_seconds(program, frame.period_seconds);
        self.done.retain(|(_, at)| is_within(*at, settle, now));
        let mut scaling = Scaling::within_limits(program);
        for (change, ordered) in self.under_way.values() {
            match change {
                Change::Add(count) => {
                    scaling.adding = scaling.adding.saturating_add(*count);
                    scaling.added.add(*count, ordered + settle);
                }
                Change::Remove(server) => {
                    scaling.removing.insert(server.clone());
                    scaling.removed.add(1, ordered + settle);
                }
            }
        }
        for (change, at) in &self.done {
            match change {
                Change::Add(count) => scaling.added.add(*count, at + settle),
                Change::Remove(_) => scaling.removed.add(1, at + settle),
            }
        }
        scaling
    }
}

impl Scaling {
    /// The limits of a program, with nothing ordered. Of several the narrowest counts.
    pub fn within_limits(program: &CheckedProgram) -> Scaling {
        let mut scaling = Scaling::default();
        for (limit, least, most) in program.server_limits() {
            if scaling
                .least
                .as_ref()
                .is_none_or(|(known, _)| least > *known)
            {
                scaling.least = Some((least, Arc::clone(&limit.text)));
            }
            if scaling.most.as_ref().is_none_or(|(known, _)| most < *known) {
                scaling.most = Some((most, Arc::clone(&limit.text)));
            }
        }
        scaling
    }
}

/// For how long a change is left to show its effect: until the windows of all rules about servers look
/// only at what came after it.
fn settle_seconds(program: &CheckedProgram, period_seconds: f64) -> f64 {
    let scale =
        |kind: &BehaviorKind| matches!(kind, BehaviorKind::ScaleOut(_) | BehaviorKind::ScaleIn(_));
    let rules = program.rules.iter();
    let scaling = rules.filter(|rule| rule.behaviors.iter().any(|call| scale(&call.kind)));
    let windows = scaling.map(reach_seconds).fold(0.0, f64::max);
    windows + SETTLE_PERIODS * period_seconds
}

#[cfg(test)]
mod tests {
    use plasma_model::Action;

    use super::*;

    fn plan(t: f64, bodies: &[ActionBody]) -> Decision {
        let action = |(id, body): (usize, &ActionBody)| Action {
            id: id as u64 + 1,
            body: body.clone(),
            epoch: None,
            deadline: None,
            group: None,
        };
        Decision {
            t,
            actions: bodies.iter().enumerate().map(action).collect(),
            ..Decision::default()
        }
    }

    fn at(t: f64, orders: &mut ServerOrders) -> Scaling {
        let mut frame = Frame::default();
        (frame.t, frame.period_seconds) = (t, 10.0);
        orders.scaling(&CheckedProgram::default(), &frame)
    }

    #[test]
    fn an_order_counts_until_its_effect_has_been_seen() {
        let mut orders = ServerOrders::default();
        orders.plan(&plan(10.0, &[ActionBody::AddServer { count: 2 }]));
        assert_eq!(at(10.0, &mut orders), Scaling::default(), "only planned");
        orders.order(1, 10.0);
        let ordered = at(20.0, &mut orders);
        assert_eq!((ordered.adding, ordered.added.servers), (2, 2));
        orders.end(1, true);
        let there = at(30.0, &mut orders);
        assert_eq!((there.adding, there.added.servers), (0, 2));
        assert_eq!(there.added.until_seconds, 40.0);
        assert_eq!(at(40.0, &mut orders), Scaling::default());
    }

    #[test]
    fn what_failed_is_forgotten_and_what_nobody_answered_for_counts_as_done() {
        let mut orders = ServerOrders::default();
        let remove = ActionBody::RemoveServer {
            server: "s2".into(),
        };
        orders.plan(&plan(10.0, &[remove, ActionBody::AddServer { count: 1 }]));
        orders.order(1, 10.0);
        orders.order(2, 10.0);
        assert_eq!(at(20.0, &mut orders).removing.len(), 1);
        orders.end(1, false);
        let left = at(20.0, &mut orders);
        assert_eq!((left.removing.len(), left.removed.servers), (0, 0));
        assert_eq!(left.adding, 1);
        let silent = at(10.0 + 2.0 * SERVER_DEADLINE_SECONDS, &mut orders);
        assert_eq!(silent.adding, 0);
    }
}

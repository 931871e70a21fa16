//! `scale_out` and `scale_in`: how many servers may be added or removed, before the placement is solved,
//! and the orders once it is.

use std::collections::BTreeSet;
use std::sync::Arc;

use plasma_model::{Action, ActionBody, ActionId, Goal, Intent, Reason, Rejection};

use super::Arbitration;
use super::cluster::{Cluster, ServerNo};
use super::passes::Solution;
use crate::scaling::Scaling;

/// What the intents about servers come to.
#[derive(Debug, Default)]
pub(super) struct ScalePlan {
    /// How many servers are added, and for which intents.
    adding: u32,
    for_adding: Vec<usize>,
    /// The intent for which servers are removed, and how many at most.
    pub(super) removing: Option<(usize, u32)>,
    /// All intents that ask for servers to be removed, with how many each still misses.
    for_removing: Vec<(usize, u32)>,
    rejected: Vec<(usize, Reason)>,
}

/// Decides how many servers are added, and how many may be removed. Of several intents the one with the
/// greatest number counts; what was ordered shortly before counts as done; adding beats removing.
pub(super) fn plan(intents: &[Intent], cluster: &Cluster<'_>, scaling: &Scaling) -> ScalePlan {
    let mut plan = ScalePlan::default();
    let mut outs: Vec<(usize, u32)> = Vec::new();
    let mut ins: Vec<(usize, u32)> = Vec::new();
    for (place, intent) in intents.iter().enumerate() {
        match intent.goal {
            Goal::ScaleOut { count } => outs.push((place, count)),
            Goal::ScaleIn { count } => ins.push((place, count)),
            _ => {}
        }
    }
    plan.add(&outs, cluster.servers.len(), scaling);
    if let Some((greatest, _)) = outs
        .iter()
        .max_by_key(|(place, n)| (*n, usize::MAX - place))
    {
        let beats = intents.get(*greatest).map(lost_against);
        let lost = ins
            .iter()
            .filter_map(|(place, _)| Some((*place, beats.clone()?)));
        plan.rejected.extend(lost);
    } else {
        plan.remove(&ins, cluster, scaling);
    }
    plan
}

fn lost_against(intent: &Intent) -> Reason {
    let rule = intent.causes.first().map(|cause| cause.rule.to_string());
    Reason::LostAgainst {
        goal: intent.goal.clone(),
        rule: rule.unwrap_or_default(),
    }
}

impl ScalePlan {
    fn add(&mut self, outs: &[(usize, u32)], present: usize, scaling: &Scaling) {
        let Some(most_asked) = outs.iter().map(|(_, count)| *count).max() else {
            return;
        };
        if scaling.removed.servers > 0 {
            let reason = Reason::ServersSettling {
                were_added: false,
                until_seconds: scaling.removed.until_seconds,
            };
            self.rejected
                .extend(outs.iter().map(|(place, _)| (*place, reason.clone())));
            return;
        }
        let wanted = most_asked.saturating_sub(scaling.added.servers);
        let servers = present.saturating_add(scaling.adding as usize);
        let room = scaling.most.as_ref().map_or(u32::MAX, |(most, _)| {
            most.saturating_sub(u32::try_from(servers).unwrap_or(u32::MAX))
        });
        self.adding = wanted.min(room);
        for (place, count) in outs {
            let missing = count.saturating_sub(scaling.added.servers);
            if missing > 0 && self.adding > 0 {
                self.for_adding.push(*place);
            }
            if let (true, Some((_, limit))) = (missing > self.adding, &scaling.most) {
                let reason = Reason::ServersLimited {
                    limit: Arc::clone(limit),
                    is_adding: true,
                    servers,
                    asked: missing,
                    granted: self.adding,
                };
                self.rejected.push((*place, reason));
            }
        }
    }

    fn remove(&mut self, ins: &[(usize, u32)], cluster: &Cluster<'_>, scaling: &Scaling) {
        if scaling.added.servers > 0 {
            let reason = Reason::ServersSettling {
                were_added: true,
                until_seconds: scaling.added.until_seconds,
            };
            self.rejected
                .extend(ins.iter().map(|(place, _)| (*place, reason.clone())));
            return;
        }
        let missing = |(place, count): &(usize, u32)| {
            let missing = count.saturating_sub(scaling.removed.servers);
            (missing > 0).then_some((*place, missing))
        };
        let ins: Vec<(usize, u32)> = ins.iter().filter_map(missing).collect();
        let servers = cluster.servers.iter().filter(|s| !s.leaves).count();
        let room = scaling.least.as_ref().map_or(u32::MAX, |(least, _)| {
            u32::try_from(servers)
                .unwrap_or(u32::MAX)
                .saturating_sub(*least)
        });
        for (place, missing) in &ins {
            let granted = room.min(*missing);
            if let (true, Some((_, limit))) = (granted < *missing, &scaling.least) {
                let reason = Reason::ServersLimited {
                    limit: Arc::clone(limit),
                    is_adding: false,
                    servers,
                    asked: *missing,
                    granted,
                };
                self.rejected.push((*place, reason));
            }
        }
        let greatest = ins.iter().max_by_key(|(place, n)| (*n, usize::MAX - place));
        self.removing = greatest
            .map(|(place, missing)| (*place, room.min(*missing)))
            .filter(|(_, granted)| *granted > 0);
        if self.removing.is_some() {
            self.for_removing = ins;
        }
    }

    /// Adds the orders and the rejections to a plan of moves. A server is removed once the plan leaves
    /// nobody on it.
    pub(super) fn add_orders(
        self,
        mut arbitration: Arbitration,
        solution: &Solution<'_>,
        first_action: ActionId,
    ) -> Arbitration {
        let decision = &mut arbitration.decision;
        let mut order = |body: ActionBody, intents: Vec<usize>| {
            decision.actions.push(Action {
                id: first_action + decision.actions.len() as ActionId,
                body,
                epoch: None,
                deadline: None,
                group: None,
            });
            decision.action_intents.push(intents);
        };
        if self.adding > 0 {
            order(
                ActionBody::AddServer { count: self.adding },
                self.for_adding,
            );
        }
        let leaving = solution.last.leaving();
        let emptied = leaving
            .iter()
            .copied()
            .filter(|server| is_emptied(solution, *server));
        let mut removed = 0;
        for server in emptied {
            let intents = self
                .for_removing
                .iter()
                .filter(|(_, missing)| *missing > removed);
            let server = solution.last.draft.cluster().servers[server].id.clone();
            order(
                ActionBody::RemoveServer { server },
                intents.map(|(place, _)| *place).collect(),
            );
            removed += 1;
        }
        let refused = |decision: &plasma_model::Decision| -> BTreeSet<usize> {
            decision
                .rejected
                .iter()
                .map(|refused| refused.intent)
                .collect()
        };
        // One reason each; where the greatest number found no server, the lesser ones did not either.
        let known = refused(decision);
        let of_greatest = self.removing.and_then(|(greatest, _)| {
            let found = decision
                .rejected
                .iter()
                .find(|refused| refused.intent == greatest);
            found.map(|refused| refused.reason.clone())
        });
        let lesser = self
            .for_removing
            .iter()
            .filter(|(_, missing)| *missing > removed);
        let lesser = lesser.filter_map(|(place, _)| Some((*place, of_greatest.clone()?)));
        let reasons: Vec<(usize, Reason)> = lesser.chain(self.rejected).collect();
        let mut known = known;
        for (intent, reason) in reasons {
            if known.insert(intent) {
                decision.rejected.push(Rejection { intent, reason });
            }
        }
        decision.rejected.sort_by_key(|refused| refused.intent);
        arbitration
    }
}

/// Whether nobody is left on a server, nor comes to it, once what the limits let move has moved.
fn is_emptied(solution: &Solution<'_>, server: ServerNo) -> bool {
    solution.last.draft.is_empty(server)
}

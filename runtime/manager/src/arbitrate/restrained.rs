//! Cooldowns and limits on single actors, as a pass asks for them: who may not move for whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_model::{Intent, Reason};

use super::admission::Block;
use super::cluster::{ActorNo, Cluster, ServerNo};
use super::demand::{Demand, DemandNo};
use super::solver::Solver;
use crate::restraint::Restraints;

/// The restraints in dense numbers.
#[derive(Debug, Default)]
pub(crate) struct Restrained {
    /// For each actor, the rules that may not move it, each with the time until when.
    cooling: BTreeMap<ActorNo, BTreeMap<usize, f64>>,
    /// For each demand, the rules that ask for it, each with its name; none if nothing is cooling.
    rules: Vec<BTreeMap<usize, Arc<str>>>,
    /// Actors that a limit lets move no more.
    exhausted: BTreeMap<ActorNo, Arc<str>>,
}

impl Restrained {
    pub(super) fn new(
        cluster: &Cluster<'_>,
        demands: &[Demand],
        intents: &[Intent],
        restraints: &Restraints,
    ) -> Self {
        let cooling = restraints.cooling.iter();
        let exhausted = restraints.exhausted.iter();
        let mut rules = Vec::new();
        if !restraints.cooling.is_empty() {
            let asked = demands.iter().map(|demand| {
                let intent = demand.intent().and_then(|place| intents.get(place));
                let causes = intent.into_iter().flat_map(|intent| &intent.causes);
                causes.map(|c| (c.rule_index, c.rule.clone())).collect()
            });
            rules = asked.collect();
        }
        Restrained {
            cooling: cooling
                .filter_map(|(actor, rules)| Some((cluster.actor_no(actor)?, rules.clone())))
                .collect(),
            rules,
            exhausted: exhausted
                .filter_map(|(actor, limit)| Some((cluster.actor_no(actor)?, limit.clone())))
                .collect(),
        }
    }

    /// The actors that something forbids to move.
    pub(super) fn actors(&self) -> impl Iterator<Item = ActorNo> {
        self.cooling.keys().chain(self.exhausted.keys()).copied()
    }

    /// The rule among those that ask for a demand that may move an actor again first, and when;
    /// `None` if one of them may move it now.
    fn cooling(&self, demand: DemandNo, actor: ActorNo) -> Option<(f64, &Arc<str>)> {
        let cooling = self.cooling.get(&actor)?;
        let asking = self.rules.get(demand)?;
        let mut first: Option<(f64, &Arc<str>)> = None;
        for (rule, name) in asking {
            let until = *cooling.get(rule)?;
            if first.is_none_or(|(earliest, _)| until < earliest) {
                first = Some((until, name));
            }
        }
        first
    }
}

impl Solver<'_> {
    /// What an earlier move of an actor forbids to the demand that is being served.
    pub(super) fn restrained(&self, actor: ActorNo) -> Option<Block> {
        if !self.demands.names(actor) {
            return None;
        }
        let restrained = &self.demands.restrained;
        if restrained.exhausted.contains_key(&actor) {
            return Some(Block::Exhausted(actor));
        }
        let demand = self.serving?;
        let cooling = restrained.cooling(demand, actor);
        cooling.map(|_| Block::Cooling(demand, actor))
    }

    /// Why a limit does not let an actor move.
    pub(super) fn exhausted_reason(&self, actor: ActorNo) -> Reason {
        let limit = self.demands.restrained.exhausted.get(&actor);
        Reason::LimitReached {
            limit: limit.map_or_else(|| Arc::from(""), Arc::clone),
            actor: Some(self.draft.cluster().actor_id(actor)),
        }
    }

    /// Why a cooldown does not let an actor move.
    pub(super) fn cooling_reason(&self, demand: DemandNo, actor: ActorNo) -> Reason {
        let cooling = self.demands.restrained.cooling(demand, actor);
        let (until_seconds, rule) = cooling.map_or((0.0, ""), |(until, rule)| (until, rule));
        Reason::CoolingDown {
            actor: self.draft.cluster().actor_id(actor),
            rule: rule.to_owned(),
            until_seconds,
        }
    }

    /// The actors on some servers that only a cooldown or a limit keeps from moving, in order.
    pub(crate) fn restrained_on(&self, servers: &[ServerNo]) -> BTreeSet<ActorNo> {
        if self.demands.restrained.actors().next().is_none() {
            return BTreeSet::new();
        }
        let residents = servers
            .iter()
            .flat_map(|server| self.draft.residents(*server));
        let restrained = residents.filter(|actor| self.restrained(*actor).is_some());
        restrained.collect()
    }
}

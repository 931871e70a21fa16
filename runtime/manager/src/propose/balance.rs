//! `balance({T,..}, res)`: loads between the bounds, by moving actors of these types and the groups
//! they belong to.
//!
//! A server above the upper bound gives to the emptiest servers ([`relieve`]); one below the lower
//! bound takes from the fullest ([`fill`]); where no single move fits, two units change places
//! ([`exchange`]). Every step takes points off some server's distance to its bound and adds none to
//! another's, so the descent ends, and ends where it would begin the next time: between the bounds,
//! or where no step helps.

mod by_load;
mod exchange;
mod fill;
mod relieve;
mod unit;

use std::collections::BTreeMap;
use std::rc::Rc;

use plasma_model::{Bounds, Goal, Reason, Resource};

use crate::arbitrate::admission::StandingBounds;
use crate::arbitrate::cluster::{Gauge, Kinds, ServerNo};
use crate::arbitrate::demand::{DemandNo, Regard};
use crate::arbitrate::draft::KEEP_TOLERANCE;
use crate::arbitrate::solver::Solver;

/// Points by which a load must miss its bound before anything moves: less is the rounding of sums.
const VIOLATION_POINTS: f64 = 1e-6;

/// Distance of the bounds from the mean where the rule gives none, in points.
const BAND_POINTS: f64 = 10.0;

/// Moves actors until the loads are between the bounds, or nothing helps.
pub(crate) fn balance(solver: &mut Solver<'_>, demand: DemandNo) -> Result<(), Reason> {
    let goal = solver.demands.goal(demand).clone();
    let Goal::Balance {
        types,
        resource,
        bounds,
    } = goal
    else {
        return Ok(());
    };
    let bounds = bounds_in_force(solver, resource, bounds)?;
    let some_pending = solver.demands.some_pending_after(demand);
    let cluster = solver.draft.cluster();
    let is_eligible = |server: &ServerNo| solver.eligible_load(*server, resource).is_some();
    let mut balancer = Balancer {
        participants: solver.servers().filter(is_eligible).collect(),
        solver,
        demand,
        kinds: cluster.kinds(&types),
        prices: cluster.prices(),
        resource,
        bounds,
        regard: Regard::All,
        largest: BTreeMap::new(),
    };
    balancer.relieve();
    balancer.fill();
    balancer.regard = Regard::Standing;
    if some_pending && balancer.worst().is_some() {
        balancer.relieve();
        balancer.fill();
    }
    let missed = balancer
        .worst()
        .map(|(server, load)| balancer.explain(server, load));
    let participants = balancer.participants;
    let mut servers = vec![false; cluster.servers.len()];
    for server in participants {
        servers[server] = true;
    }
    if let Some(reason) = missed {
        solver.rejected.push((demand, reason));
    }
    solver.bounds.push(StandingBounds {
        demand,
        servers,
        resource,
        upper: bounds.upper,
        lower: bounds.lower,
    });
    Ok(())
}

/// The rule's bounds, or the mean ± 10 points of the servers that take part.
fn bounds_in_force(
    solver: &Solver<'_>,
    resource: Resource,
    bounds: Bounds,
) -> Result<Bounds, Reason> {
    let loads: Vec<f64> = solver
        .servers()
        .filter_map(|server| solver.eligible_load(server, resource))
        .collect();
    if loads.is_empty() {
        // Somebody asked, so there is a server; its use is unknown, or it takes no part.
        let first = solver.draft.cluster().servers.first();
        let server = first.map_or_else(|| "".into(), |server| server.id.clone());
        return Err(Reason::UnknownUsage { server, resource });
    }
    if bounds.upper.is_some() || bounds.lower.is_some() {
        return Ok(bounds);
    }
    let mean = loads.iter().sum::<f64>() / loads.len() as f64;
    Ok(Bounds {
        upper: Some(mean + BAND_POINTS),
        lower: Some((mean - BAND_POINTS).max(0.0)),
    })
}

/// The units on a server, the largest first, with what they depend on: what is regarded, and the version of the
/// server's residents.
type Listed = ((Regard, u32), Rc<[unit::Unit]>);

/// One balance at work.
struct Balancer<'s, 'c> {
    solver: &'s mut Solver<'c>,
    demand: DemandNo,
    /// The servers that take part.
    participants: Vec<ServerNo>,
    /// The types that may move.
    kinds: Kinds,
    /// What moving each actor costs.
    prices: &'c [f64],
    resource: Resource,
    bounds: Bounds,
    regard: Regard,
    /// The units on servers that took part in an exchange.
    largest: BTreeMap<ServerNo, Listed>,
}

impl Balancer<'_, '_> {
    /// The servers that take part, with their loads in percent.
    fn loads(&self) -> impl Iterator<Item = (ServerNo, f64)> {
        let participants = self.participants.iter();
        participants.map(|server| (*server, self.load(*server)))
    }

    fn load(&self, server: ServerNo) -> f64 {
        self.solver
            .draft
            .load_perc(server, self.resource)
            .unwrap_or(0.0)
    }

    /// What an amount is on a server, in points.
    fn points(&self, amount: f64, server: ServerNo) -> f64 {
        match self.solver.draft.cluster().servers[server].gauges[self.resource] {
            Gauge::Known { capacity, .. } => amount / capacity * 100.0,
            _ => 0.0,
        }
    }

    /// What an amount is at least on any server, in points.
    fn points_least(&self, amount: f64) -> f64 {
        let cluster = self.solver.draft.cluster();
        let capacity_max = cluster.capacity_max(self.resource);
        capacity_max.map_or(0.0, |capacity| amount / capacity * 100.0)
    }

    /// Points by which a load is above the upper bound; nothing to speak of is `None`.
    fn excess(&self, load: f64) -> Option<f64> {
        let excess = load - self.bounds.upper?;
        (excess > VIOLATION_POINTS).then_some(excess)
    }

    /// Points by which a load is below the lower bound; nothing to speak of is `None`.
    fn need(&self, load: f64) -> Option<f64> {
        let need = self.bounds.lower? - load;
        (need > VIOLATION_POINTS).then_some(need)
    }

    /// Whether a server may come to have this load by receiving.
    fn may_rise_to(&self, load: f64) -> bool {
        self.bounds
            .upper
            .is_none_or(|upper| load <= upper * (1.0 + KEEP_TOLERANCE))
    }

    /// Whether a server may come to have this load by giving.
    fn may_fall_to(&self, load: f64) -> bool {
        self.bounds
            .lower
            .is_none_or(|lower| load >= lower * (1.0 - KEEP_TOLERANCE))
    }

    /// The server farthest outside the bounds, with its load.
    fn worst(&self) -> Option<(ServerNo, f64)> {
        let distance = |load: f64| self.excess(load).or(self.need(load));
        self.loads()
            .filter_map(|(server, load)| Some((distance(load)?, server, load)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
            .map(|(_, server, load)| (server, load))
    }

    /// Why a server stays outside the bounds.
    fn explain(&self, server: ServerNo, load: f64) -> Reason {
        let others = self.loads().count() - 1;
        let mut because = if others == 0 {
            "no other server takes part".to_owned()
        } else if self.excess(load).is_some() {
            let upper = figure(self.bounds.upper.unwrap_or_default());
            match self.units_on(server).len() {
                0 => "no actor of these types on it can move".to_owned(),
                1 => format!(
                    "the one actor or group on it that can move fits nowhere else below {upper} %"
                ),
                n => format!(
                    "none of the {n} actors and groups on it that can move fits elsewhere below \
                     {upper} %"
                ),
            }
        } else {
            let lower = figure(self.bounds.lower.unwrap_or_default());
            format!("no other server has an actor to give without falling below {lower} %")
        };
        match self.restrained() {
            0 => {}
            1 => because += "; one actor may not move again yet (cooldown or limit)",
            n => {
                let more = format!("; {n} actors may not move again yet (cooldown or limit)");
                because += &more;
            }
        }
        Reason::NoHelpfulMove {
            server: self.solver.draft.cluster().servers[server].id.clone(),
            resource: self.resource,
            because,
        }
    }
}

impl Balancer<'_, '_> {
    /// The actors of these types that only a cooldown or a limit keeps where they are.
    fn restrained(&self) -> usize {
        let restrained = self.solver.restrained_on(&self.participants).into_iter();
        restrained
            .filter(|actor| self.kinds.contains(*actor))
            .count()
    }
}

/// A percentage for people: at most four significant digits, which leaves the noise of sums out.
fn figure(percent: f64) -> f64 {
    let scale = match percent.abs() {
        small if small < 10.0 => 1000.0,
        middle if middle < 100.0 => 100.0,
        great if great < 1000.0 => 10.0,
        _ => 1.0,
    };
    (percent * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_have_four_digits_and_no_noise() {
        let shown = [59.99999999999999, 7.123456, 63.333333, 110.0, 1234.5].map(figure);
        assert_eq!(shown, [60.0, 7.123, 63.33, 110.0, 1235.0]);
    }
}

//! A policy on its way through a cluster: what it decides tick by tick, and when its rules fire.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_check::program::{CheckedProgram, Rule};
use plasma_columns::Columns;
use plasma_eval::{Derivation, Past, explain, nearest};
use plasma_ide::{Attached, Firings};
use plasma_model::{Binding, Decision, Reservations};
use plasma_scenario::Planner;

/// Rules whose nearest miss is sought.
const MISSES_MAX: usize = 200;

/// A policy on its way through a cluster.
pub(crate) struct Follower {
    program: Arc<CheckedProgram>,
    planner: Planner,
    ticks: usize,
    rules: BTreeMap<Arc<str>, Firings>,
    /// What was decided at the last tick, and reserved before it.
    last: Option<(Decision, Reservations)>,
}

impl Follower {
    /// A policy that has seen nothing yet.
    pub(crate) fn new(program: Arc<CheckedProgram>) -> Follower {
        let rules = program.rules_and_requirements();
        let rules = rules.map(|rule| (Arc::clone(&rule.name), Firings::default()));
        Follower {
            rules: rules.collect(),
            planner: Planner::new(CheckedProgram::clone(&program)),
            program,
            ticks: 0,
            last: None,
        }
    }

    /// How many ticks it has seen.
    pub(crate) fn ticks(&self) -> usize {
        self.ticks
    }

    /// Takes note of a tick.
    pub(crate) fn see(&mut self, columns: &Columns) {
        let reserved = self.planner.reservations();
        let plan = self.planner.plan(columns);
        self.ticks += 1;
        let t = columns.frame().t;
        let fired: BTreeMap<&str, usize> = plan
            .fired
            .iter()
            .map(|(name, count)| (name.as_str(), *count))
            .collect();
        for (name, firings) in &mut self.rules {
            firings.note(t, fired.get(&**name).copied().unwrap_or(0));
        }
        self.last = Some((plan.decision, reserved));
    }

    /// What there is to see: the cluster at the last tick, and the policy's firings until then.
    pub(crate) fn attached(&self, columns: Arc<Columns>) -> Attached {
        let past = Arc::new(self.planner.past().clone());
        let mut rules = self.rules.clone();
        let mut sought = 0;
        for rule in self.program.rules_and_requirements() {
            if let (Some(firings), Some(last)) = (rules.get_mut(&rule.name), &self.last) {
                sought += usize::from(firings.bindings_now == 0);
                let is_sought = firings.bindings_now > 0 || sought <= MISSES_MAX;
                let world = (&*columns, &*past);
                firings.derivation = is_sought
                    .then(|| self.derivation(rule, world, last))
                    .flatten();
            }
        }
        Attached {
            name: "".into(),
            ticks: self.ticks,
            columns,
            past,
            rules,
        }
    }

    /// Why a rule fires at the last tick, for its first binding, or what comes nearest to that.
    fn derivation(
        &self,
        rule: &Rule,
        world: (&Columns, &Past),
        (decision, reserved): &(Decision, Reservations),
    ) -> Option<Derivation> {
        let (program, index) = (&*self.program, rule.index);
        match first_binding(decision, index) {
            Some(binding) => explain(program, world, reserved, index, binding),
            None => {
                let nothing = Binding::new();
                nearest(program, world, reserved, index, (&nothing, &|_| true))
            }
        }
    }
}

/// The first binding for which a rule fired.
fn first_binding(decision: &Decision, rule_index: usize) -> Option<&Binding> {
    let causes = decision.intents.iter().flat_map(|intent| &intent.causes);
    let own = causes.filter(|cause| cause.rule_index == rule_index);
    own.map(|cause| &cause.binding).min()
}

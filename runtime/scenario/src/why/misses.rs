//! What comes nearest to firing, about whom it is asked.

use plasma_check::program::{Rule, Scope, Variable};
use plasma_eval::{Derivation, Nearness, each_near_derivation, judge, nearest};
use plasma_model::{Binding, Entity};

use super::{Subject, Teller, binds, hosts};

/// The nearest of what does not fire.
pub(super) struct Misses {
    pub(super) nearest: Vec<(Nearness, Derivation)>,
    told_max: usize,
    pub(super) more: usize,
    pub(super) is_cut: bool,
}

impl Misses {
    pub(super) fn new(told_max: usize) -> Misses {
        Misses {
            nearest: Vec::new(),
            told_max,
            more: 0,
            is_cut: false,
        }
    }

    pub(super) fn add(&mut self, derivation: Derivation) {
        let nearness = Nearness::of(&derivation);
        let place = self
            .nearest
            .partition_point(|(known, _)| !nearness.is_nearer(known));
        self.nearest.insert(place, (nearness, derivation));
        if self.nearest.len() > self.told_max {
            self.nearest.pop();
            self.more += 1;
        }
    }

    /// Counts those of which more links are missing than of the nearest: beside bindings whose variables have
    /// to do with each other, others say nothing.
    fn count_unlinked(&mut self) {
        let Some(least) = self.nearest.first().map(|(near, _)| near.links_broken) else {
            return;
        };
        let linked = self
            .nearest
            .partition_point(|(near, _)| near.links_broken <= least);
        self.more += self.nearest.len() - linked;
        self.nearest.truncate(linked);
    }
}

impl Teller<'_> {
    pub(super) fn add_misses(&self, misses: &mut Misses) {
        self.add_all_misses(misses);
        if !matches!(self.subject, Subject::Entity(_)) {
            misses.count_unlinked();
        }
    }

    fn add_all_misses(&self, misses: &mut Misses) {
        match self.subject {
            Subject::Rule(index) => {
                if let Some(rule) = self.program.rule(*index) {
                    self.add_near(rule, &Binding::new(), &|_| true, misses);
                }
            }
            Subject::RuleFor(index, entity) => {
                if let Some(rule) = self.program.rule(*index) {
                    self.add_about(rule, entity, misses);
                }
            }
            Subject::Entity(entity) => {
                for rule in self.program.rules_and_requirements() {
                    if let Some(nearest) = self.nearest(rule, entity) {
                        misses.add(nearest);
                    }
                }
            }
        }
    }

    fn add_near(
        &self,
        rule: &Rule,
        fixed: &Binding,
        is_wanted: &dyn Fn(&Binding) -> bool,
        misses: &mut Misses,
    ) {
        let is_whole = each_near_derivation(
            self.program,
            (self.columns, self.past),
            &self.nothing_held,
            rule.index,
            (fixed, is_wanted),
            &mut |found| misses.add(found),
        );
        misses.is_cut |= !is_whole;
    }

    /// All that does not fire of one rule about an actor or a server; each once, though two variables may stand
    /// for it.
    fn add_about(&self, rule: &Rule, entity: &Entity, misses: &mut Misses) {
        let ways = self.ways(rule, entity);
        for (place, fixed) in ways.iter().enumerate() {
            let before = ways.get(..place).unwrap_or_default();
            let is_new = |binding: &Binding| !has_any(binding, before);
            self.add_near(rule, fixed, &is_new, misses);
        }
        if hosts::may_name(rule, entity) {
            let is_on = |binding: &Binding| {
                !has_any(binding, &ways) && self.names_host(rule, binding, entity)
            };
            self.add_near(rule, &Binding::new(), &is_on, misses);
        }
        if let Some(found) = self.with_bare_server(rule, entity, &Binding::new()) {
            misses.add(found);
        }
    }

    /// How a rule may be about an actor or a server: by what is fixed in its bindings.
    fn ways(&self, rule: &Rule, entity: &Entity) -> Vec<Binding> {
        let mut fixed = self.fixed_to(rule, entity);
        let mut behaviors = rule.behaviors.iter();
        let asks_for_all = behaviors.any(|behavior| {
            let (schema, columns) = (&self.program.schema, self.columns);
            binds::is_about_type(&behavior.kind, entity, schema, columns)
        });
        if asks_for_all {
            fixed.push(Binding::new());
        }
        fixed
    }

    /// The nearest that a rule comes to firing about an actor or a server.
    fn nearest(&self, rule: &Rule, entity: &Entity) -> Option<Derivation> {
        let near = |fixed: &Binding, is_wanted: &dyn Fn(&Binding) -> bool| {
            let world = (self.columns, self.past);
            let held = &self.nothing_held;
            nearest(self.program, world, held, rule.index, (fixed, is_wanted))
        };
        let ways = self.ways(rule, entity);
        let found = ways.iter().filter_map(|fixed| near(fixed, &|_| true));
        let on_host = hosts::may_name(rule, entity).then(|| {
            near(&Binding::new(), &|binding| {
                self.names_host(rule, binding, entity)
            })
        });
        let found = found.chain(on_host.flatten());
        let found = found.chain(self.with_bare_server(rule, entity, &Binding::new()));
        found.reduce(
            |best, next| match Nearness::of(&next).is_nearer(&Nearness::of(&best)) {
                true => next,
                false => best,
            },
        )
    }

    /// Whether a rule speaks of the host of an actor bound, and that is this server.
    pub(super) fn names_host(&self, rule: &Rule, binding: &Binding, server: &Entity) -> bool {
        let Entity::Server(server) = server else {
            return false;
        };
        let is_named = |variable: &Variable| {
            let bound = binding.iter().find(|(name, _)| *name == variable.name);
            match bound {
                Some((_, Entity::Actor(id))) => self.columns.host_of(id) == Some(server.as_str()),
                _ => false,
            }
        };
        let named = hosts::hosts_named(rule).into_iter();
        let mut named = named.filter_map(|id| rule.variables.get(id.0 as usize));
        named.any(|variable| variable.scope == Scope::Rule && is_named(variable))
    }

    /// How a rule in which a bare `server` is some server stands where it is this one. `None` of any other
    /// rule.
    pub(super) fn with_bare_server(
        &self,
        rule: &Rule,
        server: &Entity,
        binding: &Binding,
    ) -> Option<Derivation> {
        let bare = hosts::bare_server(rule)?;
        let Entity::Server(_) = server else {
            return None;
        };
        let id_of = |name: &str| {
            let mut variables = (0..).zip(&rule.variables);
            let found = variables.find(|(_, variable)| *variable.name == *name);
            found.map(|(id, _)| plasma_check::program::VariableId(id))
        };
        let bound = binding.iter().filter(|(name, _)| id_of(name) != Some(bare));
        let bound = bound.filter_map(|(name, entity)| Some((id_of(name)?, entity.clone())));
        let bound: Vec<_> = bound.chain([(bare, server.clone())]).collect();
        let world = (self.columns, self.past);
        judge(&self.program.schema, rule, &rule.condition, &bound, world)
    }
}

/// Whether a binding has all the values of one of these.
fn has_any(binding: &Binding, of: &[Binding]) -> bool {
    of.iter()
        .any(|fixed| fixed.iter().all(|pair| binding.contains(pair)))
}

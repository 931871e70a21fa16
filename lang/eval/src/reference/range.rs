//! What variables may stand for.

use plasma_check::program::{ActorRef, Range, VariableId};
use plasma_model::{Binding, Entity};

use super::assignment::{Assignment, Bound, ServerAt, binding_variables};
use super::condition::Interpreter;
use super::facts::{Callees, Callers};
use crate::past::samples_of;

impl<'s> Interpreter<'_, 's> {
    /// Calls `visit` with every assignment of `variables` (the others keep their values), in order
    /// of the variables, then of ids.
    pub(crate) fn each_assignment(
        &self,
        variables: &[VariableId],
        assignment: &mut Assignment<'s>,
        visit: &mut dyn FnMut(&mut Assignment<'s>),
    ) {
        self.choose(variables, 0, assignment, visit);
    }

    fn choose(
        &self,
        variables: &[VariableId],
        place: usize,
        assignment: &mut Assignment<'s>,
        visit: &mut dyn FnMut(&mut Assignment<'s>),
    ) {
        let Some(variable) = variables.get(place) else {
            // A caller's range depends on the callee, which may be bound after it.
            if variables.iter().all(|v| self.is_in_range(*v, assignment)) {
                visit(assignment);
            }
            return;
        };
        for value in self.values(*variable) {
            if !self.may_go_on() {
                return;
            }
            assignment.bind(*variable, value);
            self.choose(variables, place + 1, assignment, visit);
        }
    }

    /// Everything of the variable's kind and types, by id.
    pub(crate) fn values(&self, variable: VariableId) -> Vec<Bound<'s>> {
        let variable = self.rule.variables.get(variable.0 as usize);
        match variable.map(|variable| &variable.range) {
            None => Vec::new(),
            Some(Range::Actors(types) | Range::Callers { types, .. }) => {
                let actors = self.facts.actors(types).into_iter();
                actors.map(Bound::Actor).collect()
            }
            Some(Range::Servers) => {
                let servers = self.facts.servers().iter();
                let bound = servers.map(|(id, server)| Bound::Server(ServerAt { id, server }));
                bound.collect()
            }
        }
    }

    /// Whether a caller variable stands for an actor that made such a call in the period, or in the
    /// window; other
    /// variables may stand for all of their kind and types.
    pub(crate) fn is_in_range(&self, variable: VariableId, assignment: &Assignment<'s>) -> bool {
        let range = self.rule.variables.get(variable.0 as usize);
        let Some(Range::Callers {
            callee,
            function,
            window_seconds,
            ..
        }) = range.map(|v| &v.range)
        else {
            return true;
        };
        let Some(caller) = assignment.actor(variable) else {
            return false;
        };
        let to = match callee {
            ActorRef::Anonymous(types) => Callees::All(types),
            ActorRef::Variable(callee) => match assignment.actor(*callee) {
                Some(callee) => Callees::One(callee.id),
                None => return false,
            },
        };
        let periods = window_seconds.map_or(Some(1), |seconds| {
            samples_of(seconds, self.facts.period_seconds())
        });
        let moments = (0..periods.unwrap_or(1)).map_while(|moment| self.facts.earlier(moment));
        let mut counts = moments.map(|facts| {
            let calls = facts.calls(Callers::One(caller.id), to, function.as_deref());
            calls.count
        });
        counts.any(|count| count > 0.0)
    }

    /// The assignment that a binding of an earlier period means now; `None` if it is not possible
    /// any more.
    pub(crate) fn assignment_of(&self, binding: &Binding) -> Option<Assignment<'s>> {
        let mut assignment = Assignment::empty(self.rule.variables.len());
        let variables: Vec<VariableId> = binding_variables(self.rule).collect();
        if variables.len() != binding.len() {
            return None;
        }
        for (variable, (name, entity)) in variables.iter().zip(binding) {
            let expected = &self.rule.variables.get(variable.0 as usize)?.name;
            let value = self.value_of(*variable, entity)?;
            (expected == name).then(|| assignment.bind(*variable, value))?;
        }
        let possible = variables.iter().all(|v| self.is_in_range(*v, &assignment));
        possible.then_some(assignment)
    }

    /// What an entity is now, if it is alive and the variable may stand for it.
    pub(crate) fn value_of(&self, variable: VariableId, entity: &Entity) -> Option<Bound<'s>> {
        match (&self.rule.variables.get(variable.0 as usize)?.range, entity) {
            (Range::Actors(types) | Range::Callers { types, .. }, Entity::Actor(id)) => {
                let at = self.facts.actor(id)?;
                let fits = self.facts.includes(types, &at.actor.actor_type);
                fits.then_some(Bound::Actor(at))
            }
            (Range::Servers, Entity::Server(id)) => {
                let (id, server) = self.facts.servers().get_key_value(id)?;
                Some(Bound::Server(ServerAt { id, server }))
            }
            _ => None,
        }
    }
}

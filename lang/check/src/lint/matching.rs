//! Which variables of one rule may stand in the places of another rule's.

use super::renamed::Renaming;
use crate::program::{Range, Rule, Scope, TypeSet, Variable, VariableId};

/// The search for a variable of `rule` in the place of each variable of `other`.
pub(crate) struct Matching<'r> {
    rule: &'r Rule,
    other: &'r Rule,
    chosen: Vec<VariableId>,
    matches_left: usize,
}

impl<'r> Matching<'r> {
    /// A search that tries so many ways at most.
    pub(crate) fn new(rule: &'r Rule, other: &'r Rule, matches_max: usize) -> Matching<'r> {
        Matching {
            rule,
            other,
            chosen: Vec::new(),
            matches_left: matches_max,
        }
    }

    /// Whether one of the ways fits; those with the same names are tried first. A variable of a part of the
    /// condition may be none of the rule's.
    pub(crate) fn finds(&mut self, fits: &mut dyn FnMut(&[VariableId]) -> bool) -> bool {
        let Some(variable) = self.other.variables.get(self.chosen.len()) else {
            if self.matches_left == 0 {
                return false;
            }
            self.matches_left -= 1;
            return self.call_the_same() && fits(&self.chosen);
        };
        let variables = &self.rule.variables;
        let fitting = (0..).zip(variables);
        let fitting = fitting.filter(|(_, candidate)| self.may_stand_for(candidate, variable));
        let mut ids: Vec<VariableId> = fitting.map(|(id, _)| VariableId(id)).collect();
        let name = |id: &VariableId| variables.get(id.0 as usize).map(|found| &found.name);
        ids.sort_by_key(|id| name(id) != Some(&variable.name));
        // Without the side that it belongs to, the condition may follow all the same.
        if matches!(variable.scope, Scope::OrSide | Scope::Aggregate) {
            let place = variables.len() + self.chosen.len();
            ids.push(VariableId(place as u32));
        }
        ids.into_iter().any(|id| {
            self.chosen.push(id);
            let is_found = self.finds(fits);
            self.chosen.pop();
            is_found
        })
    }

    /// Whether each value of `candidate` is one of `variable`; of what belongs to a part of the condition
    /// only, whether they have the same values.
    fn may_stand_for(&self, candidate: &Variable, variable: &Variable) -> bool {
        if candidate.scope != variable.scope {
            return false;
        }
        let fits = match variable.scope {
            Scope::Rule | Scope::ImplicitServer => contains,
            Scope::OrSide | Scope::Aggregate => |wide: &TypeSet, narrow: &TypeSet| wide == narrow,
        };
        match (&candidate.range, &variable.range) {
            (Range::Actors(narrow), Range::Actors(wide)) => fits(wide, narrow),
            (Range::Servers, Range::Servers) => true,
            (
                Range::Callers {
                    types: narrow,
                    function,
                    window_seconds,
                    ..
                },
                Range::Callers {
                    types: wide,
                    function: other_function,
                    window_seconds: other_window,
                    ..
                },
            ) => fits(wide, narrow) && function == other_function && window_seconds == other_window,
            _ => false,
        }
    }

    /// Whether those that range over callers do so over those of the same actor, once all are chosen.
    fn call_the_same(&self) -> bool {
        let renaming = Renaming::of(&self.chosen);
        let mut pairs = self.other.variables.iter().zip(&self.chosen);
        pairs.all(|(variable, id)| {
            let candidate = self.rule.variables.get(id.0 as usize);
            match (candidate.map(|candidate| &candidate.range), &variable.range) {
                (
                    Some(Range::Callers { callee, .. }),
                    Range::Callers {
                        callee: other_callee,
                        ..
                    },
                ) => renaming.actor(other_callee).as_ref() == Some(callee),
                _ => true,
            }
        })
    }
}

fn contains(wide: &TypeSet, narrow: &TypeSet) -> bool {
    match (wide, narrow) {
        (TypeSet::Any, _) => true,
        (TypeSet::Of(_), TypeSet::Any) => false,
        (TypeSet::Of(wide), TypeSet::Of(narrow)) => narrow.is_subset(wide),
    }
}

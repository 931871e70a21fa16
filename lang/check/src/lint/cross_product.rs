//! `cross-product`: variables that nothing links, so that the rule fires for every combination.

use plasma_diagnostic::{Code, Diagnostic, Span};

use crate::program::{Rule, Scope, VariableId};
use crate::resolve::Facts;

/// Reports the first variable of a rule that nothing links to those before it.
pub(super) fn check(rule: &Rule, facts: &Facts<'_, '_>, found: &mut Vec<Diagnostic>) {
    let is_bound = |v: &&crate::program::Variable| v.scope == Scope::Rule;
    let count = rule.variables.iter().take_while(is_bound).count();
    if count < 2 {
        return;
    }
    let mut groups = Groups::new(count);
    rule.condition.for_each_atom(&mut |atom, _| {
        let mut first = None;
        atom.for_each_variable(&mut |id| {
            // Those of one side of an `or`, or of an aggregate, are in no group.
            if (id.0 as usize) < count {
                groups.join(*first.get_or_insert(id), id);
            }
        });
    });
    let in_condition = |id: &VariableId| {
        facts
            .variable(*id)
            .is_some_and(|v| v.condition_mentions > 0)
    };
    let mut ids = (0..count as u32).map(VariableId);
    let Some(first) = ids.next() else { return };
    let unlinked = ids.find(|id| groups.root(*id) != groups.root(first));
    let Some(second) = unlinked else { return };
    // `true => separate(Worker(a), Worker(b));` asks for every pair and means it.
    if !in_condition(&first) && !in_condition(&second) {
        return;
    }
    let variable = |id: VariableId| rule.variables.get(id.0 as usize);
    if let (Some(first), Some(second)) = (variable(first), variable(second)) {
        found.push(cross_product(
            (first.span, &first.name),
            (second.span, &second.name),
        ));
    }
}

fn cross_product(
    (first, first_name): (Span, &str),
    (second, second_name): (Span, &str),
) -> Diagnostic {
    let message = format!(
        "nothing links `{second_name}` to `{first_name}`: the rule fires for every combination"
    );
    Diagnostic::new(Code::CrossProduct, second, message)
        .with_label(first, format!("`{first_name}` is chosen on its own"))
        .with_help("link them by a call, a reference (`in ref`) or a comparison")
}

/// Sets of linked variables: a union-find forest.
struct Groups {
    parents: Vec<usize>,
}

impl Groups {
    fn new(count: usize) -> Groups {
        Groups {
            parents: (0..count).collect(),
        }
    }

    fn root(&self, id: VariableId) -> usize {
        let mut place = id.0 as usize;
        while let Some(parent) = self.parents.get(place).filter(|parent| **parent != place) {
            place = *parent;
        }
        place
    }

    /// Links two variables; those of one side of an `or` are in no group.
    fn join(&mut self, a: VariableId, b: VariableId) {
        let (a, b) = (self.root(a), self.root(b));
        if b < self.parents.len()
            && let Some(parent) = self.parents.get_mut(a)
        {
            *parent = b;
        }
    }
}

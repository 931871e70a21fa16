//! Whether one rule asks for all that another one asks for, whenever that fires.

use super::alike::same_behavior;
use super::proof::implies;
use crate::lint::matching::Matching;
use crate::lint::renamed::Renaming;
use crate::lint::truth::{By, Wanted, is_impossible};
use crate::program::{BehaviorCall, BehaviorKind, Rule, VariableId};

/// So many ways to match the variables of two rules are tried.
const MATCHES_MAX: usize = 64;

/// Whether `more` asks for all that `less` asks for, on every cluster: it fires then, for the same
/// actors. Both are of one [`SideBySide`](super::SideBySide). `false` where that is not proved.
pub fn asks_for_as_much(more: &Rule, less: &Rule) -> bool {
    covers(more, less, &|renaming| {
        less.behaviors.iter().all(|wanted| {
            let mut all = more.behaviors.iter();
            all.any(|behavior| {
                let renamed = renaming.behavior(&behavior.kind);
                renamed.is_some_and(|renamed| same_behavior(&renamed, &wanted.kind))
            })
        })
    })
}

/// Whether `more` fires whenever `less` does, for the same actors, whatever both ask for.
pub fn fires_as_often(more: &Rule, less: &Rule) -> bool {
    covers(more, less, &|_| true)
}

fn covers(more: &Rule, less: &Rule, asks: &dyn Fn(Renaming<'_>) -> bool) -> bool {
    // A reservation satisfies what is said about the load of its host, and nothing follows from that for
    // what is not about it.
    let by = match reserves(less) || reserves(more) {
        true => By::Identity,
        false => By::Reasoning,
    };
    let fits = &mut |chosen: &[VariableId]| {
        let renaming = Renaming::of(chosen);
        let condition = renaming.condition(&more.condition);
        asks(renaming)
            && condition.is_some_and(|condition| implies(&less.condition, &condition, by))
    };
    if Matching::new(less, more, MATCHES_MAX).finds(fits) {
        return true;
    }
    // What never fires asks for nothing.
    let fires = Wanted {
        condition: &less.condition,
        holds: true,
    };
    !reserves(less) && is_impossible(fires, &[])
}

fn reserves(rule: &Rule) -> bool {
    let is_reserve = |b: &BehaviorCall| matches!(b.kind, BehaviorKind::Reserve { .. });
    rule.behaviors.iter().any(is_reserve)
}

//! Which rule of the old policy is which of the new one: by name, else by what they ask for; those without
//! a name then by their place.

use plasma_check::compare::{SideBySide, asks_for_as_much};
use plasma_check::program::Rule;
use plasma_model::REQUIREMENT_PRIORITY;

use super::changes::has_same_attributes;

/// A rule of each policy; without an old one it was added, without a new one removed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'r> {
    pub(super) old: Option<&'r Rule>,
    pub(super) new: Option<&'r Rule>,
}

/// The rules of two policies, side by side: those of the new one in their order, then those that were
/// removed.
pub(super) fn pairs(sides: &SideBySide) -> Vec<Pair<'_>> {
    let mut old: Vec<&Rule> = sides.old.iter().collect();
    let mut found: Vec<Pair<'_>> = sides
        .new
        .iter()
        .map(|new| Pair {
            old: None,
            new: Some(new),
        })
        .collect();
    let by_name = |old: &Rule, new: &Rule| has_name(new) && old.name == new.name;
    let by_meaning = |old: &Rule, new: &Rule| {
        is_required(old) == is_required(new)
            && has_same_attributes(old, new)
            && asks_for_as_much(new, old)
            && asks_for_as_much(old, new)
    };
    let by_place = |old: &Rule, new: &Rule| !has_name(old) && !has_name(new) && is_alike(old, new);
    pair_up(&mut found, &mut old, usize::MAX, by_name);
    pair_up(&mut found, &mut old, super::RULES_MAX, by_meaning);
    pair_up(&mut found, &mut old, usize::MAX, by_place);
    found.extend(old.into_iter().map(|old| Pair {
        old: Some(old),
        new: None,
    }));
    found
}

/// Gives the new rules that have no old one yet the first that is the same, which is then taken; so many
/// old ones are looked at for each.
fn pair_up<'r>(
    found: &mut [Pair<'r>],
    old: &mut Vec<&'r Rule>,
    old_max: usize,
    is_same: impl Fn(&Rule, &Rule) -> bool,
) {
    for pair in found.iter_mut().filter(|pair| pair.old.is_none()) {
        let Some(new) = pair.new else { continue };
        let mut candidates = old.iter().take(old_max);
        if let Some(place) = candidates.position(|old| is_same(old, new)) {
            pair.old = Some(old.remove(place));
        }
    }
}

fn is_required(rule: &Rule) -> bool {
    rule.priority == REQUIREMENT_PRIORITY
}

fn has_name(rule: &Rule) -> bool {
    !rule.name.contains('#')
}

/// Whether both are rules, or both requirements, of one module.
fn is_alike(old: &Rule, new: &Rule) -> bool {
    let module = |rule: &Rule| {
        let name = rule.name.split('#').next().unwrap_or("");
        name.to_owned()
    };
    is_required(old) == is_required(new) && module(old) == module(new)
}

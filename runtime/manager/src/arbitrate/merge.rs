//! Equal intents become one, under the highest priority, with every cause.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_model::{ActorId, Binding, Bounds, Goal, Intent, Resource, ServerId, TypeSet};

use super::cluster::Cluster;

/// The intents of a period, each once, in order of their first cause.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub(crate) list: Vec<Intent>,
    /// Whom each of them names.
    pub(crate) parties: Vec<Parties>,
}

/// The numbers of the actors or servers that a goal names, in the order of its arguments; `None` is not
/// there, or not named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parties(pub(crate) Option<u32>, pub(crate) Option<u32>);

/// Merges equal intents, drops those that ask for nothing (`colocate(a, a)`), and lists the rest
/// in order of their first cause.
pub(crate) fn merge(intents: Vec<Intent>, cluster: &Cluster<'_>) -> Merged {
    let mut merged = Merged {
        parties: Vec::with_capacity(intents.len()),
        list: intents,
    };
    let mut plain = PlainGoals::default();
    // Goals that name somebody who is not there, and those that name nobody: few.
    let mut others: BTreeMap<GoalKey, usize> = BTreeMap::new();
    // Mostly they come merged and in order: then they stay where they are.
    let mut is_in_order = true;
    let mut is_kept = vec![true; merged.list.len()];
    for place in 0..merged.list.len() {
        let (before, rest) = merged.list.split_at_mut(place);
        let Some(intent) = rest.first_mut() else {
            continue;
        };
        let Some(parties) = canonical(&mut intent.goal, cluster) else {
            merged.parties.push(Parties::default());
            is_kept[place] = false;
            continue;
        };
        let known = match plain_key(&intent.goal, parties) {
            Some(key) if plain.is_above_all(key) => place,
            Some(key) => {
                if plain.slots.is_empty() {
                    let kept = before.iter().zip(&merged.parties).enumerate();
                    let kept = kept.filter(|(place, _)| is_kept[*place]);
                    plain.index(kept.filter_map(|(place, (intent, parties))| {
                        Some((plain_key(&intent.goal, *parties)?, place))
                    }));
                }
                plain.place(key, place)
            }
            None => *others.entry(GoalKey::of(&intent.goal)).or_insert(place),
        };
        merged.parties.push(parties);
        if known < place {
            let known = &mut before[known];
            known.priority = known.priority.max(intent.priority);
            known.causes.append(&mut intent.causes);
            is_kept[place] = false;
        } else if let Some(last) = before.last() {
            is_in_order = is_in_order && order(last, intent).is_le();
        }
    }
    if is_kept.contains(&false) {
        is_in_order = false;
        let mut kept = is_kept.iter();
        merged.list.retain(|_| kept.next() == Some(&true));
        let mut kept = is_kept.iter();
        merged.parties.retain(|_| kept.next() == Some(&true));
    }
    for intent in merged.list.iter_mut().filter(|i| i.causes.len() > 1) {
        intent.causes.sort();
        intent.causes.dedup();
        is_in_order = false;
    }
    if !is_in_order {
        merged.sort();
    }
    merged
}

impl Merged {
    /// By first cause, then by goal, so that no order of arrival changes it.
    fn sort(&mut self) {
        if self.list.is_sorted_by(|a, b| order(a, b).is_le()) {
            return;
        }
        let list = std::mem::take(&mut self.list).into_iter();
        let mut both: Vec<(Intent, Parties)> =
            list.zip(std::mem::take(&mut self.parties)).collect();
        both.sort_by(|a, b| order(&a.0, &b.0));
        (self.list, self.parties) = both.into_iter().unzip();
    }
}

fn order(a: &Intent, b: &Intent) -> Ordering {
    let (Some(first_a), Some(first_b)) = (a.causes.first(), b.causes.first()) else {
        return a.causes.len().cmp(&b.causes.len());
    };
    first_a
        .rule_index
        .cmp(&first_b.rule_index)
        .then_with(|| binding_order(&first_a.binding, &first_b.binding))
        .then_with(|| GoalKey::of(&a.goal).cmp(&GoalKey::of(&b.goal)))
}

/// The order of bindings: those of one rule share their names.
fn binding_order(a: &Binding, b: &Binding) -> Ordering {
    let mut pairs = a.iter().zip(b).map(|((name_a, a), (name_b, b))| {
        let by_name = match Arc::ptr_eq(name_a, name_b) {
            true => Ordering::Equal,
            false => name_a.cmp(name_b),
        };
        by_name.then_with(|| a.cmp(b))
    });
    let differs = pairs.find(|order| order.is_ne());
    differs.unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// Puts the arguments in canonical order and finds their numbers; `None` for a goal that asks for nothing.
fn canonical(goal: &mut Goal, cluster: &Cluster<'_>) -> Option<Parties> {
    let actor = |id: &ActorId| cluster.actor_no(id).map(|no| no as u32);
    let server = |id: &ServerId| cluster.server_no(id).map(|no| no as u32);
    Some(match goal {
        Goal::Pin { actor: id }
        | Goal::Passivate { actor: id }
        | Goal::Checkpoint { actor: id }
        | Goal::Reserve { actor: id, .. } => Parties(actor(id), None),
        Goal::Drain { server: id } => Parties(server(id), None),
        Goal::Migrate { actor: id, to } => Parties(actor(id), server(to)),
        Goal::Separate { a, b } | Goal::Colocate { a, b } => {
            let mut parties = Parties(actor(a), actor(b));
            // Numbers are in order of id.
            let order = match parties {
                Parties(Some(first), Some(second)) => first.cmp(&second),
                _ => (*a).cmp(b),
            };
            match order {
                Ordering::Equal => return None,
                Ordering::Less => {}
                Ordering::Greater => {
                    std::mem::swap(a, b);
                    parties = Parties(parties.1, parties.0);
                }
            }
            parties
        }
        Goal::ScaleOut { .. }
        | Goal::ScaleIn { .. }
        | Goal::Alert { .. }
        | Goal::Spread { .. }
        | Goal::Balance { .. } => Parties::default(),
    })
}

/// Identity of a goal all of whose arguments are there: its behavior with the resource, and their numbers.
type PlainKey = (u32, u32, u32);

fn plain_key(goal: &Goal, Parties(first, second): Parties) -> Option<PlainKey> {
    let behavior = u32::from(goal.behavior().row().rank);
    Some(match goal {
        Goal::Pin { .. } | Goal::Passivate { .. } | Goal::Checkpoint { .. } => {
            (behavior, first?, 0)
        }
        Goal::Drain { .. } => (behavior, first?, 0),
        Goal::Reserve { resource, .. } => (behavior, first?, *resource as u32),
        Goal::Migrate { .. } | Goal::Separate { .. } | Goal::Colocate { .. } => {
            (behavior, first?, second?)
        }
        Goal::ScaleOut { .. }
        | Goal::ScaleIn { .. }
        | Goal::Alert { .. }
        | Goal::Spread { .. }
        | Goal::Balance { .. } => return None,
    })
}

/// Places of plain goals: an open-addressed table, whose own order is never seen. As long as the goals of each
/// behavior come in ascending order, as evaluation lists those of one rule, they are all different, and
/// there is no table.
#[derive(Default)]
struct PlainGoals {
    /// One more than the place; 0 is free. At most half of them are not.
    slots: Vec<(PlainKey, u32)>,
    taken: usize,
    /// The greatest of each behavior.
    greatest: BTreeMap<u32, PlainKey>,
}

impl PlainGoals {
    /// Whether a goal comes after all others of its behavior, in a list without a table.
    fn is_above_all(&mut self, key: PlainKey) -> bool {
        if !self.slots.is_empty() {
            return false;
        }
        match self.greatest.get_mut(&key.0) {
            Some(greatest) if *greatest >= key => return false,
            Some(greatest) => *greatest = key,
            None => {
                self.greatest.insert(key.0, key);
            }
        }
        true
    }

    /// Makes the table of the goals so far.
    fn index(&mut self, goals: impl Iterator<Item = (PlainKey, usize)>) {
        let goals: Vec<(PlainKey, usize)> = goals.collect();
        self.slots = vec![((0, 0, 0), 0); (goals.len() * 4).next_power_of_two().max(64)];
        for (key, place) in goals {
            self.place(key, place);
        }
    }

    /// The place of the goal that was given before, or else the one given now.
    fn place(&mut self, key: PlainKey, place: usize) -> usize {
        if self.taken * 2 >= self.slots.len() {
            let more = vec![((0, 0, 0), 0); self.slots.len() * 2];
            self.taken = 0;
            for (key, of) in std::mem::replace(&mut self.slots, more) {
                if of > 0 {
                    self.place(key, of as usize - 1);
                }
            }
        }
        let mask = self.slots.len() - 1;
        let (behavior, first, second) = key;
        let mixed = (u64::from(first) << 32 | u64::from(second)) ^ u64::from(behavior) << 60;
        let mixed = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut slot = (mixed ^ mixed >> 32) as usize & mask;
        loop {
            match self.slots[slot] {
                (_, 0) => {
                    self.slots[slot] = (key, place as u32 + 1);
                    self.taken += 1;
                    return place;
                }
                (known, of) if known == key => return of as usize - 1,
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

/// Identity of a goal, in the order in which intents of one cause are listed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum GoalKey {
    Actor(u8, ActorId, Option<Resource>),
    Pair(u8, ActorId, ActorId),
    Migrate(u8, ActorId, ServerId),
    Server(u8, ServerId),
    Count(u8, u32),
    Text(u8, Arc<str>),
    Spread(TypeSet, Option<Arc<str>>),
    Balance(TypeSet, Resource, [Option<u64>; 2]),
}

impl GoalKey {
    fn of(goal: &Goal) -> GoalKey {
        let rank = goal.behavior().row().rank;
        match goal {
            Goal::Pin { actor } | Goal::Passivate { actor } | Goal::Checkpoint { actor } => {
                GoalKey::Actor(rank, actor.clone(), None)
            }
            Goal::Reserve { actor, resource } => {
                GoalKey::Actor(rank, actor.clone(), Some(*resource))
            }
            Goal::Drain { server } => GoalKey::Server(rank, server.clone()),
            Goal::Migrate { actor, to } => GoalKey::Migrate(rank, actor.clone(), to.clone()),
            Goal::Separate { a, b } | Goal::Colocate { a, b } => {
                GoalKey::Pair(rank, a.clone(), b.clone())
            }
            Goal::ScaleOut { count } | Goal::ScaleIn { count } => GoalKey::Count(rank, *count),
            Goal::Alert { text } => GoalKey::Text(rank, Arc::clone(text)),
            Goal::Spread { types, by } => GoalKey::Spread(types.clone(), by.clone()),
            Goal::Balance {
                types,
                resource,
                bounds: Bounds { upper, lower },
            } => {
                let bits = [upper.map(f64::to_bits), lower.map(f64::to_bits)];
                GoalKey::Balance(types.clone(), *resource, bits)
            }
        }
    }
}

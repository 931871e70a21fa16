//! Atoms that hold together, and whether they can.
//!
//! Only what follows for certain counts: ranges of what is measured, comparisons of one and the same
//! value, one host for each actor, one answer for one question. Atoms beyond [`LITERALS_MAX`], and
//! what would need an inverse calculation, are left undecided.

use super::alike::{
    is_one, is_one_actor, is_one_entity, is_one_feature, is_one_server, is_one_text, same_atom,
    same_operand,
};
use super::interval::Interval;
use super::range::{measured, range};
use crate::program::{
    Atom, AtomKind, Comparison, Condition, EntityRef, Feature, Operand, ServerRef, TextOperand,
};

/// So many atoms that must hold together are compared with each other.
const LITERALS_MAX: usize = 32;

/// How often what follows for one feature is used for the others.
const PASSES: usize = 2;

/// An atom that must hold or, under `not`, must not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Literal<'c> {
    pub(crate) atom: &'c Atom,
    pub(crate) holds: bool,
}

/// A part of a condition that must hold or, under `not`, must not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'c> {
    pub(crate) condition: &'c Condition,
    pub(crate) holds: bool,
}

/// What a wanted condition asks all at once.
#[derive(Debug, Default)]
pub(crate) struct Conjunction<'c> {
    /// Atoms.
    pub(crate) literals: Vec<Literal<'c>>,
    /// Of each list, at least one.
    pub(crate) choices: Vec<Vec<Wanted<'c>>>,
}

impl<'c> Conjunction<'c> {
    /// Takes apart what must hold together.
    pub(crate) fn of(wanted: Wanted<'c>) -> Conjunction<'c> {
        let mut conjunction = Conjunction::default();
        conjunction.add(wanted);
        conjunction
    }

    /// Its literals after those that hold beside it, [`LITERALS_MAX`] at most.
    pub(super) fn beside(&self, beside: &[Literal<'c>]) -> Vec<Literal<'c>> {
        let all = beside.iter().chain(&self.literals);
        all.take(LITERALS_MAX).copied().collect()
    }

    fn add(&mut self, Wanted { condition, holds }: Wanted<'c>) {
        match (condition, holds) {
            // It may be a parameter, which another run sets otherwise.
            (Condition::Constant(_), _) => {}
            (Condition::Atom(atom), _) => self.literals.push(Literal { atom, holds }),
            // What holds in every snapshot of a window holds in the present one; what does not may
            // have failed in any of them.
            (Condition::Sustained { condition, .. }, true) => self.add(Wanted { condition, holds }),
            (Condition::Sustained { .. }, false) => {}
            (Condition::Not(inner), _) => self.add(Wanted {
                condition: inner,
                holds: !holds,
            }),
            (Condition::And(parts), true) => {
                for condition in parts {
                    self.add(Wanted { condition, holds });
                }
            }
            (Condition::And(parts), false) => {
                let parts = parts.iter().map(|condition| Wanted { condition, holds });
                self.choices.push(parts.collect());
            }
            (Condition::Or(sides), true) => {
                let sides = sides.iter().map(|side| Wanted {
                    condition: &side.condition,
                    holds,
                });
                self.choices.push(sides.collect());
            }
            (Condition::Or(sides), false) => {
                // A side with variables of its own is false of all their values, and there may be
                // none.
                for side in sides.iter().filter(|side| side.locals.is_empty()) {
                    self.add(Wanted {
                        condition: &side.condition,
                        holds,
                    });
                }
            }
        }
    }
}

/// Whether a wanted condition cannot be, given literals that hold beside it.
pub(crate) fn is_impossible<'c>(wanted: Wanted<'c>, beside: &[Literal<'c>]) -> bool {
    let conjunction = Conjunction::of(wanted);
    let literals = conjunction.beside(beside);
    if exclude_each_other(&literals) {
        return true;
    }
    conjunction.choices.iter().any(|choice| {
        let mut sides = choice.iter();
        sides.all(|side| is_impossible(*side, &literals))
    })
}

/// Whether a literal cannot be beside others, [`LITERALS_MAX`] of them at most.
pub(super) fn are_contrary<'c>(literal: Literal<'c>, others: &[Literal<'c>]) -> bool {
    let mut literals = vec![literal];
    literals.extend(others.iter().take(LITERALS_MAX - 1));
    exclude_each_other(&literals)
}

/// The least part of some literals that still exclude each other, in their order; `None` if they do
/// not for certain.
pub(super) fn core<'c>(literals: &[Literal<'c>]) -> Option<Vec<Literal<'c>>> {
    if !exclude_each_other(literals) {
        return None;
    }
    let mut core: Vec<_> = literals.to_vec();
    let mut place = core.len();
    while place > 0 {
        place -= 1;
        let mut fewer = core.clone();
        fewer.remove(place);
        if exclude_each_other(&fewer) {
            core = fewer;
        }
    }
    Some(core)
}

/// Whether literals cannot hold together.
fn exclude_each_other(literals: &[Literal<'_>]) -> bool {
    let mut seen = literals.iter().enumerate();
    let mut pairs = seen.by_ref().flat_map(|(place, second)| {
        let before = literals.iter().take(place);
        before.map(move |first| (first, second))
    });
    pairs.any(|(first, second)| first.excludes(second))
        || Ranges::default().are_left_empty(literals)
        || Places::default().contradict(literals)
}

impl Literal<'_> {
    fn excludes(&self, other: &Literal<'_>) -> bool {
        if self.holds != other.holds && same_atom(self.atom, other.atom) {
            return true;
        }
        let signs = self.comparing().zip(other.comparing());
        if let Some(((a, first, b), (c, second, d))) = signs {
            let second = if same_operand(a, c) && same_operand(b, d) {
                Some(second)
            } else if same_operand(a, d) && same_operand(b, c) {
                Some(second.mirrored())
            } else {
                None
            };
            let is_one = is_one(a) && is_one(b);
            return is_one && second.is_some_and(|second| !can_hold_together(first, second));
        }
        let texts = self.same_text().zip(other.same_text());
        texts.is_some_and(|((first, is), (second, is_too))| first == second && is != is_too)
    }

    /// The comparison that the literal asks for; none of it is known to hold where `not` stands
    /// before a choice of actors.
    pub(crate) fn comparing(&self) -> Option<(&Operand, Comparison, &Operand)> {
        let AtomKind::Compare {
            left,
            comparison,
            right,
        } = &self.atom.kind
        else {
            return None;
        };
        if self.holds {
            return Some((left, *comparison, right));
        }
        (is_one(left) && is_one(right)).then(|| (left, opposite(*comparison), right))
    }

    /// The one text that a label or a published text is, if the literal says so.
    fn same_text(&self) -> Option<(&TextOperand, &str)> {
        let AtomKind::CompareText { left, right, equal } = &self.atom.kind else {
            return None;
        };
        let (text, literal) = match (left, right) {
            (TextOperand::Literal(literal), text) | (text, TextOperand::Literal(literal)) => {
                (text, literal)
            }
            _ => return None,
        };
        (*equal == self.holds && is_one_text(text)).then_some((text, literal))
    }
}

/// The comparison that holds of two numbers where this one does not.
fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
    }
}

/// Whether two numbers can compare in both ways.
fn can_hold_together(first: Comparison, second: Comparison) -> bool {
    // Less, equal and greater: one of them is the case.
    let cases = [(0.0, 1.0), (0.0, 0.0), (1.0, 0.0)];
    let mut cases = cases.into_iter();
    cases.any(|(left, right)| first.holds(left, right) && second.holds(left, right))
}

/// What the literals leave of the range of each feature.
#[derive(Default)]
struct Ranges<'c> {
    known: Vec<(&'c Feature, Interval)>,
    /// Whether what is known of a feature may say more about another literal than it has told.
    is_linked: bool,
}

impl<'c> Ranges<'c> {
    fn are_left_empty(mut self, literals: &[Literal<'c>]) -> bool {
        (0..PASSES).any(|pass| {
            let is_news = pass == 0 || self.is_linked;
            is_news && literals.iter().any(|literal| self.excludes(literal))
        })
    }

    /// Whether the literal cannot hold; narrows the features that it compares if it can.
    fn excludes(&mut self, literal: &Literal<'c>) -> bool {
        let AtomKind::Compare {
            left,
            comparison,
            right,
        } = &literal.atom.kind
        else {
            return false;
        };
        let comparison = match literal.holds {
            true => *comparison,
            false if is_one(left) && is_one(right) => opposite(*comparison),
            false => return false,
        };
        let is_constant = |operand: &Operand| matches!(operand, Operand::Number(_));
        self.is_linked |= !is_constant(left) && !is_constant(right);
        let is_calculated = |operand: &Operand| matches!(operand, Operand::Calculation(_));
        self.is_linked |= is_calculated(left) || is_calculated(right);
        let of = |feature: &Feature| self.of(feature);
        let (left_range, right_range) = (range(left, &of), range(right, &of));
        if left_range.compare(comparison, right_range) == Some(false) {
            return true;
        }
        self.narrow(left, comparison, right_range)
            || self.narrow(right, comparison.mirrored(), left_range)
    }

    fn of(&self, feature: &Feature) -> Interval {
        let known = self.known.iter().find(|(known, _)| *known == feature);
        known.map_or_else(|| measured(feature), |(_, interval)| *interval)
    }

    /// Keeps what a feature can be; whether that is nothing.
    fn narrow(&mut self, operand: &'c Operand, comparison: Comparison, other: Interval) -> bool {
        let Operand::Feature(feature) = operand else {
            return false;
        };
        if !is_one_feature(feature) {
            return false;
        }
        let interval = self
            .of(feature)
            .meet(Interval::comparing(comparison, other));
        match self.known.iter_mut().find(|(known, _)| *known == feature) {
            Some((_, known)) => {
                *known = interval;
                self.is_linked = true;
            }
            None => self.known.push((feature, interval)),
        }
        interval.is_empty()
    }
}

/// Which actors and servers are the same: an actor has one host.
#[derive(Default)]
struct Places {
    /// Entities, each with the number of its set.
    sets: Vec<(EntityRef, usize)>,
}

impl Places {
    fn contradict(mut self, literals: &[Literal<'_>]) -> bool {
        let relations: Vec<_> = literals.iter().filter_map(relation).collect();
        for (left, right, _) in relations.iter().filter(|(.., is_same)| *is_same) {
            self.join(left, right);
        }
        self.join_hosts();
        let mut different = relations.iter().filter(|(.., is_same)| !*is_same);
        different.any(|(left, right, _)| self.set(left) == self.set(right))
    }

    fn set(&mut self, entity: &EntityRef) -> usize {
        if let Some((_, set)) = self.sets.iter().find(|(known, _)| known == entity) {
            return *set;
        }
        let set = self.sets.len();
        self.sets.push((entity.clone(), set));
        set
    }

    fn join(&mut self, left: &EntityRef, right: &EntityRef) {
        let (kept, dropped) = (self.set(left), self.set(right));
        for (_, set) in &mut self.sets {
            if *set == dropped {
                *set = kept;
            }
        }
    }

    /// Actors that are the same have the same host.
    fn join_hosts(&mut self) {
        let actors = self.sets.iter().filter_map(|(entity, _)| match entity {
            EntityRef::Actor(actor) | EntityRef::Server(ServerRef::HostOf(actor)) => Some(actor),
            EntityRef::Server(ServerRef::Variable(_)) => None,
        });
        let actors: Vec<_> = actors.cloned().map(EntityRef::Actor).collect();
        for (place, actor) in actors.iter().enumerate() {
            for other in actors.iter().take(place) {
                if self.set(actor) == self.set(other)
                    && let (Some(host), Some(other)) = (host(actor), host(other))
                {
                    self.join(&host, &other);
                }
            }
        }
    }
}

fn host(actor: &EntityRef) -> Option<EntityRef> {
    match actor {
        EntityRef::Actor(actor) => Some(EntityRef::Server(ServerRef::HostOf(actor.clone()))),
        EntityRef::Server(_) => None,
    }
}

/// Two entities that are the same one, or are not, if the literal says so.
fn relation(literal: &Literal<'_>) -> Option<(EntityRef, EntityRef, bool)> {
    match &literal.atom.kind {
        AtomKind::Same { left, right, equal } if is_one_entity(left) && is_one_entity(right) => {
            Some((left.clone(), right.clone(), *equal == literal.holds))
        }
        AtomKind::On { actor, server } if is_one_actor(actor) && is_one_server(server) => {
            let host = ServerRef::HostOf(actor.clone());
            let server = EntityRef::Server(server.clone());
            Some((EntityRef::Server(host), server, literal.holds))
        }
        _ => None,
    }
}

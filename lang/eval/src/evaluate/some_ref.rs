//! Whether somebody refers to somebody, where one of the two may be some actor of a type, and the property
//! any: a semi-join, since nobody asks which.

use std::cell::OnceCell;

use plasma_check::program::{ActorRef, AtomKind, VariableId};
use plasma_check::schema::PropertyKind;
use plasma_columns::{ActorNo, Frame, NumberSet, PropertyNo, TypeNo};

use super::batch::Batch;
use super::scope::{Scope, Types};
use crate::Truth;

/// Some reference.
#[derive(Debug)]
pub(crate) struct SomeRef {
    parties: Parties,
    property: Asked,
}

/// Who refers to whom. Where neither is a variable there is one truth for all rows, and no need of this.
#[derive(Debug)]
enum Parties {
    Both {
        member: VariableId,
        owner: VariableId,
    },
    /// To some live actor of these types.
    SomeMember { types: Types, owner: VariableId },
    /// Some live actor of these types.
    SomeOwner { member: VariableId, types: Types },
}

/// In which property.
#[derive(Debug)]
enum Asked {
    One(PropertyNo),
    /// In any: the reference properties that each type declares, by its number. One that is not in the schema has
    /// `None`, and tells everything as soon as it tells anything.
    Any(Vec<Option<Vec<PropertyNo>>>),
}

impl SomeRef {
    /// The reference that an atom asks about; `None` for another atom, and where neither party is a variable.
    pub(crate) fn of(atom: &AtomKind, scope: &Scope<'_>) -> Option<SomeRef> {
        let AtomKind::InRef {
            member,
            owner,
            property,
        } = atom
        else {
            return None;
        };
        let parties = match (member, owner) {
            (ActorRef::Variable(member), ActorRef::Variable(owner)) => Parties::Both {
                member: *member,
                owner: *owner,
            },
            (ActorRef::Anonymous(types), ActorRef::Variable(owner)) => Parties::SomeMember {
                types: scope.types(types),
                owner: *owner,
            },
            (ActorRef::Variable(member), ActorRef::Anonymous(types)) => Parties::SomeOwner {
                member: *member,
                types: scope.types(types),
            },
            (ActorRef::Anonymous(_), ActorRef::Anonymous(_)) => return None,
        };
        let property = match property {
            Some(name) => Asked::One(scope.property(name)),
            None => Asked::Any(declared(scope)),
        };
        Some(SomeRef { parties, property })
    }

    /// Its truth in each row, at a moment.
    pub(crate) fn truths(&self, scope: &Scope<'_>, batch: &Batch, moment: usize) -> Vec<Truth> {
        let then = scope.frame(moment);
        match &self.parties {
            Parties::Both { member, owner } => {
                let pairs = batch.of(*member).iter().zip(batch.of(*owner));
                pairs
                    .map(|(member, owner)| self.among(then, *owner, |no| no == *member))
                    .collect()
            }
            Parties::SomeMember { types, owner } => {
                if scope.domain(types).iter().all(|list| list.is_empty()) {
                    return vec![Truth::False; batch.rows()];
                }
                let present = scope.present();
                let is_meant = |no| present.type_of(no).is_some_and(|t| types.contains(t));
                let owners = batch.of(*owner).iter();
                owners
                    .map(|owner| self.among(then, *owner, is_meant))
                    .collect()
            }
            Parties::SomeOwner { member, types } => {
                self.owned(scope, batch.of(*member), types, moment)
            }
        }
    }

    /// The property asked for; `None` if it is any.
    fn one(&self) -> Option<PropertyNo> {
        match &self.property {
            Asked::One(property) => Some(*property),
            Asked::Any(_) => None,
        }
    }

    /// Whether an owner refers to one of the actors meant.
    fn among(&self, then: &Frame, owner: ActorNo, is_meant: impl Fn(ActorNo) -> bool) -> Truth {
        let lists = self.lists(then, owner);
        match lists.flatten().any(|no| is_meant(*no)) {
            true => Truth::True,
            false if self.is_told(then, owner) => Truth::False,
            false => Truth::Unknown,
        }
    }

    /// To whom an owner refers, in each property asked for in which it has told that.
    fn lists<'f>(
        &self,
        then: &'f Frame,
        owner: ActorNo,
    ) -> impl Iterator<Item = &'f [ActorNo]> + use<'f> {
        let property = self.one();
        let refs = then.all_refs();
        let asked = refs.filter(move |(no, _)| property.is_none_or(|asked| asked == *no));
        asked.filter_map(move |(_, refs)| refs.of(owner))
    }

    /// Whether an owner has told of all properties asked for.
    fn is_told(&self, then: &Frame, owner: ActorNo) -> bool {
        let has_told = |property: PropertyNo| {
            let refs = then.refs(property);
            refs.is_some_and(|refs| refs.of(owner).is_some())
        };
        let declared = match &self.property {
            Asked::One(property) => return has_told(*property),
            Asked::Any(declared) => declared,
        };
        let Some(no) = then.type_of(owner) else {
            return false;
        };
        match declared.get(no as usize).and_then(Option::as_ref) {
            Some(declared) => declared.iter().all(|property| has_told(*property)),
            None => self.lists(then, owner).next().is_some(),
        }
    }

    /// Whether some actor of these types refers to each member.
    fn owned(
        &self,
        scope: &Scope<'_>,
        members: &[ActorNo],
        types: &Types,
        moment: usize,
    ) -> Vec<Truth> {
        let (then, present) = (scope.frame(moment), scope.present());
        let owners = || scope.domain(types).into_iter().flatten().copied();
        let is_owner = |no: ActorNo| present.type_of(no).is_some_and(|t| types.contains(t));
        // Of the past there is no index by member.
        let past: Option<NumberSet> = (moment > 0).then(|| {
            let lists = owners().flat_map(|owner| self.lists(then, owner));
            lists.flatten().copied().collect()
        });
        let is_owned = |member: ActorNo| match &past {
            Some(owned) => owned.contains(member),
            None => scope.owners(self.one(), member).any(is_owner),
        };
        let otherwise = OnceCell::new();
        let otherwise = || {
            *otherwise.get_or_init(|| match owners().all(|owner| self.is_told(then, owner)) {
                true => Truth::False,
                false => Truth::Unknown,
            })
        };
        let truth = |member: &ActorNo| match is_owned(*member) {
            true => Truth::True,
            false => otherwise(),
        };
        members.iter().map(truth).collect()
    }
}

/// The reference properties that each type declares, by its number.
fn declared(scope: &Scope<'_>) -> Vec<Option<Vec<PropertyNo>>> {
    let schema = scope.schema;
    let of_type = |(_, name): (TypeNo, &str)| {
        let (_, declared) = schema.find(name).filter(|_| schema.declared)?;
        let references = declared.properties.iter();
        let references = references.filter(|p| matches!(p.kind, PropertyKind::Reference { .. }));
        Some(references.map(|p| scope.property(&p.name)).collect())
    };
    scope.columns.type_names().iter().map(of_type).collect()
}

//! Every place in the workspace that names what the name at a cursor stands for.
//!
//! Each document is analysed by itself, with the files that it takes in. Two names stand for one
//! thing if some analysis says so; what several of them say is put together wherever they speak of
//! the same place. So a name in a module leads to all policies that use it, and one in a policy to
//! the application's schema and from there to other policies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::{Analysis, Index, Place, Role, Thing, ThingKind};

/// What a name stands for, with every place that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct References {
    /// The name that was asked about.
    pub origin: Place,
    /// What it stands for.
    pub kind: ThingKind,
    /// Its letters.
    pub name: Arc<str>,
    /// Where it is named, in order.
    pub occurrences: BTreeMap<Place, Role>,
}

impl References {
    /// Where it is declared or introduced.
    pub fn declarations(&self) -> impl Iterator<Item = &Place> {
        let declared = self
            .occurrences
            .iter()
            .filter(|(_, r)| **r == Role::Declares);
        declared.map(|(place, _)| place)
    }

    /// Where it is used, with or without where it is declared; no beginnings of modules' files.
    pub fn places(&self, with_declaration: bool) -> impl Iterator<Item = &Place> {
        let wanted = self.occurrences.iter().filter(move |(place, role)| {
            place.end > place.start && (with_declaration || **role != Role::Declares)
        });
        wanted.map(|(place, _)| place)
    }
}

/// What the name at a byte of a file stands for; `None` if there is no name that policies give.
pub fn references(indexes: &[Arc<Index>], file: &str, offset: u32) -> Option<References> {
    let things = || indexes.iter().flat_map(|index| &index.things);
    let touches =
        |place: &Place| &*place.file == file && place.start <= offset && offset <= place.end;
    let at_cursor = things().flat_map(|thing| thing.occurrences.keys().map(move |p| (p, thing)));
    let named = at_cursor.filter(|(place, _)| place.end > place.start && touches(place));
    let (origin, first) = named.max_by_key(|(place, _)| place.start)?;
    let alike: Vec<&Thing> = things().filter(|thing| thing.name == first.name).collect();
    Some(References {
        origin: origin.clone(),
        kind: first.kind,
        name: Arc::clone(&first.name),
        occurrences: together(&alike, origin),
    })
}

/// The name at a byte of a document, which is all that has to be searched for; empty where there is none.
pub fn word_at(analysis: &Analysis, offset: u32) -> &str {
    let named = analysis.checked.name_at(analysis.file, offset);
    named.map_or("", |(span, _)| analysis.sources.slice(*span))
}

/// Puts together the things that a place belongs to, and those that share a place with these.
fn together(things: &[&Thing], origin: &Place) -> BTreeMap<Place, Role> {
    let mut of_place: BTreeMap<&Place, Vec<usize>> = BTreeMap::new();
    for (at, thing) in things.iter().enumerate() {
        for place in thing.occurrences.keys() {
            of_place.entry(place).or_default().push(at);
        }
    }
    let mut found: BTreeMap<Place, Role> = BTreeMap::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let mut open = vec![origin];
    while let Some(place) = open.pop() {
        for at in of_place.remove(place).unwrap_or_default() {
            let Some(thing) = things.get(at).filter(|_| taken.insert(at)) else {
                continue;
            };
            for (place, role) in &thing.occurrences {
                let known = found.entry(place.clone()).or_insert(*role);
                *known = (*role).min(*known);
                open.push(place);
            }
        }
    }
    found
}

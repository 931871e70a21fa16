//! Which rules and definitions use which definitions, and which tests name which rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{Index, Owner, Place, Role, Thing, ThingKind, references};

/// One item at the other end of a use, with the places of the use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The item.
    pub item: Owner,
    /// Where the using item names the used one.
    pub places: Vec<Place>,
}

/// The item that a cursor is about: the rule or definition that is named there, or the one around it.
pub fn hierarchy_item(indexes: &[Arc<Index>], file: &str, offset: u32) -> Option<Owner> {
    if let Some(found) = references(indexes, file, offset)
        && is_item(found.kind)
        && let Some(item) = found
            .declarations()
            .find_map(|place| named_by(indexes, place))
    {
        return Some(item.clone());
    }
    let place = Place {
        file: file.into(),
        start: offset,
        end: offset,
    };
    indexes
        .iter()
        .find_map(|index| index.owner(&place))
        .cloned()
}

/// What an item uses, in the order in which it does; `selection` is the name of the item.
pub fn outgoing_uses(indexes: &[Arc<Index>], selection: &Place) -> Vec<Use> {
    let Some(user) = named_by(indexes, selection) else {
        return Vec::new();
    };
    let is_within = |place: &Place| {
        let whole = &user.whole;
        place.file == whole.file && whole.start <= place.start && place.end <= whole.end
    };
    let mut uses: BTreeMap<Place, Use> = BTreeMap::new();
    let things = indexes.iter().flat_map(|index| &index.things);
    for thing in things.filter(|thing| is_item(thing.kind)) {
        let within = thing.occurrences.iter();
        let within = within.filter(|(place, role)| **role == Role::Uses && is_within(place));
        let places: Vec<Place> = within.map(|(place, _)| place.clone()).collect();
        let (Some(first), Some(item)) = (places.first(), declared(indexes, thing)) else {
            continue;
        };
        uses.entry(first.clone()).or_insert_with(|| Use {
            item: item.clone(),
            places: places.clone(),
        });
    }
    uses.into_values().collect()
}

/// What uses an item, in the order of the files.
pub fn incoming_uses(indexes: &[Arc<Index>], selection: &Place) -> Vec<Use> {
    let Some(found) = references(indexes, &selection.file, selection.start) else {
        return Vec::new();
    };
    // An unnamed rule is used by nothing.
    if found.origin != *selection {
        return Vec::new();
    }
    let mut uses: BTreeMap<Place, Use> = BTreeMap::new();
    for place in found.places(false) {
        let user = indexes.iter().find_map(|index| index.owner(place));
        let Some(user) = user else { continue };
        let entry = uses.entry(user.whole.clone()).or_insert_with(|| Use {
            item: user.clone(),
            places: Vec::new(),
        });
        entry.places.push(place.clone());
    }
    uses.into_values().collect()
}

fn is_item(kind: ThingKind) -> bool {
    matches!(kind, ThingKind::Definition | ThingKind::Rule)
}

/// The item that a thing is.
fn declared<'i>(indexes: &'i [Arc<Index>], thing: &Thing) -> Option<&'i Owner> {
    let mut occurrences = thing.occurrences.iter();
    let (place, _) = occurrences.find(|(_, role)| **role == Role::Declares)?;
    named_by(indexes, place)
}

/// The item whose name stands at a place.
fn named_by<'i>(indexes: &'i [Arc<Index>], place: &Place) -> Option<&'i Owner> {
    let mut owners = indexes.iter().flat_map(|index| &index.owners);
    owners.find(|owner| owner.selection == *place)
}

//! Sets of actor types: nearly always of one, which then needs no memory of its own.

use std::fmt;
use std::slice;
use std::sync::Arc;

use crate::schema::TypeId;

/// Some actor types, in the order of their ids.
#[derive(Clone)]
pub struct TypeIds(Ids);

#[derive(Clone)]
enum Ids {
    One(TypeId),
    /// In order, each once; none or at least two. A plain pointer: conditions are full of these sets, and
    /// are copied while they are built.
    Many(Arc<Vec<TypeId>>),
}

impl TypeIds {
    /// In order, each once.
    pub fn as_slice(&self) -> &[TypeId] {
        match &self.0 {
            Ids::One(id) => slice::from_ref(id),
            Ids::Many(ids) => ids,
        }
    }

    /// In order, each once.
    pub fn iter(&self) -> slice::Iter<'_, TypeId> {
        self.as_slice().iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// The one with the least id.
    pub fn first(&self) -> Option<&TypeId> {
        self.as_slice().first()
    }

    /// Whether this type is among them.
    pub fn contains(&self, id: &TypeId) -> bool {
        self.as_slice().binary_search(id).is_ok()
    }

    /// Whether all of them are among others.
    pub fn is_subset(&self, others: &TypeIds) -> bool {
        self.iter().all(|id| others.contains(id))
    }

    /// Whether none of them is among others.
    pub fn is_disjoint(&self, others: &TypeIds) -> bool {
        !self.iter().any(|id| others.contains(id))
    }

    /// Those of them that are among others.
    #[must_use]
    pub fn intersection(&self, others: &TypeIds) -> TypeIds {
        let both = self.iter().filter(|id| others.contains(id));
        both.copied().collect()
    }
}

impl FromIterator<TypeId> for TypeIds {
    fn from_iter<I: IntoIterator<Item = TypeId>>(ids: I) -> TypeIds {
        let mut ids: Vec<TypeId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        TypeIds(match *ids {
            [one] => Ids::One(one),
            _ => Ids::Many(Arc::new(ids)),
        })
    }
}

impl From<TypeId> for TypeIds {
    fn from(id: TypeId) -> TypeIds {
        TypeIds(Ids::One(id))
    }
}

impl PartialEq for TypeIds {
    fn eq(&self, other: &TypeIds) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for TypeIds {}

impl fmt::Debug for TypeIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

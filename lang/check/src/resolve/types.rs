//! The actor types in force: declared ones are looked up, inferred ones grow with use.

use std::sync::Arc;

use plasma_diagnostic::Span;
use rustc_hash::FxHashMap;

use crate::program::{TypeIds, TypeSet};
use crate::schema::{
    ActorType, Arity, Function, Property, PropertyKind, Schema, TypeId, ValueType,
};

/// The schema with an index of its names, so that a file with many types is checked in linear time.
pub(super) struct Types {
    schema: Schema,
    by_name: FxHashMap<Arc<str>, TypeId>,
    members: Vec<Members>,
}

#[derive(Default)]
struct Members {
    properties: FxHashMap<Arc<str>, usize>,
    functions: FxHashMap<Arc<str>, usize>,
}

impl Types {
    pub(super) fn new(given: Option<Schema>, declares_types: bool) -> Types {
        let declared = given.is_some() || declares_types;
        let mut types = Types {
            schema: Schema {
                types: Vec::new(),
                declared,
            },
            by_name: FxHashMap::default(),
            members: Vec::new(),
        };
        for actor in given.map(|s| s.types).unwrap_or_default() {
            types.add(actor);
        }
        types
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    pub(super) fn into_schema(self) -> Schema {
        self.schema
    }

    /// Whether names must be declared; if not, they are inferred from use.
    pub(super) fn are_declared(&self) -> bool {
        self.schema.declared
    }

    pub(super) fn all(&self) -> &[ActorType] {
        &self.schema.types
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.schema.types.iter().map(|t| t.name.as_ref())
    }

    pub(super) fn get(&self, id: TypeId) -> Option<&ActorType> {
        self.schema.get(id)
    }

    pub(super) fn find(&self, name: &str) -> Option<TypeId> {
        self.by_name.get(name).copied()
    }

    /// Adds a type with its members; of two types with one name the first is found.
    pub(super) fn add(&mut self, actor: ActorType) -> TypeId {
        let id = TypeId(self.schema.types.len() as u32);
        self.by_name.entry(Arc::clone(&actor.name)).or_insert(id);
        let mut members = Members::default();
        for (place, property) in actor.properties.iter().enumerate() {
            members
                .properties
                .entry(Arc::clone(&property.name))
                .or_insert(place);
        }
        for (place, function) in actor.functions.iter().enumerate() {
            members
                .functions
                .entry(Arc::clone(&function.name))
                .or_insert(place);
        }
        self.members.push(members);
        self.schema.types.push(actor);
        id
    }

    /// Adds a type that use alone tells of.
    pub(super) fn infer(&mut self, name: Arc<str>, span: Span) -> TypeId {
        self.add(ActorType {
            name,
            properties: Vec::new(),
            functions: Vec::new(),
            docs: String::new(),
            span,
        })
    }

    pub(super) fn property(&self, owner: TypeId, name: &str) -> Option<&Property> {
        let place = *self.members.get(owner.0 as usize)?.properties.get(name)?;
        self.get(owner)?.properties.get(place)
    }

    pub(super) fn function(&self, owner: TypeId, name: &str) -> Option<&Function> {
        let place = *self.members.get(owner.0 as usize)?.functions.get(name)?;
        self.get(owner)?.functions.get(place)
    }

    pub(super) fn add_property(&mut self, owner: TypeId, property: Property) {
        let place = owner.0 as usize;
        if let (Some(actor), Some(members)) = (
            self.schema.types.get_mut(place),
            self.members.get_mut(place),
        ) {
            members
                .properties
                .entry(Arc::clone(&property.name))
                .or_insert(actor.properties.len());
            actor.properties.push(property);
        }
    }

    pub(super) fn add_function(&mut self, owner: TypeId, function: Function) {
        let place = owner.0 as usize;
        if let (Some(actor), Some(members)) = (
            self.schema.types.get_mut(place),
            self.members.get_mut(place),
        ) {
            members
                .functions
                .entry(Arc::clone(&function.name))
                .or_insert(actor.functions.len());
            actor.functions.push(function);
        }
    }

    /// Notes that `owner` offers `name`, as far as use tells.
    pub(super) fn infer_function(&mut self, owner: TypeId, name: Arc<str>, span: Span) {
        if self.function(owner, &name).is_none() {
            let docs = String::new();
            self.add_function(owner, Function { name, docs, span });
        }
    }

    /// Notes that `owner` refers to `target` by `name`, as far as use tells. Gives the earlier
    /// target, and where it was seen, if that is another type.
    pub(super) fn infer_reference(
        &mut self,
        owner: TypeId,
        name: Arc<str>,
        target: Option<TypeId>,
        span: Span,
    ) -> Option<(TypeId, Span)> {
        let Some(known) = self.property(owner, &name) else {
            let kind = PropertyKind::Reference {
                target,
                arity: Arity::Many,
            };
            let docs = String::new();
            self.add_property(
                owner,
                Property {
                    name,
                    kind,
                    docs,
                    span,
                },
            );
            return None;
        };
        let (
            seen,
            PropertyKind::Reference {
                target: earlier, ..
            },
        ) = (known.span, known.kind)
        else {
            return None;
        };
        match (earlier, target) {
            (Some(earlier), Some(target)) if earlier != target => Some((earlier, seen)),
            (None, Some(_)) => {
                self.set_target(owner, &name, target, span);
                None
            }
            _ => None,
        }
    }

    /// Notes that `owner` publishes `name`, as far as use tells.
    pub(super) fn infer_value(
        &mut self,
        owner: TypeId,
        name: Arc<str>,
        value: ValueType,
        span: Span,
    ) {
        if self.property(owner, &name).is_none() {
            let kind = PropertyKind::Value(value);
            let docs = String::new();
            self.add_property(
                owner,
                Property {
                    name,
                    kind,
                    docs,
                    span,
                },
            );
        }
    }

    fn set_target(&mut self, owner: TypeId, name: &str, target: Option<TypeId>, span: Span) {
        let place = owner.0 as usize;
        let found = self.members.get(place).and_then(|m| m.properties.get(name));
        let property = found.and_then(|p| self.schema.types.get_mut(place)?.properties.get_mut(*p));
        if let Some(property) = property {
            property.kind = PropertyKind::Reference {
                target,
                arity: Arity::Many,
            };
            property.span = span;
        }
    }

    /// How a property's kind is written.
    pub(super) fn kind_source(&self, kind: PropertyKind) -> String {
        match kind {
            PropertyKind::Value(value) => value.name().to_owned(),
            PropertyKind::Reference { target, arity } => {
                let target = target.and_then(|id| self.get(id));
                arity.source(target.map_or("?", |t| &t.name))
            }
        }
    }

    /// The types that have this function; `Any` where types are inferred, since there may be others.
    pub(super) fn with_function(&self, name: &str) -> TypeSet {
        self.with_member(|members| members.functions.contains_key(name))
    }

    /// The types that have this property; `Any` where types are inferred, since there may be others.
    pub(super) fn with_property(&self, name: &str) -> TypeSet {
        self.with_member(|members| members.properties.contains_key(name))
    }

    fn with_member(&self, has: impl Fn(&Members) -> bool) -> TypeSet {
        if !self.are_declared() {
            return TypeSet::Any;
        }
        let places = self.members.iter().enumerate();
        let having = places.filter(|(_, members)| has(members));
        TypeSet::Of(having.map(|(place, _)| TypeId(place as u32)).collect())
    }
}

/// The types that are in both sets.
pub(super) fn intersection(a: &TypeSet, b: &TypeSet) -> TypeSet {
    match (a, b) {
        (TypeSet::Any, other) | (other, TypeSet::Any) => other.clone(),
        (TypeSet::Of(a), TypeSet::Of(b)) => TypeSet::Of(a.intersection(b)),
    }
}

/// The set of no type.
pub(super) fn no_type() -> TypeSet {
    TypeSet::Of(TypeIds::from_iter([]))
}

/// The set of one type.
pub(super) fn single(id: TypeId) -> TypeSet {
    TypeSet::Of(id.into())
}

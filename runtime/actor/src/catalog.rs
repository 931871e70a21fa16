//! The actor types of an application: names, schema, and how to make one of each from bytes.

use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use crate::actor::{
    Arity, Durability, Function, Functions, Property, PublishedValue, layout_hash, tag_of,
};
use crate::core::actor_type::{ActorType, TypeOf};
use crate::id::{ActorId, FunctionId, TypeTag};

/// The actor types an application consists of. Cheap to clone, and every core of a cluster has the
/// same one.
#[derive(Clone, Default)]
pub struct Catalog {
    types: Arc<[RegisteredType]>,
    by_tag: Arc<indexmap::IndexMap<TypeTag, u16, FxBuildHasher>>,
}

/// How many actor types an application may have.
pub const TYPES_MAX: usize = 4096;

/// Why a list of actor types is no catalog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// Two types have names of one tag (or one name).
    #[error("the actor types `{first}` and `{second}` cannot be told apart: rename one")]
    TypesClash {
        /// The type registered first.
        first: &'static str,
        /// The type registered later.
        second: &'static str,
    },
    /// Two functions of a type have names of one id (or one name).
    #[error("the functions `{first}` and `{second}` of `{actor}` cannot be told apart: rename one")]
    FunctionsClash {
        /// The type.
        actor: &'static str,
        /// The earlier function.
        first: &'static str,
        /// The later function.
        second: &'static str,
    },
    /// More types than [`TYPES_MAX`].
    #[error("more than {TYPES_MAX} actor types")]
    TooMany,
}

/// Collects the actor types of an application.
#[derive(Default)]
pub struct Types {
    types: Vec<RegisteredType>,
}

impl Types {
    /// Adds an actor type.
    pub fn add<A: Functions>(&mut self) -> &mut Self {
        self.types.push(RegisteredType {
            description: ActorDescription {
                name: A::NAME,
                tag: tag_of::<A>(),
                layout_hash: layout_hash::<A>(),
                functions: A::FUNCTIONS,
                properties: A::PROPERTIES,
                values: A::VALUES,
                durability: A::DURABILITY,
            },
            operations: Arc::new(TypeOf::<A>::new()),
        });
        self
    }

    /// The catalog of the types added.
    ///
    /// # Errors
    /// When types or functions cannot be told apart by their hashes.
    pub fn into_catalog(self) -> Result<Catalog, CatalogError> {
        if self.types.len() > TYPES_MAX {
            return Err(CatalogError::TooMany);
        }
        let mut by_tag = indexmap::IndexMap::default();
        for (index, registered) in (0_u16..).zip(&self.types) {
            let description = &registered.description;
            if let Some(earlier) = by_tag.insert(description.tag, index) {
                let first = self
                    .types
                    .get(usize::from(earlier))
                    .map_or("", |t| t.description.name);
                let second = description.name;
                return Err(CatalogError::TypesClash { first, second });
            }
            functions_differ(description)?;
        }
        Ok(Catalog {
            types: self.types.into(),
            by_tag: Arc::new(by_tag),
        })
    }
}

fn functions_differ(description: &ActorDescription) -> Result<(), CatalogError> {
    for (index, later) in description.functions.iter().enumerate() {
        let earlier = description.functions.iter().take(index);
        if let Some(first) = earlier.into_iter().find(|earlier| earlier.id == later.id) {
            return Err(CatalogError::FunctionsClash {
                actor: description.name,
                first: first.name,
                second: later.name,
            });
        }
    }
    Ok(())
}

#[derive(Clone)]
pub(crate) struct RegisteredType {
    pub(crate) description: ActorDescription,
    pub(crate) operations: Arc<dyn ActorType>,
}

/// An actor type as a catalog knows it.
#[derive(Clone, Copy, Debug)]
pub struct ActorDescription {
    /// Its name in policies.
    pub name: &'static str,
    /// Its tag in actor ids.
    pub tag: TypeTag,
    /// The hash that stands beside its encoded states.
    pub layout_hash: u64,
    /// Its functions.
    pub functions: &'static [Function],
    /// Its properties that hold references.
    pub properties: &'static [Property],
    /// Its published values.
    pub values: &'static [PublishedValue],
    /// What of its state survives the end of an activation.
    pub durability: Durability,
}

impl ActorDescription {
    /// The index of the function of this id.
    #[must_use]
    pub fn function_index(&self, id: FunctionId) -> Option<usize> {
        self.functions.iter().position(|function| function.id == id)
    }

    /// The type's declaration in the policy language.
    #[must_use]
    pub fn schema(&self) -> String {
        let mut text = format!("actor {} {{\n", self.name);
        for property in self.properties {
            let (before, after) = match property.arity {
                Arity::One => ("", ""),
                Arity::Optional => ("", "?"),
                Arity::Many => ("[", "]"),
            };
            let (name, target) = (property.name, property.target);
            text.push_str(&format!("  {name}: {before}{target}{after};\n"));
        }
        for value in self.values {
            text.push_str(&format!("  {}: {};\n", value.name, value.kind));
        }
        for function in self.functions {
            text.push_str(&format!("  fn {};\n", function.name));
        }
        text.push_str("}\n");
        text
    }
}

impl Catalog {
    /// The types, in the order they were added.
    pub fn types(&self) -> impl Iterator<Item = &ActorDescription> {
        self.types.iter().map(|registered| &registered.description)
    }

    /// The type of this actor.
    #[must_use]
    pub fn describe(&self, actor: ActorId) -> Option<&ActorDescription> {
        let index = self.index(actor.tag())?;
        self.registered(index)
            .map(|registered| &registered.description)
    }

    /// The declarations of all types in the policy language.
    #[must_use]
    pub fn schema(&self) -> String {
        let declarations: Vec<String> = self.types().map(ActorDescription::schema).collect();
        declarations.join("\n")
    }

    /// An actor's name for people, logs and events: `Folder-17`.
    #[must_use]
    pub fn actor_name(&self, actor: ActorId) -> String {
        match self.describe(actor) {
            Some(description) => format!("{}-{}", description.name, actor.key()),
            None => format!("{actor:?}"),
        }
    }

    /// The actor of this name, as [`actor_name`](Self::actor_name) writes it.
    #[must_use]
    pub fn actor_by_name(&self, name: &str) -> Option<ActorId> {
        let (type_name, key) = name.rsplit_once('-')?;
        let description = self.types().find(|known| known.name == type_name)?;
        let key: u64 = key.parse().ok()?;
        (key <= crate::id::KEY_MAX).then(|| ActorId::new(description.tag, key))
    }

    pub(crate) fn index(&self, tag: TypeTag) -> Option<u16> {
        self.by_tag.get(&tag).copied()
    }

    pub(crate) fn registered(&self, index: u16) -> Option<&RegisteredType> {
        self.types.get(usize::from(index))
    }
}

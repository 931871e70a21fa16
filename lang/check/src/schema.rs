//! What an application offers: actor types with their properties and functions.

mod render;

use std::sync::Arc;

use plasma_diagnostic::Span;

/// Identifies an actor type within its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// The actor types of an application.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The types; ids are places in this list.
    pub types: Vec<ActorType>,
    /// Whether the types were declared. If not, they are inferred from use, and only
    /// contradictions are errors.
    pub declared: bool,
}

/// An actor type.
#[derive(Clone, Debug)]
pub struct ActorType {
    /// Its name.
    pub name: Arc<str>,
    /// Its references and published values.
    pub properties: Vec<Property>,
    /// Functions that can be called.
    pub functions: Vec<Function>,
    /// Its `///` text.
    pub docs: String,
    /// Where it is declared (or first used).
    pub span: Span,
}

/// A reference or a published value.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name.
    pub name: Arc<str>,
    /// What it holds.
    pub kind: PropertyKind,
    /// Its `///` text.
    pub docs: String,
    /// Where it is declared (or first used).
    pub span: Span,
}

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyKind {
    /// References to actors of a type; `None` where the schema is inferred and does not tell.
    Reference {
        /// The type referred to.
        target: Option<TypeId>,
        /// How many.
        arity: Arity,
    },
    /// A published value.
    Value(ValueType),
}

/// How many actors a reference property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arity {
    /// `T`
    One,
    /// `T?`
    Optional,
    /// `[T]`
    Many,
}

/// The type of a published value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// A truth value.
    Bool,
    /// A text.
    Text,
    /// A size in bytes.
    Bytes,
    /// A time in seconds.
    Duration,
    /// A share, 0–100.
    Percent,
}

/// A function that can be called.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Arc<str>,
    /// Its `///` text.
    pub docs: String,
    /// Where it is declared (or first used).
    pub span: Span,
}

impl ValueType {
    /// What a value of it is, for people: "a percentage".
    pub fn noun(self) -> &'static str {
        match self {
            ValueType::Int => "a whole number",
            ValueType::Float => "a number",
            ValueType::Bool => "a condition",
            ValueType::Text => "a text",
            ValueType::Bytes => "a size in bytes",
            ValueType::Duration => "a length of time",
            ValueType::Percent => "a percentage",
        }
    }
}

impl Schema {
    /// The type with this id; `None` only for an id of another schema.
    pub fn get(&self, id: TypeId) -> Option<&ActorType> {
        self.types.get(id.0 as usize)
    }

    /// The type called `name`.
    pub fn find(&self, name: &str) -> Option<(TypeId, &ActorType)> {
        let place = self.types.iter().position(|t| t.name.as_ref() == name)?;
        Some((TypeId(place as u32), &self.types[place]))
    }
}

impl ActorType {
    /// The property called `name`.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|p| p.name.as_ref() == name)
    }

    /// The function called `name`.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|f| f.name.as_ref() == name)
    }
}

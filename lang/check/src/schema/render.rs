//! A schema as source text: what `plasma schema` prints and what engines put into their streams.

use std::fmt::{self, Write};

use super::{ActorType, Arity, Property, PropertyKind, Schema, ValueType};

impl Schema {
    /// The schema as actor declarations of the language; parsing and checking them gives the same
    /// schema again. A reference whose target is unknown (only in inferred schemas) has no spelling
    /// in the language and becomes a comment.
    pub fn to_source(&self) -> String {
        let mut source = String::new();
        for (place, actor) in self.types.iter().enumerate() {
            if place > 0 {
                source.push('\n');
            }
            // Writing into a string cannot fail.
            let _ = self.write_actor(&mut source, actor);
        }
        source
    }

    fn write_actor(&self, out: &mut String, actor: &ActorType) -> fmt::Result {
        write_docs(out, "", &actor.docs)?;
        if actor.properties.is_empty() && actor.functions.is_empty() {
            return writeln!(out, "actor {} {{}}", actor.name);
        }
        writeln!(out, "actor {} {{", actor.name)?;
        for property in &actor.properties {
            write_docs(out, "  ", &property.docs)?;
            self.write_property(out, property)?;
        }
        for function in &actor.functions {
            write_docs(out, "  ", &function.docs)?;
            writeln!(out, "  fn {};", function.name)?;
        }
        writeln!(out, "}}")
    }

    fn write_property(&self, out: &mut String, property: &Property) -> fmt::Result {
        let name = &property.name;
        match property.kind {
            PropertyKind::Value(value) => writeln!(out, "  {name}: {};", value.name()),
            PropertyKind::Reference { target, arity } => match target.and_then(|id| self.get(id)) {
                Some(target) => writeln!(out, "  {name}: {};", arity.source(&target.name)),
                None => writeln!(out, "  // {name}: references of unknown type"),
            },
        }
    }
}

fn write_docs(out: &mut String, indent: &str, docs: &str) -> fmt::Result {
    for line in docs.lines() {
        let blank = if line.is_empty() { "" } else { " " };
        writeln!(out, "{indent}///{blank}{line}")?;
    }
    Ok(())
}

impl Arity {
    /// The reference type in the language: `T`, `T?`, `[T]`.
    pub fn source(self, target: &str) -> String {
        match self {
            Arity::One => target.to_owned(),
            Arity::Optional => format!("{target}?"),
            Arity::Many => format!("[{target}]"),
        }
    }
}

impl ValueType {
    /// All value types, in the order in which they are offered.
    pub const ALL: [ValueType; 7] = [
        ValueType::Int,
        ValueType::Float,
        ValueType::Bool,
        ValueType::Text,
        ValueType::Bytes,
        ValueType::Duration,
        ValueType::Percent,
    ];

    /// The word in the language.
    pub const fn name(self) -> &'static str {
        match self {
            ValueType::Int => "int",
            ValueType::Float => "float",
            ValueType::Bool => "bool",
            ValueType::Text => "text",
            ValueType::Bytes => "bytes",
            ValueType::Duration => "duration",
            ValueType::Percent => "percent",
        }
    }

    /// The value type that `name` stands for, if any.
    pub fn from_name(name: &str) -> Option<ValueType> {
        ValueType::ALL.into_iter().find(|t| t.name() == name)
    }
}

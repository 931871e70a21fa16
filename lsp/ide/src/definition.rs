//! Where the name at a cursor is declared or introduced, and where its type is.

use std::sync::Arc;

use plasma_check::program::ParamValue;
use plasma_check::schema::{ActorType, PropertyKind, TypeId};
use plasma_check::{Named, VariableKind};
use plasma_diagnostic::Span;
use plasma_syntax::tree::Tree;

use crate::{Analysis, Place};

/// Where a name leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name, in the document.
    pub span: Span,
    /// The places that it leads to; a module's is the beginning of its file. Never empty.
    pub targets: Vec<Place>,
}

/// Where the name at a byte of the document is declared, or introduced by its rule.
pub fn definition(analysis: &Analysis, offset: u32) -> Option<Definition> {
    if let Some((path, last)) = path_at(analysis, offset) {
        // All of a path leads where its last word does.
        let (_, named) = analysis.checked.name_at(analysis.file, last)?;
        return leading_to(analysis, path, declared(analysis, named));
    }
    let (span, named) = analysis.checked.name_at(analysis.file, offset)?;
    leading_to(analysis, *span, declared(analysis, named))
}

/// The path of a `use` at a byte of the document, and where its last word begins.
fn path_at(analysis: &Analysis, offset: u32) -> Option<(Span, u32)> {
    let mut uses = analysis.tree().uses();
    uses.find_map(|used| {
        let path = used.path_span().filter(|path| path.touches(offset))?;
        Some((path, used.name()?.span.start))
    })
}

/// Where the type of the name at a byte of the document is declared.
pub fn type_definition(analysis: &Analysis, offset: u32) -> Option<Definition> {
    let (span, named) = analysis.checked.name_at(analysis.file, offset)?;
    let types = types_of(analysis, named).into_iter();
    let types = types.filter_map(|id| analysis.schema().get(id));
    leading_to(analysis, *span, types.map(|t| t.span).collect())
}

fn leading_to(analysis: &Analysis, span: Span, targets: Vec<Span>) -> Option<Definition> {
    let targets = targets.into_iter().map(|target| Place {
        file: Arc::from(analysis.sources.name(target.file)),
        start: target.start,
        end: target.end,
    });
    let targets: Vec<Place> = targets.collect();
    (!targets.is_empty()).then_some(Definition { span, targets })
}

fn declared(analysis: &Analysis, named: &Named) -> Vec<Span> {
    let program = &analysis.checked.program;
    let schema = &program.schema;
    let one = |span: Option<Span>| span.into_iter().collect();
    match named {
        Named::Type(id) => one(schema.get(*id).map(|t| t.span)),
        Named::Variable { introduced, .. } | Named::OfTest { introduced, .. } => vec![*introduced],
        Named::Property { owner, name } => {
            let owners = owners(analysis, *owner);
            let properties = owners.filter_map(|t| t.property(name));
            properties.map(|property| property.span).collect()
        }
        Named::Function { owner, name } => {
            let owners = owners(analysis, *owner);
            let functions = owners.filter_map(|t| t.function(name));
            functions.map(|function| function.span).collect()
        }
        Named::Param(place) => one(program.params.get(*place).map(|param| param.span)),
        Named::Definition(place) => one(program.definitions.get(*place).map(|d| d.span)),
        Named::Module(place) => {
            let module = program.modules.get(*place);
            one(module.map(|module| Span::new(module.file, 0, 0)))
        }
        Named::Rule(place) => one(rule_name(analysis, *place)),
        Named::Any
        | Named::Client
        | Named::Server { .. }
        | Named::Host
        | Named::Behavior(_)
        | Named::Metric(_)
        | Named::Statistic(..)
        | Named::Resource(_)
        | Named::Figure { .. } => Vec::new(),
    }
}

/// Where a rule is named, by its place among all rules.
fn rule_name(analysis: &Analysis, rule: usize) -> Option<Span> {
    let is_name = |tree: &Tree, span: Span| {
        tree.file() == span.file
            && tree
                .rules()
                .any(|rule| rule.name().is_some_and(|name| name.span == span))
    };
    let names = analysis.checked.names.iter();
    let mut named = names.filter(|(_, named)| matches!(named, Named::Rule(r) if *r == rule));
    let found = named.find(|(span, _)| analysis.trees().any(|tree| is_name(tree, *span)));
    found.map(|(span, _)| *span)
}

fn types_of(analysis: &Analysis, named: &Named) -> Vec<TypeId> {
    match named {
        Named::Type(id) => vec![*id],
        Named::Variable { kind, .. } | Named::OfTest { kind, .. } => match kind {
            VariableKind::Actor(id) => vec![*id],
            _ => Vec::new(),
        },
        Named::Property { owner, name } => {
            let owners = owners(analysis, *owner);
            let properties = owners.filter_map(|t| t.property(name));
            let targets = properties.filter_map(|property| match property.kind {
                PropertyKind::Reference { target, .. } => target,
                PropertyKind::Value(_) => None,
            });
            targets.collect()
        }
        Named::Param(place) => match analysis.checked.program.params.get(*place) {
            Some(param) => match param.value {
                ParamValue::Type(id) => id.into_iter().collect(),
                _ => Vec::new(),
            },
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The type that offers something, or all types where `any` is asked for it.
fn owners(analysis: &Analysis, owner: Option<TypeId>) -> impl Iterator<Item = &ActorType> {
    let types = analysis.schema().types.iter().enumerate();
    types
        .filter(move |(place, _)| owner.is_none_or(|id| id.0 as usize == *place))
        .map(|(_, actor)| actor)
}

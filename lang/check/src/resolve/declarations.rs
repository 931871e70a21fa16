//! Actor declarations: the types they declare, and whether they agree with the application's schema.

use std::collections::HashMap;
use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_syntax::tree::{ActorDecl, Item, Member, MemberKind, Name, TypeRef, TypeShape};

use super::Checker;
use crate::error::{
    duplicate_name, type_mismatch, unknown_function, unknown_property, unknown_type,
};
use crate::names::Named;
use crate::schema::{ActorType, Arity, Function, Property, PropertyKind, TypeId, ValueType};

/// Takes the declarations of a policy into the schema in force. With a schema `given` from outside,
/// they must agree with it: they may leave things out, not add or change any.
pub(crate) fn declare(checker: &mut Checker<'_>, is_given: bool) {
    let tree = checker.tree;
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let mut declared: Vec<(TypeId, &ActorDecl)> = Vec::new();
    for item in tree.items() {
        let Item::Actor(actor) = item else { continue };
        let Some(name) = actor.name else { continue };
        let text = checker.text(name);
        if let Some(first) = seen.get(text) {
            checker.report(duplicate_name::actor(name.span, text, *first));
            continue;
        }
        seen.insert(text, name.span);
        declared.extend(declare_type(checker, actor, name, is_given).map(|id| (id, actor)));
    }
    // Types may refer to types declared further down.
    for (id, actor) in declared {
        let mut members = DeclaredMembers::default();
        for member in &actor.members {
            declare_member(checker, id, member, &mut members, is_given);
        }
    }
}

fn declare_type(
    checker: &mut Checker<'_>,
    actor: &ActorDecl,
    name: Name,
    is_given: bool,
) -> Option<TypeId> {
    let text = checker.text(name);
    if !text.starts_with(|c: char| c.is_uppercase()) {
        // The parser has reported it.
        return None;
    }
    let id = match checker.types.find(text) {
        Some(id) => id,
        None if is_given => {
            let diagnostic = unknown_type::not_in_schema(name.span, text, checker.types.names());
            checker.report(diagnostic);
            return None;
        }
        None => {
            let actor = ActorType {
                name: checker.intern(text),
                properties: Vec::new(),
                functions: Vec::new(),
                docs: checker.tree.docs(actor.docs),
                span: name.span,
            };
            checker.types.add(actor)
        }
    };
    checker.note(name.span, Named::Type(id));
    Some(id)
}

/// The members of one declaration so far.
#[derive(Default)]
struct DeclaredMembers<'a> {
    properties: HashMap<&'a str, Span>,
    functions: HashMap<&'a str, Span>,
}

fn declare_member<'a>(
    checker: &mut Checker<'a>,
    owner: TypeId,
    member: &Member,
    members: &mut DeclaredMembers<'a>,
    is_given: bool,
) {
    let Some(name) = member.name else { return };
    let text = checker.text(name);
    let (seen, kind) = match member.kind {
        MemberKind::Function => (&mut members.functions, "function"),
        MemberKind::Property(_) => (&mut members.properties, "property"),
    };
    if let Some(first) = seen.get(text) {
        checker.report(duplicate_name::member(name.span, kind, text, *first));
        return;
    }
    seen.insert(text, name.span);
    let docs = checker.tree.docs(member.docs);
    match member.kind {
        MemberKind::Function => declare_function(checker, owner, name, docs, is_given),
        MemberKind::Property(None) => {}
        MemberKind::Property(Some(type_ref)) => {
            if let Some(kind) = property_kind(checker, type_ref) {
                declare_property(checker, owner, (name, type_ref), kind, docs, is_given);
            }
        }
    }
}

fn declare_function(
    checker: &mut Checker<'_>,
    owner: TypeId,
    name: Name,
    docs: String,
    is_given: bool,
) {
    let text = checker.text(name);
    let shared = checker.intern(text);
    let named = Named::Function {
        owner: Some(owner),
        name: Arc::clone(&shared),
    };
    checker.note(name.span, named);
    if !is_given {
        // Another file of the program may declare it as well.
        if checker.types.function(owner, text).is_some() {
            return;
        }
        let function = Function {
            name: shared,
            docs,
            span: name.span,
        };
        checker.types.add_function(owner, function);
        return;
    }
    if checker.types.function(owner, text).is_none()
        && let Some(actor) = checker.types.get(owner)
    {
        let functions = actor.functions.iter().map(|f| f.name.as_ref());
        let diagnostic =
            unknown_function::not_in_schema(name.span, text, &actor.name, actor.span, functions);
        checker.report(diagnostic);
    }
}

fn declare_property(
    checker: &mut Checker<'_>,
    owner: TypeId,
    (name, type_ref): (Name, TypeRef),
    kind: PropertyKind,
    docs: String,
    is_given: bool,
) {
    let text = checker.text(name);
    let shared = checker.intern(text);
    let named = Named::Property {
        owner: Some(owner),
        name: Arc::clone(&shared),
    };
    checker.note(name.span, named);
    if !is_given && checker.types.property(owner, text).is_none() {
        let property = Property {
            name: shared,
            kind,
            docs,
            span: name.span,
        };
        checker.types.add_property(owner, property);
        return;
    }
    let Some(actor) = checker.types.get(owner) else {
        return;
    };
    let diagnostic = match checker.types.property(owner, text) {
        None => {
            let properties = actor.properties.iter().map(|p| p.name.as_ref());
            unknown_property::not_in_schema(name.span, text, &actor.name, actor.span, properties)
        }
        Some(known) if known.kind != kind => {
            let in_schema = checker.types.kind_source(known.kind);
            type_mismatch::declared_differently(
                (type_ref.span, checker.tree.text(type_ref.span)),
                text,
                (known.span, &in_schema),
                is_given,
            )
        }
        Some(_) => return,
    };
    checker.report(diagnostic);
}

/// What a declared property holds; `None` if that was reported.
fn property_kind(checker: &mut Checker<'_>, type_ref: TypeRef) -> Option<PropertyKind> {
    let name = type_ref.name?;
    let text = checker.text(name);
    if let Some(value) = ValueType::from_name(text) {
        if type_ref.shape == TypeShape::One {
            return Some(PropertyKind::Value(value));
        }
        checker.report(type_mismatch::not_single_value(type_ref.span, text));
        return None;
    }
    let arity = match type_ref.shape {
        TypeShape::One => Arity::One,
        TypeShape::Optional => Arity::Optional,
        TypeShape::List => Arity::Many,
    };
    let Some(target) = checker.types.find(text) else {
        let mut candidates: Vec<&str> = checker.types.names().collect();
        if type_ref.shape == TypeShape::One {
            for value in ValueType::ALL {
                candidates.push(value.name());
            }
        }
        let diagnostic = unknown_type::unknown_property_type(name.span, text, candidates);
        checker.report(diagnostic);
        return None;
    };
    checker.note(name.span, Named::Type(target));
    Some(PropertyKind::Reference {
        target: Some(target),
        arity,
    })
}

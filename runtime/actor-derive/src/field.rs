//! One field of an actor's state: whether it is written, and what policies see of it.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, GenericArgument, Meta, PathArguments, Token, Type};

use crate::mistakes::Mistakes;
use crate::tokens::text;
use crate::value_kind::{self, ValueKind};

/// A field.
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: Ident,
    /// Its part of the layout; `None` if it is not written.
    pub(crate) layout: Option<String>,
    /// What policies see.
    pub(crate) seen: Seen,
}

/// What policies see of a field.
pub(crate) enum Seen {
    Nothing,
    /// References to actors of the type `target`.
    References {
        arity: Arity,
        target: TokenStream,
    },
    Value {
        kind: ValueKind,
        value: TokenStream,
    },
}

/// How many references a field holds.
#[derive(Clone, Copy)]
pub(crate) enum Arity {
    One,
    Optional,
    Many,
}

/// What policies measure of every actor: no field can be published under these names.
const MEASURED: [&str; 9] = [
    "cpu", "mem", "net", "call", "server", "mailbox", "idle", "age", "moves",
];

/// Reads a field.
pub(crate) fn read(field: &syn::Field, mistakes: &mut Mistakes) -> Option<Field> {
    let name = field.ident.clone()?;
    let layout = mistakes.take(layout(&name, field)).flatten();
    let skipped = mistakes.take(is_skipped(&field.attrs)).unwrap_or(false);
    let mut published = field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("publish"));
    let seen = if let Some(attribute) = published.next() {
        value(&name, &field.ty, attribute)
    } else if skipped {
        Ok(Seen::Nothing)
    } else {
        references(&field.ty)
    };
    let seen = mistakes.take(seen).unwrap_or(Seen::Nothing);
    let word = name.unraw().to_string();
    if !matches!(seen, Seen::Nothing) && MEASURED.contains(&word.as_str()) {
        let message = format!(
            "policies read `.{word}` of every actor as what Plasma itself knows of it: rename the \
             field, or keep it out of policies (`#[actor(skip)]`, no `#[publish]`)"
        );
        mistakes.report(&name, message);
    }
    Some(Field { name, layout, seen })
}

/// `#[actor(skip)]`: out of policies.
fn is_skipped(attributes: &[Attribute]) -> syn::Result<bool> {
    let mut skipped = false;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("actor"))
    {
        attribute.parse_nested_meta(|meta| {
            skipped = meta.path.is_ident("skip");
            if skipped {
                Ok(())
            } else {
                Err(meta.error("unknown option: a field's is `skip`"))
            }
        })?;
    }
    Ok(skipped)
}

fn value(name: &Ident, ty: &Type, attribute: &Attribute) -> syn::Result<Seen> {
    let wanted: Option<Ident> = match &attribute.meta {
        Meta::Path(_) => None,
        _ => Some(attribute.parse_args()?),
    };
    let (kind, value) = value_kind::publish(name, ty, wanted.as_ref())?;
    Ok(Seen::Value { kind, value })
}

fn references(ty: &Type) -> syn::Result<Seen> {
    let seen = |arity, target: &Type| Seen::References {
        arity,
        target: target.to_token_stream(),
    };
    if let Some(target) = argument(ty, "Ref") {
        return Ok(seen(Arity::One, target));
    }
    for (container, arity) in [("Option", Arity::Optional), ("Vec", Arity::Many)] {
        if let Some(target) = argument(ty, container).and_then(|inner| argument(inner, "Ref")) {
            return Ok(seen(arity, target));
        }
    }
    let mentions = |word: &str| word == "Ref";
    if text(ty)
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(mentions)
    {
        let message = format!(
            "policies cannot follow the references in `{}`: use `Ref<T>`, `Option<Ref<T>>` or \
             `Vec<Ref<T>>`, or keep the field out of policies with `#[actor(skip)]`",
            text(ty)
        );
        return Err(syn::Error::new_spanned(ty, message));
    }
    Ok(Seen::Nothing)
}

/// The `T` of `name<T>`, however the path begins.
fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path
        .path
        .segments
        .last()
        .filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

/// Attributes of serde that leave a field out of the bytes or not, depending on its value or on the
/// direction, or that need field names: the state has neither.
const UNWRITABLE: [&str; 4] = [
    "flatten",
    "skip_serializing",
    "skip_deserializing",
    "skip_serializing_if",
];

fn layout(name: &Ident, field: &syn::Field) -> syn::Result<Option<String>> {
    let mut layout = format!("{name}: {}", text(&field.ty));
    for attribute in field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        let options = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?;
        for option in options {
            if option.path().is_ident("skip") {
                return Ok(None);
            }
            if let Some(word) = UNWRITABLE.iter().find(|word| option.path().is_ident(word)) {
                let message = format!(
                    "state is written without field names, every field in turn: `{word}` is not \
                     possible; leave the field out with `#[serde(skip)]`, or write it always"
                );
                return Err(syn::Error::new_spanned(&option, message));
            }
            layout.push_str(&format!(" {}", text(&option.into_token_stream())));
        }
    }
    Ok(Some(layout))
}

//! The kinds of published values, and how a field becomes one.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Type;

use crate::tokens::text;

/// A kind, with its names in policies and in `plasma_actor::ValueKind`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ValueKind {
    word: &'static str,
    pub(crate) variant: &'static str,
}

const fn kind(word: &'static str, variant: &'static str) -> ValueKind {
    ValueKind { word, variant }
}

const INT: ValueKind = kind("int", "Int");
const FLOAT: ValueKind = kind("float", "Float");
const BOOL: ValueKind = kind("bool", "Bool");
const TEXT: ValueKind = kind("text", "Text");
const BYTES: ValueKind = kind("bytes", "Bytes");
const DURATION: ValueKind = kind("duration", "Duration");
const PERCENT: ValueKind = kind("percent", "Percent");
const KINDS: [ValueKind; 7] = [INT, FLOAT, BOOL, TEXT, BYTES, DURATION, PERCENT];

/// What a field's Rust type can be published as: the first is what it is unless told otherwise.
enum Published {
    /// Integers that fit into `i64` and `f64` without loss.
    SmallInteger,
    Long,
    /// Integers that may not fit into `i64`: published as `i64::MAX` then.
    Integer,
    SmallFloat,
    Float,
    Bool,
    Text,
    Duration,
}

impl Published {
    fn of(ty: &Type) -> Option<Self> {
        let Type::Path(path) = ty else { return None };
        let name = path.path.segments.last()?;
        Some(match name.ident.to_string().as_str() {
            "u8" | "i8" | "u16" | "i16" | "u32" | "i32" => Self::SmallInteger,
            "i64" => Self::Long,
            "u64" | "isize" | "usize" => Self::Integer,
            "f32" => Self::SmallFloat,
            "f64" => Self::Float,
            "bool" => Self::Bool,
            "String" => Self::Text,
            "Duration" => Self::Duration,
            _ => return None,
        })
    }

    fn kinds(&self) -> &'static [ValueKind] {
        match self {
            Self::SmallInteger => &[INT, BYTES, FLOAT, PERCENT],
            Self::Long | Self::Integer => &[INT, BYTES],
            Self::SmallFloat | Self::Float => &[FLOAT, PERCENT],
            Self::Bool => &[BOOL],
            Self::Text => &[TEXT],
            Self::Duration => &[DURATION],
        }
    }

    /// The `plasma_actor::Value` of the field `name`.
    fn value(&self, kind: ValueKind, name: &Ident) -> TokenStream {
        let value = quote!(::plasma_actor::Value);
        let whole = kind == INT || kind == BYTES;
        match self {
            Self::SmallInteger if whole => quote!(#value::Int(i64::from(self.#name))),
            Self::SmallInteger | Self::SmallFloat => quote!(#value::Float(f64::from(self.#name))),
            Self::Long => quote!(#value::Int(self.#name)),
            Self::Integer => quote!(#value::Int(i64::try_from(self.#name).unwrap_or(i64::MAX))),
            Self::Float => quote!(#value::Float(self.#name)),
            Self::Bool => quote!(#value::Bool(self.#name)),
            Self::Text => quote!(#value::Text(self.#name.clone())),
            Self::Duration => quote!(#value::Float(self.#name.as_secs_f64())),
        }
    }
}

/// The kind of the field `name`, published with the word given in `#[publish(..)]`, and the
/// expression of its value.
pub(crate) fn publish(
    name: &Ident,
    ty: &Type,
    wanted: Option<&Ident>,
) -> syn::Result<(ValueKind, TokenStream)> {
    let Some(published) = Published::of(ty) else {
        let message = format!(
            "`{}` cannot be published: policies see integers, floats, `bool`, `String` and \
             `Duration`",
            text(ty)
        );
        return Err(syn::Error::new_spanned(ty, message));
    };
    let kinds = published.kinds();
    let kind = match wanted {
        None => kinds.first().copied(),
        Some(word) => kinds.iter().copied().find(|kind| word == kind.word),
    };
    match kind {
        Some(kind) => Ok((kind, published.value(kind, name))),
        None => Err(wrong_kind(ty, wanted.unwrap_or(name), kinds)),
    }
}

fn wrong_kind(ty: &Type, word: &Ident, kinds: &[ValueKind]) -> syn::Error {
    let list = |kinds: &[ValueKind]| {
        let words: Vec<String> = kinds
            .iter()
            .map(|kind| format!("`{}`", kind.word))
            .collect();
        words.join(", ")
    };
    let known = KINDS.iter().any(|kind| word == kind.word);
    let message = if known {
        format!(
            "`{}` cannot be published as `{word}`, only as {}",
            text(ty),
            list(kinds)
        )
    } else {
        format!(
            "no kind of value is called `{word}`: there are {}",
            list(&KINDS)
        )
    };
    syn::Error::new(word.span(), message)
}

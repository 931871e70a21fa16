//! `#[actor(..)]` on a struct: what of the state survives, and whether a call can create it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Ident, LitStr};

use crate::mistakes::Mistakes;

/// What `#[actor(..)]` on a struct says.
#[derive(Default)]
pub(crate) struct ActorAttributes {
    /// The value of `Actor::DURABILITY`, if it is not the trait's default.
    pub(crate) durability: Option<TokenStream>,
    /// Whether a call creates a missing actor, as `Default::default()`.
    pub(crate) default: bool,
}

/// Reads them.
pub(crate) fn read(attributes: &[Attribute], mistakes: &mut Mistakes) -> ActorAttributes {
    let mut read = ActorAttributes::default();
    let actor = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("actor"));
    for attribute in actor {
        let result = attribute.parse_nested_meta(|meta| read.option(&meta));
        mistakes.take(result);
    }
    read
}

impl ActorAttributes {
    fn option(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        if meta.path.is_ident("default") {
            self.default = true;
            return Ok(());
        }
        let durability = if meta.path.is_ident("durable") {
            let level: Ident = meta.value()?.parse()?;
            if level != "none" {
                let message = "the only level is `none`; write `checkpoint = \"10s\"` to set an \
                               interval";
                return Err(syn::Error::new(level.span(), message));
            }
            quote!(::plasma_actor::Durability::None)
        } else if meta.path.is_ident("checkpoint") {
            let interval: LitStr = meta.value()?.parse()?;
            let milliseconds = interval_milliseconds(&interval)?;
            quote! {
                ::plasma_actor::Durability::Checkpoint(
                    ::core::time::Duration::from_millis(#milliseconds)
                )
            }
        } else {
            let message = "unknown option: an actor's are `default`, `durable = none` and \
                           `checkpoint = \"10s\"`";
            return Err(meta.error(message));
        };
        if self.durability.replace(durability).is_some() {
            return Err(meta.error("the durability is given twice"));
        }
        Ok(())
    }
}

fn interval_milliseconds(interval: &LitStr) -> syn::Result<u64> {
    let text = interval.value();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (amount, unit) = text.split_at(digits);
    let factor = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        _ => None,
    };
    let milliseconds = amount
        .parse::<u64>()
        .ok()
        .zip(factor)
        .and_then(|(amount, factor)| amount.checked_mul(factor))
        .filter(|milliseconds| *milliseconds > 0);
    milliseconds.ok_or_else(|| {
        let message = "not an interval: write a whole number above 0 and `ms`, `s` or `m`, such as \
                       `\"10s\"`";
        syn::Error::new(interval.span(), message)
    })
}

//! `#[derive(Actor)]`: from a struct to its `impl Actor`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Data, DataStruct, DeriveInput, Fields};

use crate::actor_attributes::{self, ActorAttributes};
use crate::field::{self, Arity, Field, Seen};
use crate::mistakes::Mistakes;

/// The `impl Actor` of a struct.
pub(crate) fn expand(item: TokenStream) -> syn::Result<TokenStream> {
    let state = State::read(&syn::parse2(item)?)?;
    Ok(state.expansion())
}

struct State {
    name: Ident,
    attributes: ActorAttributes,
    fields: Vec<Field>,
}

impl State {
    fn read(item: &DeriveInput) -> syn::Result<Self> {
        let mut mistakes = Mistakes::default();
        let name = item.ident.clone();
        if !item.generics.params.is_empty() {
            let message = "an actor type has no parameters: policies know it by its name alone";
            mistakes.report(&item.generics.params, message);
        }
        if !name
            .to_string()
            .starts_with(|c: char| c.is_ascii_uppercase())
        {
            let message = "the name of an actor type starts with an upper-case letter, or policies \
                           could not name it";
            mistakes.report(&name, message);
        }
        let attributes = actor_attributes::read(&item.attrs, &mut mistakes);
        let fields = match &item.data {
            Data::Struct(DataStruct {
                fields: Fields::Named(fields),
                ..
            }) => fields
                .named
                .iter()
                .filter_map(|field| field::read(field, &mut mistakes))
                .collect(),
            Data::Struct(DataStruct {
                fields: Fields::Unit,
                ..
            }) => Vec::new(),
            Data::Struct(_) => {
                let message = "an actor's fields have names, by which policies know them: write \
                               `{ name: Type, .. }`";
                mistakes.report(&name, message);
                Vec::new()
            }
            Data::Enum(_) | Data::Union(_) => {
                let message = "an actor is a struct: put this type into a field of one";
                mistakes.report(&name, message);
                Vec::new()
            }
        };
        mistakes.unless_any(Self {
            name,
            attributes,
            fields,
        })
    }

    fn expansion(&self) -> TokenStream {
        let name = &self.name;
        let type_name = name.to_string();
        let layout: Vec<&str> = self
            .fields
            .iter()
            .filter_map(|field| field.layout.as_deref())
            .collect();
        let layout = layout.join(", ");
        let durability =
            self.attributes.durability.as_ref().map(
                |durability| quote!(const DURABILITY: ::plasma_actor::Durability = #durability;),
            );
        let references = self.references();
        let values = self.values();
        let fresh = self.attributes.default.then(|| {
            quote! {
                fn fresh(_key: u64) -> ::core::option::Option<Self> {
                    ::core::option::Option::Some(::core::default::Default::default())
                }
            }
        });
        quote! {
            #[automatically_derived]
            impl ::plasma_actor::Actor for #name {
                const NAME: &'static str = #type_name;
                const LAYOUT: &'static str = #layout;
                #durability
                #references
                #values
                #fresh
            }
        }
    }

    /// `PROPERTIES` and `references`.
    fn references(&self) -> Option<TokenStream> {
        let mut properties = Vec::new();
        let mut visits = Vec::new();
        for field in &self.fields {
            let Seen::References { arity, target } = &field.seen else {
                continue;
            };
            let name = &field.name;
            let property = name.unraw().to_string();
            let index = Literal::usize_unsuffixed(properties.len());
            let (variant, visit) = match arity {
                Arity::One => (
                    "One",
                    quote!(visit(#index, ::plasma_actor::Ref::id(&self.#name));),
                ),
                Arity::Optional => {
                    let visit = quote! {
                        if let ::core::option::Option::Some(reference) = &self.#name {
                            visit(#index, ::plasma_actor::Ref::id(reference));
                        }
                    };
                    ("Optional", visit)
                }
                Arity::Many => {
                    let visit = quote! {
                        for reference in &self.#name {
                            visit(#index, ::plasma_actor::Ref::id(reference));
                        }
                    };
                    ("Many", visit)
                }
            };
            let variant = format_ident!("{variant}");
            properties.push(quote! {
                ::plasma_actor::Property {
                    name: #property,
                    arity: ::plasma_actor::Arity::#variant,
                    target: <#target as ::plasma_actor::Actor>::NAME,
                }
            });
            visits.push(visit);
        }
        (!properties.is_empty()).then(|| {
            quote! {
                const PROPERTIES: &'static [::plasma_actor::Property] = &[#(#properties),*];

                fn references(&self, visit: &mut dyn FnMut(usize, ::plasma_actor::ActorId)) {
                    #(#visits)*
                }
            }
        })
    }

    /// `VALUES` and `values`.
    fn values(&self) -> Option<TokenStream> {
        let mut declarations = Vec::new();
        let mut visits = Vec::new();
        for field in &self.fields {
            let Seen::Value { kind, value } = &field.seen else {
                continue;
            };
            let name = field.name.unraw().to_string();
            let kind = format_ident!("{}", kind.variant);
            let index = Literal::usize_unsuffixed(declarations.len());
            declarations.push(quote! {
                ::plasma_actor::PublishedValue {
                    name: #name,
                    kind: ::plasma_actor::ValueKind::#kind,
                }
            });
            visits.push(quote!(visit(#index, #value);));
        }
        (!declarations.is_empty()).then(|| {
            quote! {
                const VALUES: &'static [::plasma_actor::PublishedValue] = &[#(#declarations),*];

                fn values(&self, visit: &mut dyn FnMut(usize, ::plasma_actor::Value)) {
                    #(#visits)*
                }
            }
        })
    }
}

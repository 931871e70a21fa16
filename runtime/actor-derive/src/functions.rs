//! `#[functions]`: from an `impl` block to the calls, the methods of references and the `impl
//! Functions`.

mod calls;
mod handler;
mod methods;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{ImplItem, ImplItemFn, ItemImpl, Signature, Type};

use crate::function::{self, Function};
use crate::mistakes::Mistakes;

/// What the block gives besides itself.
pub(crate) fn expand(arguments: &TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let block: ItemImpl = syn::parse2(item.clone()).map_err(|_| {
        let message = "`#[functions]` stands on the `impl` block of an actor type";
        syn::Error::new_spanned(item, message)
    })?;
    Callable::read(arguments, &block).map(|callable| callable.expansion())
}

/// The functions of an actor type that can be called.
struct Callable {
    /// The actor type.
    actor: Ident,
    /// The enum of its calls.
    call: Ident,
    /// The methods of references to it.
    methods: Ident,
    functions: Vec<Function>,
    /// Whether it has a function `activated`.
    activated: bool,
}

impl Callable {
    fn read(arguments: &TokenStream, block: &ItemImpl) -> syn::Result<Self> {
        let mut mistakes = Mistakes::default();
        if !arguments.is_empty() {
            mistakes.report(arguments, "`#[functions]` has no options");
        }
        let actor = actor_name(block, &mut mistakes);
        let actor = mistakes
            .take(actor)
            .unwrap_or_else(|| format_ident!("Unnamed"));
        let mut functions = Vec::new();
        let mut activated = false;
        for item in &block.items {
            let ImplItem::Fn(item) = item else { continue };
            if item.sig.ident == "activated" {
                activated = true;
                check_activated(item, &mut mistakes);
            } else {
                functions.extend(function::read(item, &actor, &mut mistakes));
            }
        }
        if functions.is_empty() && mistakes.is_empty() {
            mistakes.report(
                &actor,
                "an actor without functions cannot be called: write one",
            );
        }
        let (call, methods) = function::generated_names(&actor);
        mistakes.unless_any(Self {
            actor,
            call,
            methods,
            functions,
            activated,
        })
    }

    fn expansion(&self) -> TokenStream {
        let calls = self.calls();
        let methods = self.reference_methods();
        let functions = self.impl_functions();
        quote!(#calls #methods #functions)
    }
}

fn actor_name(block: &ItemImpl, mistakes: &mut Mistakes) -> syn::Result<Ident> {
    if let Some((path, _)) = &block.trait_ {
        let message = "functions that can be called stand in an `impl` of the actor type itself, \
                       not of a trait";
        mistakes.report(path, message);
    }
    if !block.generics.params.is_empty() {
        let message = "an actor type has no parameters: policies know it by its name alone";
        mistakes.report(&block.generics.params, message);
    }
    match &*block.self_ty {
        Type::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    }
    .ok_or_else(|| {
        let message = "write the actor type's bare name here, in the module of the type";
        syn::Error::new_spanned(&block.self_ty, message)
    })
}

fn check_activated(item: &ImplItemFn, mistakes: &mut Mistakes) {
    let Signature {
        ident,
        asyncness,
        inputs,
        ..
    } = &item.sig;
    let mut wrong = Mistakes::default();
    let exclusive = function::receiver(&item.sig, &mut wrong) == Some(false);
    let context = function::context(&item.sig, &mut wrong).is_some();
    if asyncness.is_some() || !exclusive || !context || inputs.len() != 3 {
        let message = "`activated` runs when an activation begins, and can wait for nothing: write \
                       `fn activated(&mut self, cx: &Context, origin: Origin)`";
        mistakes.report(ident, message);
    }
}

/// A variable of the macro's own: an argument of the same name does not hide it.
fn own(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

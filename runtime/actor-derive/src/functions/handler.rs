//! The `impl Functions`: the table of functions, and how a call runs.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::{Callable, own};
use crate::function::Function;

impl Callable {
    pub(super) fn impl_functions(&self) -> TokenStream {
        let (actor, call, methods) = (&self.actor, &self.call, &self.methods);
        let (state, cx) = (own("state"), own("cx"));
        let table = self.functions.iter().map(declaration);
        let arms = self.functions.iter().map(|function| self.arm(function));
        let changes = self.functions.iter().any(|function| !function.shared);
        let changes = changes.then(|| quote!(mut));
        let activated = self.activated.then(|| {
            quote! {
                fn activated(
                    &mut self,
                    cx: &::plasma_actor::Context,
                    origin: ::plasma_actor::Origin,
                ) {
                    Self::activated(self, cx, origin);
                }
            }
        });
        quote! {
            #[automatically_derived]
            impl ::plasma_actor::Functions for #actor {
                type Call = #call;
                type Methods = #methods;
                const FUNCTIONS: &'static [::plasma_actor::Function] = &[#(#table),*];

                fn handle(
                    #changes #state: ::plasma_actor::State<Self>,
                    #cx: ::plasma_actor::Context,
                    call: #call,
                ) -> ::plasma_actor::Handled<Self> {
                    match call { #(#arms)* }
                }

                #activated
            }
        }
    }

    fn arm(&self, function: &Function) -> TokenStream {
        let (call, name, variant) = (&self.call, &function.name, function.variant());
        let (state, cx) = (own("state"), own("cx"));
        let lent = if function.shared {
            quote!(&#state)
        } else {
            quote!(#state.get_mut())
        };
        let arguments = function.argument_names();
        let run = quote!(Self::#name(#lent, &#cx, #(#arguments),*));
        let reply = if function.fallible {
            quote!(#cx.reply_result(result))
        } else {
            quote!(#cx.reply(result))
        };
        let names = function.argument_names();
        let pattern = (!function.arguments.is_empty()).then(|| quote!((#(#names),*)));
        if function.waits {
            quote! {
                #call::#variant #pattern => ::plasma_actor::Handled::waiting(async move {
                    let result = #run.await;
                    (#state, #reply)
                }),
            }
        } else {
            quote! {
                #call::#variant #pattern => {
                    let result = #run;
                    ::plasma_actor::Handled::done(#state, #reply)
                }
            }
        }
    }
}

/// A function's row in `FUNCTIONS`.
fn declaration(function: &Function) -> TokenStream {
    let name = function.name.unraw().to_string();
    let shared = function.shared.then(|| quote!(.shared()));
    let fixed_size = function.fixed_size().map(|bytes| {
        let bytes = Literal::u32_unsuffixed(bytes);
        quote!(.fixed_size(#bytes))
    });
    quote!(::plasma_actor::Function::new(#name) #shared #fixed_size)
}

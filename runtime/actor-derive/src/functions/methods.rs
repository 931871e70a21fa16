//! What a reference to the actor type offers: a method for each function.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Callable, own};

impl Callable {
    pub(super) fn reference_methods(&self) -> TokenStream {
        let (actor, call, methods) = (&self.actor, &self.call, &self.methods);
        let cx = own("cx");
        let doc = format!("What a `Ref` to [`{actor}`] offers: a method for each function.");
        let each = self.functions.iter().map(|function| {
            let (docs, name, reply) = (&function.docs, &function.name, &function.reply);
            let variant = function.variant();
            let parameters = function
                .arguments
                .iter()
                .map(|(name, ty)| quote!(#name: #ty));
            let names = function.argument_names();
            let arguments = (!function.arguments.is_empty()).then(|| quote!((#(#names),*)));
            quote! {
                #(#docs)*
                pub fn #name<'a>(
                    &'a self,
                    #cx: &'a ::plasma_actor::Context,
                    #(#parameters),*
                ) -> ::plasma_actor::Call<'a, #actor, #reply> {
                    ::plasma_actor::Call::new(#cx, &self.0, #call::#variant #arguments)
                }
            }
        });
        quote! {
            #[doc = #doc]
            #[allow(unreachable_pub)]
            pub struct #methods(::plasma_actor::Target);

            #[automatically_derived]
            impl ::plasma_actor::Methods for #methods {
                fn new(target: ::plasma_actor::Target) -> Self {
                    Self(target)
                }

                fn target(&self) -> &::plasma_actor::Target {
                    &self.0
                }
            }

            #[allow(dead_code, missing_docs, private_interfaces, unreachable_pub)]
            impl #methods {
                #(#each)*
            }
        }
    }
}

//! The enum of an actor type's calls, and how it is written and read.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::{Callable, own};
use crate::function::Function;

impl Callable {
    pub(super) fn calls(&self) -> TokenStream {
        let (actor, call, out) = (&self.actor, &self.call, own("out"));
        let doc = format!("The calls of [`{actor}`] as values.");
        let variants = self.functions.iter().map(|function| {
            let (docs, variant) = (&function.docs, function.variant());
            let types = function.arguments.iter().map(|(_, ty)| ty);
            let arguments = function.has_arguments().then(|| quote!((#(#types),*)));
            quote!(#(#docs)* #variant #arguments)
        });
        let [function, encode, decode, encoded_size] = [
            self.each(|index, function| {
                let pattern = function.any_pattern();
                quote!(#pattern => #index)
            }),
            self.each(|_, function| {
                let (pattern, value) = (function.pattern(), function.tuple());
                if function.has_arguments() {
                    quote!(#pattern => ::plasma_actor::wire::encode(&#value, #out))
                } else {
                    quote!(#pattern => ::core::result::Result::Ok(()))
                }
            }),
            self.each(|index, function| {
                let (pattern, tuple, ty) =
                    (function.pattern(), function.tuple(), function.tuple_type());
                let decode = quote_spanned!(function.name.span()=> ::plasma_actor::wire::decode);
                quote!(#index => #decode::<#ty>(arguments).map(|#tuple| #pattern))
            }),
            self.each(|_, function| {
                let (pattern, value) = (function.pattern(), function.tuple());
                if function.has_arguments() {
                    quote!(#pattern => ::plasma_actor::wire::encoded_size(&#value))
                } else {
                    quote!(#pattern => 0)
                }
            }),
        ];
        quote! {
            #[doc = #doc]
            #[allow(dead_code, missing_docs, private_interfaces, unreachable_pub)]
            pub enum #call {
                #(#variants),*
            }

            #[automatically_derived]
            impl ::plasma_actor::Calls for #call {
                const ACTOR: ::plasma_actor::TypeTag = ::plasma_actor::tag_of::<#actor>();

                fn function(&self) -> usize {
                    match self { #(#function,)* }
                }

                fn encode(
                    &self,
                    #out: &mut ::std::vec::Vec<u8>,
                ) -> ::core::result::Result<(), ::plasma_actor::WireError> {
                    match self { #(#encode,)* }
                }

                fn decode(
                    function: usize,
                    arguments: &[u8],
                ) -> ::core::result::Result<Self, ::plasma_actor::WireError> {
                    match function {
                        #(#decode,)*
                        _ => ::core::result::Result::Err(::plasma_actor::WireError::no_function(
                            <#actor as ::plasma_actor::Actor>::NAME,
                        )),
                    }
                }

                fn encoded_size(&self) -> usize {
                    match self { #(#encoded_size,)* }
                }
            }
        }
    }

    /// What `write` makes of each function and its index.
    fn each(&self, write: impl Fn(Literal, &Function) -> TokenStream) -> Vec<TokenStream> {
        let functions = self.functions.iter().enumerate();
        functions
            .map(|(index, function)| write(Literal::usize_unsuffixed(index), function))
            .collect()
    }
}

impl Function {
    fn has_arguments(&self) -> bool {
        !self.arguments.is_empty()
    }

    pub(super) fn argument_names(&self) -> impl Iterator<Item = &Ident> {
        self.arguments.iter().map(|(name, _)| name)
    }

    /// Its variant, as a pattern or expression with the arguments' names.
    fn pattern(&self) -> TokenStream {
        let (variant, names) = (self.variant(), self.argument_names());
        let arguments = self.has_arguments().then(|| quote!((#(#names),*)));
        quote!(Self::#variant #arguments)
    }

    /// Its variant as a pattern, whatever the arguments.
    fn any_pattern(&self) -> TokenStream {
        let variant = self.variant();
        let arguments = self.has_arguments().then(|| quote!((..)));
        quote!(Self::#variant #arguments)
    }

    /// Its arguments as one value: what crosses servers.
    fn tuple(&self) -> TokenStream {
        let names = self.argument_names();
        quote!((#(#names,)*))
    }

    fn tuple_type(&self) -> TokenStream {
        let types = self.arguments.iter().map(|(_, ty)| ty);
        quote!((#(#types,)*))
    }
}

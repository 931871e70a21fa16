//! One function that can be called, as its `impl` block declares it.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{
    Attribute, FnArg, GenericArgument, ImplItemFn, Pat, PatType, PathArguments, Receiver,
    ReceiverKind, ReturnType, Safety, Signature, Type,
};

use crate::mistakes::Mistakes;
use crate::tokens::{text, why_not_by_value, without_self};

/// A function.
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: Ident,
    /// Its `///` lines.
    pub(crate) docs: Vec<Attribute>,
    /// Whether it takes `&self`.
    pub(crate) shared: bool,
    /// Whether it is `async`.
    pub(crate) waits: bool,
    /// Its arguments after the context: names and types.
    pub(crate) arguments: Vec<(Ident, TokenStream)>,
    /// What its caller gets, and whether the function itself may end in a `CallError` instead.
    pub(crate) reply: TokenStream,
    pub(crate) fallible: bool,
}

/// Methods that every `Ref` has, by traits that are always in scope: a function of the same name
/// could not be called through one.
const METHODS_OF_REF: [&str; 17] = [
    "borrow",
    "borrow_mut",
    "clamp",
    "clone",
    "cmp",
    "eq",
    "ge",
    "gt",
    "into",
    "le",
    "lt",
    "max",
    "min",
    "ne",
    "partial_cmp",
    "to_owned",
    "try_into",
];

/// Reads a function of the actor type `actor`.
pub(crate) fn read(item: &ImplItemFn, actor: &Ident, mistakes: &mut Mistakes) -> Option<Function> {
    let signature = &item.sig;
    let name = signature.ident.clone();
    check_modifiers(item, mistakes);
    if METHODS_OF_REF.contains(&name.unraw().to_string().as_str()) {
        let message = format!(
            "every `Ref` has a method `{name}`, which would hide this function from callers: \
             rename it"
        );
        mistakes.report(&name, message);
    }
    let shared = receiver(signature, mistakes)?;
    context(signature, mistakes)?;
    let arguments = signature.inputs.iter().skip(2);
    let arguments: Vec<_> = arguments
        .filter_map(|argument| read_argument(argument, actor, mistakes))
        .collect();
    let (reply, fallible) = read_reply(&signature.output, actor, mistakes);
    let docs = item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"));
    let docs = docs.cloned().collect();
    let waits = signature.asyncness.is_some();
    Some(Function {
        name,
        docs,
        shared,
        waits,
        arguments,
        reply,
        fallible,
    })
}

impl Function {
    /// Its variant of the call enum.
    pub(crate) fn variant(&self) -> Ident {
        let name = self.name.unraw().to_string();
        let camel: String = name.split('_').map(capitalized).collect();
        Ident::new(&camel, self.name.span())
    }

    /// The encoded size of its arguments in bytes, if it is the same for all calls.
    pub(crate) fn fixed_size(&self) -> Option<u32> {
        let sizes = self
            .arguments
            .iter()
            .map(|(_, ty)| match ty.to_string().as_str() {
                "bool" | "u8" | "i8" => Some(1),
                "f32" => Some(4),
                "f64" => Some(8),
                _ => None,
            });
        sizes.sum()
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn check_modifiers(item: &ImplItemFn, mistakes: &mut Mistakes) {
    let signature = &item.sig;
    if !signature.generics.params.is_empty() {
        let message = "a function that is called from other servers has no parameters of its own: \
                       write the types out";
        mistakes.report(&signature.generics.params, message);
    }
    let unusual: [Option<TokenStream>; 3] = [
        signature.constness.map(ToTokens::into_token_stream),
        match &signature.safety {
            Safety::Unsafe(word) => Some(word.to_token_stream()),
            _ => None,
        },
        signature.abi.as_ref().map(ToTokens::to_token_stream),
    ];
    for modifier in unusual.into_iter().flatten() {
        let message = format!("a function of an actor is never `{}`", text(&modifier));
        mistakes.report(modifier, message);
    }
    for attribute in item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
    {
        let message = "callers and actor could disagree on whether this function exists: put the \
                       `cfg` into its body";
        mistakes.report(attribute, message);
    }
}

/// Whether the function takes `&self`; `None` if it takes neither this nor `&mut self`.
pub(crate) fn receiver(signature: &Signature, mistakes: &mut Mistakes) -> Option<bool> {
    let mistake: (TokenStream, &str) = match signature.inputs.first() {
        Some(FnArg::Receiver(Receiver {
            kind: ReceiverKind::Reference(_, None, mutable),
            ..
        })) => {
            return Some(mutable.is_none());
        }
        Some(FnArg::Receiver(receiver)) => (
            receiver.to_token_stream(),
            "an actor outlives its calls: take `&mut self`, or `&self` to run beside other such \
             calls",
        ),
        _ => (
            signature.ident.to_token_stream(),
            "every function of this block can be called, so it takes `&mut self` or `&self`: move \
             others to an `impl` without `#[functions]`",
        ),
    };
    mistakes.report(mistake.0, mistake.1);
    None
}

/// Checks that the argument after `self` is the context.
pub(crate) fn context(signature: &Signature, mistakes: &mut Mistakes) -> Option<()> {
    let Some(FnArg::Typed(argument)) = signature.inputs.iter().nth(1) else {
        return without_context(signature, mistakes);
    };
    let (ty, borrowed) = match &*argument.ty {
        Type::Reference(reference) => (&*reference.elem, reference.mutability.is_none()),
        other => (other, false),
    };
    let is_context = last_segment(ty).is_some_and(|segment| segment.ident == "Context");
    if !is_context {
        return without_context(signature, mistakes);
    }
    if !borrowed {
        mistakes.report(
            &argument.ty,
            "the context is lent to the call: take `&Context`",
        );
        return None;
    }
    Some(())
}

fn without_context(signature: &Signature, mistakes: &mut Mistakes) -> Option<()> {
    let message = format!(
        "`{}` does not take a context: write `cx: &Context` after `self`, or move the function to \
         an `impl` without `#[functions]` if it is not to be called",
        signature.ident
    );
    mistakes.report(&signature.ident, message);
    None
}

fn read_argument(
    argument: &FnArg,
    actor: &Ident,
    mistakes: &mut Mistakes,
) -> Option<(Ident, TokenStream)> {
    let FnArg::Typed(PatType { pat, ty, .. }) = argument else {
        return None;
    };
    if let Some(why) = why_not_by_value(ty) {
        mistakes.report(ty, format!("arguments cross servers as values: {why}"));
    }
    match &**pat {
        Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => Some((
            name.ident.clone(),
            without_self(ty.to_token_stream(), actor),
        )),
        pattern => {
            let message = "callers see the arguments by name: write a name here, and take the \
                           value apart in the body";
            mistakes.report(pattern, message);
            None
        }
    }
}

fn read_reply(output: &ReturnType, actor: &Ident, mistakes: &mut Mistakes) -> (TokenStream, bool) {
    let ReturnType::Type(_, ty) = output else {
        return (quote!(()), false);
    };
    if let Some(why) = why_not_by_value(ty) {
        mistakes.report(ty, format!("replies cross servers as values: {why}"));
    }
    let (reply, fallible) = match success_of(ty) {
        Some(success) => (success, true),
        None => (&**ty, false),
    };
    (without_self(reply.to_token_stream(), actor), fallible)
}

/// The `R` of `Result<R, CallError>`.
fn success_of(ty: &Type) -> Option<&Type> {
    let result = last_segment(ty).filter(|segment| segment.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &result.arguments else {
        return None;
    };
    let mut arguments = arguments.args.iter();
    match (arguments.next(), arguments.next()) {
        (Some(GenericArgument::Type(success)), Some(GenericArgument::Type(error)))
            if last_segment(error).is_some_and(|segment| segment.ident == "CallError") =>
        {
            Some(success)
        }
        _ => None,
    }
}

fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The names of the generated types of an actor type.
pub(crate) fn generated_names(actor: &Ident) -> (Ident, Ident) {
    (
        format_ident!("{actor}Call"),
        format_ident!("{actor}Methods"),
    )
}

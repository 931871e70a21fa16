//! Types as people write them: as text, with `Self` spelled out, and whether they borrow.

use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;

/// The source text of a type, with blanks where rustfmt has them.
pub(crate) fn text(tokens: &impl ToTokens) -> String {
    let mut text = String::new();
    write(tokens.to_token_stream(), &mut text);
    text
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut word_before = false;
    for token in tokens {
        let is_word = matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_));
        if is_word && word_before {
            text.push(' ');
        }
        word_before = is_word;
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(mark) => match mark.as_char() {
                ',' | ';' => text.extend([mark.as_char(), ' ']),
                '=' | '+' => text.extend([' ', mark.as_char(), ' ']),
                other => text.push(other),
            },
            word => text.push_str(&word.to_string()),
        }
    }
}

/// The tokens with `Self` replaced by the name of the type it stands for: the generated items are
/// outside the type's own `impl`.
pub(crate) fn without_self(tokens: TokenStream, name: &Ident) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(word) if word == "Self" => {
            TokenTree::Ident(Ident::new(&name.to_string(), word.span()))
        }
        TokenTree::Group(group) => {
            let stream = without_self(group.stream(), name);
            let mut replaced = proc_macro2::Group::new(group.delimiter(), stream);
            replaced.set_span(group.span());
            TokenTree::Group(replaced)
        }
        other => other,
    };
    tokens.into_iter().map(replace).collect()
}

/// Why values of this type cannot cross servers, as far as can be seen from how it is written, and
/// what to write instead.
pub(crate) fn why_not_by_value(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => {
            let owned = match &*reference.elem {
                Type::Slice(slice) => format!("Vec<{}>", text(&slice.elem)),
                Type::Path(path) if path.path.is_ident("str") => "String".into(),
                other => text(other),
            };
            Some(format!("`{}` borrows: write `{owned}`", text(ty)))
        }
        Type::ImplTrait(_) | Type::TraitObject(_) => {
            Some(format!("`{}` has no form in bytes: name a type", text(ty)))
        }
        Type::Ptr(_) | Type::FnPtr(_) | Type::Never(_) | Type::Infer(_) => {
            Some(format!("`{}` has no form in bytes", text(ty)))
        }
        _ if borrows(ty.to_token_stream()) => Some(format!(
            "`{}` borrows: write a type that owns its data",
            text(ty)
        )),
        _ => None,
    }
}

fn borrows(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        let found = match token {
            TokenTree::Group(group) => borrows(group.stream()),
            TokenTree::Punct(mark) if mark.as_char() == '&' => true,
            TokenTree::Punct(mark)
                if mark.as_char() == '\'' && mark.spacing() == Spacing::Joint =>
            {
                tokens
                    .next()
                    .is_some_and(|name| name.to_string() != "static")
            }
            _ => false,
        };
        if found {
            return true;
        }
    }
    false
}

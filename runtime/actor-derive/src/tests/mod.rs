//! What the macros write, and what they say about mistakes.

mod actor;
mod functions;
mod mistakes;

use proc_macro2::TokenStream;

/// What `#[derive(Actor)]` writes for this struct.
fn derive(source: &str) -> String {
    written(crate::actor::expand(parse(source)), source)
}

/// What `#[functions]` writes for this block, besides the block.
fn functions(source: &str) -> String {
    written(
        crate::functions::expand(&TokenStream::new(), parse(source)),
        source,
    )
}

/// The expansion as rustfmt would lay it out, or the mistakes as the compiler would show them.
fn written(expansion: syn::Result<TokenStream>, source: &str) -> String {
    let file = expansion.and_then(syn::parse2);
    match file {
        Ok(file) => prettyplease::unparse(&file),
        Err(mistakes) => mistakes
            .into_iter()
            .map(|mistake| shown(&mistake, source))
            .collect(),
    }
}

fn shown(mistake: &syn::Error, source: &str) -> String {
    let (start, end) = (mistake.span().start(), mistake.span().end());
    let line = source.lines().nth(start.line - 1).unwrap_or_default();
    let end = if end.line == start.line {
        end.column
    } else {
        line.len()
    };
    let marks = "^".repeat(end.saturating_sub(start.column).max(1));
    format!(
        "{line}\n{}{marks}\nerror: {mistake}\n\n",
        " ".repeat(start.column)
    )
}

fn parse(source: &str) -> TokenStream {
    match source.parse() {
        Ok(tokens) => tokens,
        Err(error) => panic!("not even tokens: {error}"),
    }
}

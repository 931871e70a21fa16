//! Search for what the files of a workspace declare.

use std::sync::Arc;

use crate::Place;
use crate::document_symbols::{DocumentSymbol, SymbolKind};

/// Most symbols that a search gives.
pub const SYMBOLS_MAX: usize = 512;

/// Something that a file declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    /// How it is called.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// What it belongs to: the actor type of a member.
    pub container: Option<String>,
    /// Its name in the text.
    pub place: Place,
}

/// The declarations whose names hold the letters of the query in their order, the best first; all of
/// them for an empty query.
pub fn workspace_symbols<'f>(
    query: &str,
    files: impl IntoIterator<Item = (&'f Arc<str>, &'f [DocumentSymbol])>,
) -> Vec<WorkspaceSymbol> {
    let mut found = Vec::new();
    for (file, symbols) in files {
        for symbol in symbols {
            search(query, file, symbol, None, &mut found);
        }
    }
    found.sort_by(|(a, left), (b, right)| {
        let by_name = || left.name.len().cmp(&right.name.len());
        let by_place = || (&left.name, &left.place).cmp(&(&right.name, &right.place));
        a.cmp(b).then_with(by_name).then_with(by_place)
    });
    found.truncate(SYMBOLS_MAX);
    found.into_iter().map(|(_, symbol)| symbol).collect()
}

fn search(
    query: &str,
    file: &Arc<str>,
    symbol: &DocumentSymbol,
    container: Option<&str>,
    found: &mut Vec<(Fit, WorkspaceSymbol)>,
) {
    if let Some(fit) = fit(query, &symbol.name).filter(|_| is_declaration(symbol)) {
        let symbol = WorkspaceSymbol {
            name: symbol.name.clone(),
            kind: symbol.kind,
            container: container.map(str::to_owned),
            place: Place {
                file: Arc::clone(file),
                start: symbol.selection.start,
                end: symbol.selection.end,
            },
        };
        found.push((fit, symbol));
    }
    for child in &symbol.children {
        search(query, file, child, Some(&symbol.name), found);
    }
}

fn is_declaration(symbol: &DocumentSymbol) -> bool {
    let is_named = match symbol.kind {
        SymbolKind::Rule => !symbol.name.starts_with('#'),
        SymbolKind::Actor
        | SymbolKind::Property
        | SymbolKind::Function
        | SymbolKind::Param
        | SymbolKind::Definition
        | SymbolKind::Test => true,
        _ => false,
    };
    is_named && !symbol.name.is_empty()
}

/// How well a name fits, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Beginning,
    Part,
    Letters,
}

fn fit(query: &str, name: &str) -> Option<Fit> {
    let (query, name) = (query.to_lowercase(), name.to_lowercase());
    if name == query {
        return Some(Fit::Whole);
    }
    if name.starts_with(&query) {
        return Some(Fit::Beginning);
    }
    if name.contains(&query) {
        return Some(Fit::Part);
    }
    let mut letters = name.chars();
    let holds = query.chars().all(|c| letters.any(|letter| letter == c));
    holds.then_some(Fit::Letters)
}

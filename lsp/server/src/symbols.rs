//! Requests about what documents declare.

use crate::convert::symbol_kind;
use crate::lsp_types::{
    BaseSymbolInformation, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location,
    SymbolInformation, Uri, WorkspaceSymbol, WorkspaceSymbolLocation, WorkspaceSymbolParams,
};
use crate::position::Lines;
use crate::session::Session;

/// The outline of a document; flat for an editor that knows no other.
pub(crate) fn document_symbol(
    session: &mut Session,
    params: DocumentSymbolParams,
) -> Option<DocumentSymbolResponse> {
    let uri = params.text_document.uri;
    let client = session.client();
    let analysis = session.analysis(&uri)?;
    let lines = Lines::of(analysis, client.encoding);
    let symbols = plasma_ide::document_symbols(analysis);
    if client.takes_outlines {
        let outline = symbols.iter().map(|symbol| outline(&lines, symbol));
        return Some(DocumentSymbolResponse::DocumentSymbolList(
            outline.collect(),
        ));
    }
    let mut list = Vec::new();
    for symbol in &symbols {
        add_flat(&uri, &lines, symbol, None, &mut list);
    }
    Some(DocumentSymbolResponse::SymbolInformationList(list))
}

fn outline(lines: &Lines<'_>, symbol: &plasma_ide::DocumentSymbol) -> DocumentSymbol {
    let children = symbol.children.iter().map(|child| outline(lines, child));
    let children: Vec<_> = children.collect();
    DocumentSymbol::new(
        shown_name(symbol),
        Some(symbol.kind.word().to_owned()),
        symbol_kind(symbol.kind),
        None,
        None,
        lines.range(symbol.whole),
        lines.range(symbol.selection),
        (!children.is_empty()).then_some(children),
    )
}

/// The protocol allows no empty name.
fn shown_name(symbol: &plasma_ide::DocumentSymbol) -> String {
    match symbol.name.trim().is_empty() {
        true => symbol.kind.word().to_owned(),
        false => symbol.name.clone(),
    }
}

fn add_flat(
    uri: &Uri,
    lines: &Lines<'_>,
    symbol: &plasma_ide::DocumentSymbol,
    container: Option<&str>,
    list: &mut Vec<SymbolInformation>,
) {
    let location = Location {
        uri: uri.clone(),
        range: lines.range(symbol.whole),
    };
    let base = BaseSymbolInformation {
        name: shown_name(symbol),
        kind: symbol_kind(symbol.kind),
        container_name: container.map(str::to_owned),
        tags: None,
    };
    list.push(SymbolInformation::new(None, location, base));
    for child in &symbol.children {
        add_flat(uri, lines, child, Some(&symbol.name), list);
    }
}

/// The declarations in all files that fit a query.
pub(crate) fn workspace_symbol(
    session: &mut Session,
    params: WorkspaceSymbolParams,
) -> Vec<WorkspaceSymbol> {
    let files = session.symbols();
    let files = files.iter().map(|(name, symbols)| (name, &**symbols));
    let found = plasma_ide::workspace_symbols(&params.query, files);
    let symbols = found.into_iter().filter_map(|symbol| {
        let location = session.locations([&symbol.place]).pop()?;
        Some(WorkspaceSymbol {
            location: WorkspaceSymbolLocation::Location(location),
            data: None,
            base_symbol_information: BaseSymbolInformation {
                name: symbol.name,
                kind: symbol_kind(symbol.kind),
                container_name: symbol.container,
                tags: None,
            },
        })
    });
    symbols.collect()
}

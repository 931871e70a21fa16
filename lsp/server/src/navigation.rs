//! Requests about where names lead and where else they stand.

use plasma_ide::{Analysis, Definition, Role};

use crate::lsp_types::{
    DeclarationParams, DefinitionParams, DocumentHighlight, DocumentHighlightKind,
    DocumentHighlightParams, DocumentLink, DocumentLinkParams, Location, ReferenceParams,
    TextDocumentContentParams, TextDocumentContentResult, TextDocumentPositionParams,
    TypeDefinitionParams, Uri,
};
use crate::position::Lines;
use crate::session::Session;

pub(crate) fn definition(session: &mut Session, params: DefinitionParams) -> Option<Vec<Location>> {
    let place = params.text_document_position_params;
    lead(session, &place, plasma_ide::definition)
}

/// What is declared is defined in the same place.
pub(crate) fn declaration(
    session: &mut Session,
    params: DeclarationParams,
) -> Option<Vec<Location>> {
    let place = params.text_document_position_params;
    lead(session, &place, plasma_ide::definition)
}

pub(crate) fn type_definition(
    session: &mut Session,
    params: TypeDefinitionParams,
) -> Option<Vec<Location>> {
    let place = params.text_document_position_params;
    lead(session, &place, plasma_ide::type_definition)
}

fn lead(
    session: &mut Session,
    place: &TextDocumentPositionParams,
    feature: impl Fn(&Analysis, u32) -> Option<Definition>,
) -> Option<Vec<Location>> {
    let (analysis, offset) = session.at(place)?;
    let found = feature(analysis, offset)?;
    Some(session.locations(&found.targets))
}

pub(crate) fn references(session: &mut Session, params: ReferenceParams) -> Option<Vec<Location>> {
    let place = params.text_document_position_params;
    let (analysis, offset) = session.at(&place)?;
    let word = plasma_ide::word_at(analysis, offset).to_owned();
    let name = session.name(&place.text_document.uri);
    let indexes = session.indexes(&word);
    let found = plasma_ide::references(&indexes, &name, offset)?;
    Some(session.locations(found.places(params.context.include_declaration)))
}

pub(crate) fn document_highlight(
    session: &mut Session,
    params: DocumentHighlightParams,
) -> Option<Vec<DocumentHighlight>> {
    let place = params.text_document_position_params;
    let (_, offset) = session.at(&place)?;
    let index = session.index(&place.text_document.uri)?;
    let found = plasma_ide::document_highlights(&index, offset);
    let source = session.source(&index.file)?;
    let ranges = session.ranges(&source, found.iter().map(|(place, _)| place));
    let highlights = ranges.into_iter().zip(&found);
    let highlights = highlights.map(|(range, (_, role))| DocumentHighlight {
        range,
        kind: Some(match role {
            Role::Declares | Role::Sets => DocumentHighlightKind::Write,
            Role::Uses => DocumentHighlightKind::Read,
        }),
    });
    Some(highlights.collect())
}

pub(crate) fn document_link(
    session: &mut Session,
    params: DocumentLinkParams,
) -> Option<Vec<DocumentLink>> {
    let encoding = session.client().encoding;
    let analysis = session.analysis(&params.text_document.uri)?;
    let lines = Lines::of(analysis, encoding);
    let links = plasma_ide::document_links(analysis).into_iter();
    let links: Vec<_> = links
        .map(|link| (lines.range(link.span), link.file))
        .collect();
    let shown = links.into_iter().filter_map(|(range, file)| {
        Some(DocumentLink {
            range,
            target: Some(session.source(&file)?.uri),
            tooltip: Some(file.to_string()),
            ..DocumentLink::default()
        })
    });
    Some(shown.collect())
}

/// A text that lies in no file: a module of the library.
pub(crate) fn text_document_content(
    session: &mut Session,
    params: TextDocumentContentParams,
) -> Result<TextDocumentContentResult, String> {
    let Uri(uri) = &params.uri;
    let text = session.library_text(&params.uri);
    let text = text.ok_or_else(|| format!("the library has no `{uri}`"))?;
    Ok(TextDocumentContentResult {
        text: text.to_string(),
    })
}

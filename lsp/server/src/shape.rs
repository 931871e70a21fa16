//! Requests about the shape of a document: its colours, what can be folded, what a selection grows to.

use plasma_ide::{FoldingKind, TokenKind};

use crate::lsp_types::{
    FoldingRange, FoldingRangeKind, FoldingRangeParams, SelectionRange, SelectionRangeParams,
    SemanticToken, SemanticTokens, SemanticTokensDelta, SemanticTokensDeltaParams,
    SemanticTokensDeltaResponse, SemanticTokensEdit, SemanticTokensLegend, SemanticTokensParams,
    SemanticTokensRangeParams, Uri,
};
use crate::position::Lines;
use crate::session::Session;

/// The modifiers of tokens, by bit.
const MODIFIERS: [&str; 2] = ["defaultLibrary", "readonly"];

/// What the kinds and modifiers of tokens are called.
pub(crate) fn legend() -> SemanticTokensLegend {
    let kinds = TokenKind::ALL
        .iter()
        .map(|kind| token_type(*kind).to_owned());
    SemanticTokensLegend {
        token_types: kinds.collect(),
        token_modifiers: MODIFIERS.map(str::to_owned).to_vec(),
    }
}

/// The protocol's name of a kind: those that every theme has a colour for.
fn token_type(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Keyword => "keyword",
        TokenKind::Type => "class",
        TokenKind::Property => "property",
        TokenKind::Function => "method",
        TokenKind::Variable => "variable",
        TokenKind::Argument => "parameter",
        TokenKind::Param => "enumMember",
        TokenKind::Definition => "function",
        TokenKind::Rule => "event",
        TokenKind::Module => "namespace",
        TokenKind::Number => "number",
        TokenKind::Text => "string",
        TokenKind::Comment => "comment",
        TokenKind::Operator => "operator",
    }
}

/// The tokens of a document, or of a part of it, each told by its distance from the one before.
fn tokens(
    session: &mut Session,
    uri: &Uri,
    part: Option<crate::lsp_types::Range>,
) -> Option<Vec<SemanticToken>> {
    let encoding = session.client().encoding;
    let analysis = session.analysis(uri)?;
    let lines = Lines::of(analysis, encoding);
    let part = part.map(|part| lines.span(analysis.file(), part));
    let mut before = (0, 0);
    let mut told = Vec::new();
    for token in plasma_ide::semantic_tokens(analysis) {
        let is_meant =
            |part: plasma_ide::Span| part.start < token.span.end && token.span.start < part.end;
        if !part.is_none_or(is_meant) {
            continue;
        }
        let range = lines.range(token.span);
        let (line, character) = (range.start.line, range.start.character);
        let is_same_line = line == before.0;
        let place = TokenKind::ALL.iter().position(|kind| *kind == token.kind);
        told.push(SemanticToken {
            delta_line: line - before.0,
            delta_start: character - if is_same_line { before.1 } else { 0 },
            length: range.end.character - character,
            token_type: place.unwrap_or_default() as u32,
            token_modifiers_bitset: u32::from(token.is_of_language)
                | u32::from(token.is_readonly) << 1,
        });
        before = (line, character);
    }
    Some(told)
}

pub(crate) fn semantic_tokens(
    session: &mut Session,
    params: SemanticTokensParams,
) -> Option<SemanticTokens> {
    let uri = params.text_document.uri;
    let data = tokens(session, &uri, None)?;
    let result_id = session.keep_tokens(&uri, data.clone());
    Some(SemanticTokens { result_id, data })
}

pub(crate) fn semantic_tokens_range(
    session: &mut Session,
    params: SemanticTokensRangeParams,
) -> Option<SemanticTokens> {
    let data = tokens(session, &params.text_document.uri, Some(params.range))?;
    Some(SemanticTokens {
        result_id: None,
        data,
    })
}

/// What changed since the tokens that the editor has; all of them if those are not known any more.
pub(crate) fn semantic_tokens_delta(
    session: &mut Session,
    params: SemanticTokensDeltaParams,
) -> Option<SemanticTokensDeltaResponse> {
    let uri = params.text_document.uri;
    let data = tokens(session, &uri, None)?;
    let known = session.known_tokens(&uri, &params.previous_result_id);
    let edit = known.map(|known| difference(known, &data));
    let result_id = session.keep_tokens(&uri, data.clone());
    Some(match edit {
        Some(edit) => SemanticTokensDeltaResponse::SemanticTokensDelta(SemanticTokensDelta {
            result_id,
            edits: edit.into_iter().collect(),
        }),
        None => SemanticTokensDeltaResponse::SemanticTokens(SemanticTokens { result_id, data }),
    })
}

/// The one edit that makes some tokens of others, in the protocol's numbers: five a token.
fn difference(old: &[SemanticToken], new: &[SemanticToken]) -> Option<SemanticTokensEdit> {
    let pairs = old.iter().zip(new);
    let same = pairs.take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[same..], &new[same..]);
    let pairs = old.iter().rev().zip(new.iter().rev());
    let same_behind = pairs.take_while(|(old, new)| old == new).count();
    let (deleted, added) = (old.len() - same_behind, &new[..new.len() - same_behind]);
    if deleted == 0 && added.is_empty() {
        return None;
    }
    let numbers = added.iter().flat_map(|token| {
        let SemanticToken {
            delta_line,
            delta_start,
            length,
            token_type,
            token_modifiers_bitset,
        } = *token;
        [
            delta_line,
            delta_start,
            length,
            token_type,
            token_modifiers_bitset,
        ]
    });
    Some(SemanticTokensEdit {
        start: 5 * same as u32,
        delete_count: 5 * deleted as u32,
        data: Some(numbers.collect()),
    })
}

pub(crate) fn folding_range(
    session: &mut Session,
    params: FoldingRangeParams,
) -> Option<Vec<FoldingRange>> {
    let encoding = session.client().encoding;
    let analysis = session.analysis(&params.text_document.uri)?;
    let lines = Lines::of(analysis, encoding);
    let ranges = plasma_ide::folding_ranges(analysis).into_iter();
    let ranges = ranges.map(|folded| {
        let range = lines.range(folded.span);
        FoldingRange {
            start_line: range.start.line,
            end_line: range.end.line,
            kind: Some(match folded.kind {
                FoldingKind::Region => FoldingRangeKind::Region,
                FoldingKind::Comment => FoldingRangeKind::Comment,
                FoldingKind::Imports => FoldingRangeKind::Imports,
            }),
            ..FoldingRange::default()
        }
    });
    Some(ranges.collect())
}

pub(crate) fn selection_range(
    session: &mut Session,
    params: SelectionRangeParams,
) -> Option<Vec<SelectionRange>> {
    let encoding = session.client().encoding;
    let analysis = session.analysis(&params.text_document.uri)?;
    let lines = Lines::of(analysis, encoding);
    let grown = params.positions.iter().map(|position| {
        let offset = lines.offset(*position) as u32;
        let spans = plasma_ide::selection_ranges(analysis, offset);
        let widest_first = spans.iter().rev();
        let grown = widest_first.fold(None, |parent, span| {
            Some(Box::new(SelectionRange {
                range: lines.range(*span),
                parent,
            }))
        });
        // There is always the whole document.
        grown.map_or_else(SelectionRange::default, |grown| *grown)
    });
    Some(grown.collect())
}

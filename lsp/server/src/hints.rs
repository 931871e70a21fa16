//! Signature help and inlay hints.

use crate::client::Client;
use crate::convert::markdown;
use crate::lsp_types::{
    ActiveParameter, Documentation, InlayHint, InlayHintKind, InlayHintParams, Label,
    ParameterInformation, ParameterInformationLabel, SignatureHelp, SignatureHelpParams,
    SignatureInformation, TextEdit, Tooltip,
};
use crate::position::{Encoding, Lines};
use crate::session::Session;

/// `textDocument/signatureHelp`
pub(crate) fn signature_help(
    session: &mut Session,
    params: SignatureHelpParams,
) -> Option<SignatureHelp> {
    let client = session.client();
    let (analysis, offset) = session.at(&params.text_document_position_params)?;
    let help = plasma_ide::signature_help(analysis, offset)?;
    let parameters = help.parameters.iter().map(|bytes| ParameterInformation {
        label: ParameterInformationLabel::Tuple((
            units(&help.label, bytes.start, client),
            units(&help.label, bytes.end, client),
        )),
        documentation: None,
    });
    let active = help.active.and_then(|place| u32::try_from(place).ok());
    // Editors without `null` mark nothing where the number is too great.
    let beyond = u32::try_from(help.parameters.len()).unwrap_or(u32::MAX);
    Some(SignatureHelp {
        signatures: vec![SignatureInformation {
            parameters: Some(parameters.collect()),
            documentation: Some(Documentation::MarkupContent(markdown(help.docs))),
            active_parameter: Some(ActiveParameter::Int(active.unwrap_or(beyond))),
            label: help.label,
        }],
        active_signature: Some(0),
        active_parameter: Some(ActiveParameter::Int(active.unwrap_or(beyond))),
    })
}

/// So many units of the editor's counting are the first bytes of a label.
fn units(label: &str, bytes: usize, client: Client) -> u32 {
    let before = label.get(..bytes).unwrap_or(label);
    let units = match client.encoding {
        Encoding::Utf8 => before.len(),
        Encoding::Utf16 => before.encode_utf16().count(),
    };
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// `textDocument/inlayHint`
pub(crate) fn inlay_hint(session: &mut Session, params: InlayHintParams) -> Option<Vec<InlayHint>> {
    let uri = params.text_document.uri;
    let client = session.client();
    session.analysis(&uri)?;
    let (analysis, attached) = session.beside(&uri)?;
    let lines = Lines::of(analysis, client.encoding);
    let within = lines.span(analysis.file(), params.range);
    let mut hints = plasma_ide::inlay_hints(analysis, within);
    if let Some(attached) = attached {
        hints.extend(plasma_ide::value_hints(analysis, within, attached));
        hints.sort_by_key(|hint| (hint.offset, hint.kind));
    }
    hints.retain(|hint| session.settings().shows_hint(hint.kind));
    Some(
        hints
            .into_iter()
            .map(|hint| converted(&lines, hint))
            .collect(),
    )
}

fn converted(lines: &Lines<'_>, hint: plasma_ide::InlayHint) -> InlayHint {
    let position = lines.position(hint.offset as usize);
    let is_parameter = hint.kind == plasma_ide::HintKind::Parameter;
    let kind = match is_parameter {
        true => InlayHintKind::Parameter,
        false => InlayHintKind::Type,
    };
    // What may be typed as it stands is typed at a double click.
    let edits = hint.is_source.then(|| {
        vec![TextEdit {
            range: crate::lsp_types::Range {
                start: position,
                end: position,
            },
            new_text: hint.label.clone(),
        }]
    });
    let (label, is_padded_left) = match hint.label.strip_prefix(' ') {
        Some(label) => (label.to_owned(), true),
        None => (hint.label.clone(), false),
    };
    let (label, is_padded_right) = match label.strip_suffix(' ') {
        Some(label) => (label.to_owned(), true),
        None => (label, false),
    };
    let tooltip = (!hint.docs.is_empty()).then(|| Tooltip::MarkupContent(markdown(hint.docs)));
    InlayHint {
        position,
        label: Label::String(label),
        kind: Some(kind),
        text_edits: edits,
        tooltip,
        padding_left: Some(is_padded_left),
        padding_right: Some(is_padded_right),
        data: None,
    }
}

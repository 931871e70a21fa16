//! Requests to change a name.

use crate::lsp_types::{
    DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, PrepareRenameParams,
    PrepareRenamePlaceholder, RenameParams, TextDocumentEdit, TextDocumentIdentifier, TextEdit,
    WorkspaceEdit,
};
use crate::session::Session;

pub(crate) fn prepare_rename(
    session: &mut Session,
    params: PrepareRenameParams,
) -> Result<Option<PrepareRenamePlaceholder>, String> {
    let place = params.text_document_position_params;
    let Some((analysis, offset)) = session.at(&place) else {
        return Ok(None);
    };
    let word = plasma_ide::word_at(analysis, offset).to_owned();
    let indexes = session.indexes(&word);
    let Some((analysis, offset)) = session.at(&place) else {
        return Ok(None);
    };
    let Some(found) = plasma_ide::prepare_rename(analysis, &indexes, offset)? else {
        return Ok(None);
    };
    let source = session.source(&found.place.file);
    let range = source.and_then(|source| session.ranges(&source, [&found.place]).pop());
    Ok(range.map(|range| PrepareRenamePlaceholder {
        range,
        placeholder: found.name.to_string(),
    }))
}

pub(crate) fn rename(session: &mut Session, params: RenameParams) -> Result<WorkspaceEdit, String> {
    let place = params.text_document_position_params;
    let uri = &place.text_document.uri;
    let not_open = || "the document is not open".to_owned();
    let (analysis, offset) = session.at(&place).ok_or_else(not_open)?;
    let word = plasma_ide::word_at(analysis, offset).to_owned();
    let indexes = session.indexes(&word);
    let session = &*session;
    let analysis = session.known_analysis(uri).ok_or_else(not_open)?;
    let new_name = params.new_name.trim();
    let mut again = |name: &str, renaming: &_| session.index_after(name, renaming);
    let renaming = plasma_ide::rename(analysis, &indexes, offset, new_name, &mut again)?;
    let mut changes = Vec::new();
    for (file, places) in renaming.places() {
        let source = session.source(file);
        let source = source.ok_or_else(|| format!("`{file}` cannot be read"))?;
        let edits = session.ranges(&source, places).into_iter();
        let edits = edits.map(|range| TextEdit {
            range,
            new_text: renaming.new_name.clone(),
        });
        changes.push((source, edits.collect::<Vec<_>>()));
    }
    if !session.client().takes_document_changes {
        let changes = changes
            .into_iter()
            .map(|(source, edits)| (source.uri, edits));
        return Ok(WorkspaceEdit {
            changes: Some(changes.collect()),
            ..WorkspaceEdit::default()
        });
    }
    let changes = changes.into_iter().map(|(source, edits)| {
        DocumentChange::TextDocumentEdit(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                version: source.version,
                text_document_identifier: TextDocumentIdentifier { uri: source.uri },
            },
            edits: edits.into_iter().map(Edit::TextEdit).collect(),
        })
    });
    Ok(WorkspaceEdit {
        document_changes: Some(changes.collect()),
        ..WorkspaceEdit::default()
    })
}

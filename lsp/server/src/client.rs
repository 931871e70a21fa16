//! What the editor can do.

use serde_json::Value;

use crate::lsp_types::{ClientCapabilities, PositionEncodingKind};
use crate::position::Encoding;

/// What the editor can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    /// How it counts characters: the best that it offers.
    pub(crate) encoding: Encoding,
    /// Whether it can insert snippets.
    pub(crate) takes_snippets: bool,
    /// Whether it takes fixes as they are, and not only as names of commands.
    pub(crate) takes_code_actions: bool,
    /// Whether it takes outlines with parts in them.
    pub(crate) takes_outlines: bool,
    /// Whether it asks what can be renamed before it asks for a name.
    pub(crate) prepares_renames: bool,
    /// Whether it takes changes of several documents with the numbers of their texts.
    pub(crate) takes_document_changes: bool,
    /// Whether it can have several folders open, and tells when they change.
    pub(crate) has_folders: bool,
    /// Whether it asks for texts that lie in no file.
    pub(crate) shows_texts: bool,
    /// Whether it can be asked to tell of files that change on disk.
    pub(crate) watches_files: bool,
    /// Whether it asks for diagnostics: then they are not sent unasked.
    pub(crate) pulls_diagnostics: bool,
    /// Whether it can be had to ask for diagnostics again.
    pub(crate) refreshes_diagnostics: bool,
    /// Whether it can be had to ask for inlay hints again.
    pub(crate) refreshes_hints: bool,
    /// Whether it can be had to ask for code lenses again.
    pub(crate) refreshes_lenses: bool,
    /// Whether it can be asked for the user's settings.
    pub(crate) has_settings: bool,
    /// Whether it can be asked to tell when these change.
    pub(crate) watches_settings: bool,
    /// Whether it shows that something goes on.
    pub(crate) shows_progress: bool,
    /// Whether it shows the results of commands itself.
    pub(crate) shows_results: bool,
    /// Whether it wants to know of the attached cluster.
    pub(crate) wants_status: bool,
}

impl Client {
    /// What an editor says of itself.
    /// `options` are those of this server: `showsResults`, `status`.
    pub(crate) fn new(capabilities: &ClientCapabilities, options: &Value) -> Client {
        let general = capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref());
        let encoding = if offered.unwrap_or(&[]).contains(&PositionEncodingKind::UTF8) {
            Encoding::Utf8
        } else {
            Encoding::Utf16
        };
        let document = capabilities.text_document.as_ref();
        let completion = document.and_then(|document| document.completion.as_ref());
        let item = completion.and_then(|completion| completion.completion_item.as_ref());
        let action = document.and_then(|document| document.code_action.as_ref());
        let outline = document.and_then(|document| document.document_symbol.as_ref());
        let rename = document.and_then(|document| document.rename.as_ref());
        let window = capabilities.window.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let edit = workspace.and_then(|w| w.workspace_edit.as_ref());
        let watching = workspace.and_then(|w| w.did_change_watched_files.as_ref());
        Client {
            encoding,
            takes_snippets: item.and_then(|item| item.snippet_support).unwrap_or(false),
            takes_code_actions: action.is_some_and(|a| a.code_action_literal_support.is_some()),
            takes_outlines: outline
                .and_then(|o| o.hierarchical_document_symbol_support)
                .unwrap_or(false),
            prepares_renames: rename.and_then(|r| r.prepare_support).unwrap_or(false),
            takes_document_changes: edit.and_then(|e| e.document_changes).unwrap_or(false),
            has_folders: workspace.and_then(|w| w.workspace_folders).unwrap_or(false),
            shows_texts: workspace.is_some_and(|w| w.text_document_content.is_some()),
            watches_files: watching
                .and_then(|w| w.dynamic_registration)
                .unwrap_or(false),
            pulls_diagnostics: document.is_some_and(|document| document.diagnostic.is_some()),
            refreshes_diagnostics: workspace
                .and_then(|w| w.diagnostics.as_ref()?.refresh_support)
                .unwrap_or(false),
            refreshes_hints: workspace
                .and_then(|w| w.inlay_hint.as_ref()?.refresh_support)
                .unwrap_or(false),
            refreshes_lenses: workspace
                .and_then(|w| w.code_lens.as_ref()?.refresh_support)
                .unwrap_or(false),
            has_settings: workspace.and_then(|w| w.configuration).unwrap_or(false),
            watches_settings: workspace
                .and_then(|w| w.did_change_configuration.as_ref()?.dynamic_registration)
                .unwrap_or(false),
            shows_progress: window.and_then(|w| w.work_done_progress).unwrap_or(false),
            shows_results: options["showsResults"] == true,
            wants_status: options["status"] == true,
        }
    }
}

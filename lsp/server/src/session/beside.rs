//! The clusters beside the open documents, and what the user has set about them.

use std::path::Path;

use plasma_ide::{Analysis, Attached};
use plasma_scenario::project::Attachment;
use serde_json::{Value, json};

use super::Session;
use crate::attached::{Found, State, Update};
use crate::lsp_types::Uri;
use crate::outbox::{Outbox, Weight};
use crate::settings::Settings;

/// The cluster beside a document.
#[derive(Debug)]
pub(crate) struct Beside {
    attachment: Attachment,
    /// What there is to see, or why nothing is.
    attached: Result<Attached, String>,
    state: State,
    message: Option<String>,
}

impl Session {
    /// What the user has set.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What there is to say to the editor.
    pub(crate) fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// What is found out about clusters, as it comes.
    pub(crate) fn updates(&self) -> &crossbeam_channel::Receiver<Update> {
        self.desk.updates()
    }

    /// Takes in the settings as the editor sends them.
    pub(crate) fn set(&mut self, sent: &Value) {
        let (settings, mistakes) = Settings::read(sent);
        for mistake in mistakes {
            self.outbox.show(Weight::Warning, &mistake);
        }
        if settings != self.settings {
            self.settings = settings;
            self.refresh();
        }
    }

    /// The analysis of an open document as far as it is known, and its cluster if it has one.
    pub(crate) fn beside(&self, uri: &Uri) -> Option<(&Analysis, Option<&Attached>)> {
        let document = self.documents.get(&uri.0)?;
        let beside = document.beside.as_ref();
        let attached = beside.and_then(|beside| beside.attached.as_ref().ok());
        Some((document.analysis.as_ref()?, attached))
    }

    /// Has the policies that are open followed in their clusters.
    pub(crate) fn follow(&mut self) {
        let root = self.workspace.roots().first().cloned();
        for (uri, document) in &mut self.documents {
            let Some(analysis) = &document.analysis else {
                continue;
            };
            let folder = document.path.as_deref().and_then(Path::parent);
            let folder = root.as_deref().or(folder).unwrap_or(Path::new(""));
            let set = self.settings.attach.as_deref();
            let set = set.map(|text| Attachment::new(text, folder));
            let attachment = set.or_else(|| document.attachment.clone());
            let Some(attachment) = attachment else {
                if document.beside.take().is_some() {
                    self.outbox.status(Value::Null);
                }
                self.desk.leave(uri);
                continue;
            };
            // With mistakes it decides nothing; what was found of the text before stays.
            if !analysis.checked().has_errors() {
                let program = &analysis.checked().program;
                self.desk.follow(uri, attachment, (document.stamp, program));
            }
        }
    }

    /// Takes in what was found out about a cluster.
    pub(crate) fn take_update(&mut self, update: Update) {
        match update {
            Update::Doing(text) if self.client.shows_progress => self.outbox.doing(&text),
            Update::Doing(_) => {}
            Update::Found(found) => self.found(*found),
        }
    }

    fn found(&mut self, found: Found) {
        // It may have been found for a cluster that the document had before.
        if !self.desk.follows(&found.uri, &found.attachment) {
            return;
        }
        let Some(document) = self.documents.get_mut(&found.uri) else {
            return;
        };
        let beside = Beside {
            attachment: found.attachment,
            attached: found.attached,
            state: found.state,
            message: found.message,
        };
        let told = beside.problem();
        let is_news = told.is_some() && document.beside.as_ref().and_then(Beside::problem) != told;
        if let Some(problem) = told.filter(|_| is_news) {
            self.outbox.log(Weight::Warning, &problem);
        }
        if self.client.wants_status {
            self.outbox.status(beside.status());
        }
        document.beside = Some(beside);
        self.refresh();
    }

    /// Has the editor ask again for what depends on clusters and settings.
    fn refresh(&mut self) {
        if self.client.refreshes_hints {
            self.outbox.refresh("workspace/inlayHint/refresh");
        }
        if self.client.refreshes_lenses {
            self.outbox.refresh("workspace/codeLens/refresh");
        }
    }

    /// Shows what a command has done, to an editor that does not show it itself.
    pub(crate) fn show(&mut self, done: &Value) {
        if self.client.shows_results {
            return;
        }
        for (key, is_line) in [("text", false), ("summary", true)] {
            match (done[key].as_str(), is_line) {
                (Some(line), true) => self.outbox.show(Weight::Info, line),
                (Some(text), false) => self.outbox.log(Weight::Log, text),
                (None, _) => {}
            }
        }
    }
}

impl Beside {
    /// What is wrong with it, for people.
    fn problem(&self) -> Option<String> {
        let reason = match (&self.attached, &self.message) {
            (Err(reason), _) | (Ok(_), Some(reason)) => reason,
            (Ok(_), None) => return None,
        };
        Some(format!("attached cluster {}: {reason}", self.attachment))
    }

    /// What the editor's status says of it.
    fn status(&self) -> Value {
        let mut status = json!({"name": self.attachment.name(), "state": self.state.word()});
        if let Attachment::File(path) = &self.attachment {
            status["path"] = json!(path.display().to_string());
        }
        if let Ok(attached) = &self.attached {
            status["t"] = json!(attached.t_seconds());
            status["servers"] = json!(attached.servers());
            status["actors"] = json!(attached.actors());
        } else {
            status["state"] = json!(State::Lost.word());
        }
        if let Some(problem) = self.problem() {
            status["message"] = json!(problem);
        }
        status
    }
}

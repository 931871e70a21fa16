//! What the server has to say or to ask without being asked.

use lsp_server::{Message, Notification, Request};
use serde_json::{Value, json};

use crate::settings::SECTION;
use crate::watch;

/// The number of the request for the settings.
const SETTINGS: &str = "plasma-settings";

/// What the work of replaying is called.
const PROGRESS: &str = "plasma-replay";

/// `MessageType` of the protocol.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Weight {
    Warning = 2,
    Info = 3,
    Log = 4,
}

/// What is to be sent, in order.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    messages: Vec<Message>,
    asked: u64,
    /// Whether the editor shows that something goes on.
    is_doing: bool,
}

impl Outbox {
    /// What there is; then there is nothing.
    pub(crate) fn take(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.messages)
    }

    fn tell(&mut self, method: &str, params: Value) {
        let notification = Notification::new(method.to_owned(), params);
        self.messages.push(notification.into());
    }

    fn ask(&mut self, id: String, method: &str, params: Value) {
        let request = Request::new(id.into(), method.to_owned(), params);
        self.messages.push(request.into());
    }

    /// Asks to be told of files that change.
    pub(crate) fn watch_files(&mut self) {
        self.messages.push(watch::registration().into());
    }

    /// Asks for the settings.
    pub(crate) fn ask_settings(&mut self) {
        let items = json!({"items": [{"section": SECTION}]});
        self.ask(SETTINGS.to_owned(), "workspace/configuration", items);
    }

    /// Whether an answer is the one about the settings.
    pub(crate) fn is_about_settings(id: &lsp_server::RequestId) -> bool {
        *id == SETTINGS.to_owned().into()
    }

    /// Asks to be told when the settings change.
    pub(crate) fn watch_settings(&mut self) {
        let registration = json!({
            "id": SETTINGS,
            "method": "workspace/didChangeConfiguration",
            "registerOptions": {"section": SECTION},
        });
        let registrations = json!({"registrations": [registration]});
        let id = format!("{SETTINGS}-watch");
        self.ask(id, "client/registerCapability", registrations);
    }

    /// Has the editor ask again for what it shows: `workspace/codeLens/refresh`.
    pub(crate) fn refresh(&mut self, method: &str) {
        let is_asked = self.messages.iter().any(
            |message| matches!(message, Message::Request(request) if request.method == method),
        );
        if !is_asked {
            self.asked += 1;
            self.ask(
                format!("plasma-refresh-{}", self.asked),
                method,
                Value::Null,
            );
        }
    }

    /// Shows a line.
    pub(crate) fn show(&mut self, weight: Weight, line: &str) {
        let params = json!({"type": weight as u32, "message": line});
        self.tell("window/showMessage", params);
    }

    /// Logs some lines.
    pub(crate) fn log(&mut self, weight: Weight, text: &str) {
        let params = json!({"type": weight as u32, "message": text});
        self.tell("window/logMessage", params);
    }

    /// Tells of the cluster that is looked at.
    pub(crate) fn status(&mut self, attached: Value) {
        self.tell("plasma/status", json!({"attached": attached}));
    }

    /// Tells that something goes on, and how far it is; an empty text is its end.
    pub(crate) fn doing(&mut self, text: &str) {
        let value = match (self.is_doing, text) {
            (false, "") => return,
            (true, "") => json!({"kind": "end"}),
            (true, text) => json!({"kind": "report", "message": text}),
            (false, text) => {
                let token = json!({"token": PROGRESS});
                let id = format!("{PROGRESS}-create");
                self.ask(id, "window/workDoneProgress/create", token);
                json!({"kind": "begin", "title": "plasma: replaying", "message": text})
            }
        };
        self.is_doing = !text.is_empty();
        self.tell("$/progress", json!({"token": PROGRESS, "value": value}));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn methods(outbox: &mut Outbox) -> Vec<String> {
        let messages = outbox.take().into_iter();
        let methods = messages.map(|message| match message {
            Message::Request(request) => request.method,
            Message::Notification(notification) => notification.method,
            Message::Response(_) => String::new(),
        });
        methods.collect()
    }

    #[test]
    fn what_is_to_be_asked_again_is_said_once() {
        let mut outbox = Outbox::default();
        outbox.refresh("workspace/codeLens/refresh");
        outbox.refresh("workspace/codeLens/refresh");
        outbox.refresh("workspace/inlayHint/refresh");
        let expected = ["workspace/codeLens/refresh", "workspace/inlayHint/refresh"];
        assert_eq!(methods(&mut outbox), expected);
    }

    #[test]
    fn what_goes_on_begins_once_and_ends() {
        let mut outbox = Outbox::default();
        outbox.doing("");
        assert_eq!(methods(&mut outbox), Vec::<String>::new());
        outbox.doing("1");
        outbox.doing("2");
        outbox.doing("");
        let kinds: Vec<Value> = outbox
            .take()
            .into_iter()
            .filter_map(|message| match message {
                Message::Notification(progress) => Some(progress.params["value"]["kind"].clone()),
                _ => None,
            })
            .collect();
        assert_eq!(kinds, ["begin", "report", "end"]);
    }
}

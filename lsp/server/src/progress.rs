//! Progress of a request, for editors that ask for it: a request about the whole workspace may read many files.

use lsp_server::{Connection, Notification, Request};
use serde_json::{Value, json};

use crate::error::ServerError;

/// The requests whose progress is told: those about all files.
pub(crate) const TOLD: [(&str, &str); 3] = [
    ("textDocument/references", "looking for references"),
    ("textDocument/rename", "renaming"),
    ("workspace/symbol", "looking for symbols"),
];

/// Progress of a request.
pub(crate) struct Progress(Option<(Value, &'static str)>);

impl Progress {
    /// That of a request; of none, if nobody asks for it.
    pub(crate) fn of(request: &Request) -> Progress {
        let told = TOLD.iter().find(|(method, _)| *method == request.method);
        let token = request.params.get("workDoneToken");
        Progress(
            told.zip(token)
                .map(|((_, title), token)| (token.clone(), *title)),
        )
    }

    /// Tells that it begins.
    pub(crate) fn begin(&self, connection: &Connection) -> Result<(), ServerError> {
        self.tell(connection, |title| json!({"kind": "begin", "title": title}))
    }

    /// Tells that it has ended.
    pub(crate) fn end(&self, connection: &Connection) -> Result<(), ServerError> {
        self.tell(connection, |_| json!({"kind": "end"}))
    }

    fn tell(
        &self,
        connection: &Connection,
        value: impl Fn(&str) -> Value,
    ) -> Result<(), ServerError> {
        let Some((token, title)) = &self.0 else {
            return Ok(());
        };
        let params = json!({"token": token, "value": value(title)});
        let progress = Notification::new("$/progress".to_owned(), params);
        let sent = connection.sender.send(progress.into());
        sent.map_err(|_| ServerError::Stream(std::io::ErrorKind::BrokenPipe.into()))
    }
}

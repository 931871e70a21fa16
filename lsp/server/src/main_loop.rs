//! The connection from `initialize` to `exit`: one message after the other.

use std::io;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use plasma_scenario::ModuleFiles;
use serde_json::Value;

use crate::capabilities::initialize_result;
use crate::client::Client;
use crate::dispatch;
use crate::error::ServerError;
use crate::guard::{guarded, log};
use crate::inbox::{Inbox, Next};
use crate::lsp_types::{InitializeParams, Uri, WorkspaceFolders};
use crate::outbox::Outbox;
use crate::progress::Progress;
use crate::session::Session;

/// Serves one editor on any connection until it asks to end; `modules` are what policies can use.
///
/// # Errors
///
/// If the editor goes away without `shutdown` and `exit`.
pub fn run(connection: &Connection, modules: &ModuleFiles) -> Result<(), ServerError> {
    let mut session = initialize(connection, modules)?;
    let updates = session.updates().clone();
    let mut inbox = Inbox::new(connection.receiver.clone(), updates);
    while let Some(next) = inbox.next() {
        match next {
            Next::Cancelled(id) => send(connection, dispatch::cancelled(id).into())?,
            Next::Message(Message::Request(request)) if request.method == "shutdown" => {
                send(connection, Response::new_ok(request.id, ()).into())?;
                return wait_for_exit(connection, &mut inbox);
            }
            Next::Message(Message::Request(request)) => {
                let progress = Progress::of(&request);
                progress.begin(connection)?;
                let answer = answer(connection, &mut session, request)?;
                progress.end(connection)?;
                send(connection, answer.into())?;
            }
            Next::Message(Message::Notification(notification)) if notification.method == "exit" => {
                return Err(ServerError::ExitWithoutShutdown);
            }
            Next::Message(Message::Notification(notification)) => {
                let doing = notification.method.clone();
                let noted = guarded(&doing, || note(&mut session, notification));
                logged(connection, noted)?;
            }
            Next::Message(Message::Response(response)) => take_settings(&mut session, response),
            Next::Update(update) => session.take_update(update),
        }
        // Of changes in quick succession only the last is worth a check.
        if inbox.is_empty() {
            tell(connection, &mut session)?;
        }
        for message in session.outbox().take() {
            send(connection, message)?;
        }
    }
    Err(ServerError::Disconnected)
}

/// Tells what is wrong with the documents that changed, and has them followed in their clusters.
fn tell(connection: &Connection, session: &mut Session) -> Result<(), ServerError> {
    let doing = "textDocument/publishDiagnostics";
    let published = guarded(doing, || session.take_published());
    for published in logged(connection, published)?.unwrap_or_default() {
        send(connection, dispatch::publish(published).into())?;
    }
    session.follow();
    Ok(())
}

/// Takes note of a notification.
fn note(session: &mut Session, notification: Notification) {
    match notification.method.as_str() {
        "initialized" => begin(session),
        _ => dispatch::notification(session, notification),
    }
}

/// Asks the editor for what the server needs to know.
fn begin(session: &mut Session) {
    let client = session.client();
    if client.watches_files {
        session.outbox().watch_files();
    }
    if client.has_settings {
        session.outbox().ask_settings();
    }
    if client.watches_settings {
        session.outbox().watch_settings();
    }
}

/// Takes in the settings that were asked for; other answers say nothing that would be needed.
fn take_settings(session: &mut Session, response: Response) {
    if !Outbox::is_about_settings(&response.id) {
        return;
    }
    if let Ok(Value::Array(sections)) = response.response_result
        && let Some(section) = sections.first()
    {
        session.set(section);
    }
}

/// The answer to a request; if finding it panics, an error.
fn answer(
    connection: &Connection,
    session: &mut Session,
    request: Request,
) -> Result<Response, ServerError> {
    let id = request.id.clone();
    let doing = request.method.clone();
    Ok(
        match guarded(&doing, || dispatch::request(session, request)) {
            Ok(response) => response,
            Err(reason) => {
                send(connection, log(&reason).into())?;
                Response::new_err(id, ErrorCode::InternalError as i32, reason)
            }
        },
    )
}

/// What was found, if finding it did not panic; of a panic the editor is told.
fn logged<T>(connection: &Connection, found: Result<T, String>) -> Result<Option<T>, ServerError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(reason) => {
            send(connection, log(&reason).into())?;
            Ok(None)
        }
    }
}

/// Waits for the editor's `initialize` and agrees on capabilities.
fn initialize(connection: &Connection, modules: &ModuleFiles) -> Result<Session, ServerError> {
    while let Ok(message) = connection.receiver.recv() {
        match message {
            Message::Request(request) if request.method == "initialize" => {
                match serde_json::from_value::<InitializeParams>(request.params) {
                    Ok(params) => {
                        let options = params.initialization_options.clone().unwrap_or_default();
                        let client = Client::new(&params.capabilities, &options);
                        let mut session = Session::new(client, modules.clone(), &folders(params));
                        if let Some(settings) = options.get("settings") {
                            session.set(settings);
                        }
                        let result = initialize_result(session.client());
                        let answer = dispatch::answer(request.id, &result);
                        send(connection, answer.into())?;
                        return Ok(session);
                    }
                    Err(error) => {
                        let answer = dispatch::invalid_params(request.id, &error);
                        send(connection, answer.into())?;
                    }
                }
            }
            Message::Request(request) => {
                let answer = refuse(
                    request,
                    ErrorCode::ServerNotInitialized,
                    "the first request must be `initialize`",
                );
                send(connection, answer.into())?;
            }
            Message::Notification(notification) if notification.method == "exit" => {
                return Err(ServerError::ExitWithoutShutdown);
            }
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
    Err(ServerError::Disconnected)
}

/// The folders that the editor has open.
fn folders(params: InitializeParams) -> Vec<Uri> {
    let folders = params.workspace_folders_initialize_params.workspace_folders;
    if let Some(WorkspaceFolders::WorkspaceFolderList(folders)) = folders {
        return folders.into_iter().map(|folder| folder.uri).collect();
    }
    // Older editors have one folder.
    #[expect(deprecated, reason = "they say it so")]
    let root = params.root_uri;
    root.into_iter().collect()
}

/// After `shutdown`: refuses everything but `exit`.
fn wait_for_exit(connection: &Connection, inbox: &mut Inbox) -> Result<(), ServerError> {
    while let Some(next) = inbox.next() {
        match next {
            Next::Cancelled(id) => send(connection, dispatch::cancelled(id).into())?,
            Next::Message(Message::Notification(notification)) if notification.method == "exit" => {
                return Ok(());
            }
            Next::Message(Message::Request(request)) => {
                let reason = "after `shutdown` only `exit` may follow";
                let answer = refuse(request, ErrorCode::InvalidRequest, reason);
                send(connection, answer.into())?;
            }
            Next::Message(_) | Next::Update(_) => {}
        }
    }
    // The work was over: an editor that just closes the stream is forgiven.
    Ok(())
}

fn refuse(request: Request, code: ErrorCode, reason: &str) -> Response {
    Response::new_err(request.id, code as i32, reason.to_owned())
}

fn send(connection: &Connection, message: Message) -> Result<(), ServerError> {
    let sent = connection.sender.send(message);
    sent.map_err(|_| ServerError::Stream(io::ErrorKind::BrokenPipe.into()))
}

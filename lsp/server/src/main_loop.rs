//! The connection from `initialize` to `exit`: one message after the other.

use std::io;

use lsp_server::{Connection, ErrorCode, Message, Request, Response};
use plasma_scenario::ModuleFiles;

use crate::capabilities::initialize_result;
use crate::client::Client;
use crate::dispatch;
use crate::error::ServerError;
use crate::guard::{guarded, log};
use crate::inbox::{Inbox, Next};
use crate::lsp_types::{InitializeParams, Uri, WorkspaceFolders};
use crate::session::Session;
use crate::watch;

/// Serves one editor on any connection until it asks to end; `modules` are what policies can use.
///
/// # Errors
///
/// If the editor goes away without `shutdown` and `exit`.
pub fn run(connection: &Connection, modules: &ModuleFiles) -> Result<(), ServerError> {
    let mut session = initialize(connection, modules)?;
    let mut inbox = Inbox::default();
    while let Some(message) = next(connection, &mut inbox)? {
        match message {
            Message::Request(request) if request.method == "shutdown" => {
                send(connection, Response::new_ok(request.id, ()).into())?;
                return wait_for_exit(connection, &mut inbox);
            }
            Message::Request(request) => {
                send(
                    connection,
                    answer(connection, &mut session, request)?.into(),
                )?;
            }
            Message::Notification(notification) if notification.method == "exit" => {
                return Err(ServerError::ExitWithoutShutdown);
            }
            Message::Notification(notification) if notification.method == "initialized" => {
                if session.client().watches_files {
                    send(connection, watch::registration().into())?;
                }
            }
            Message::Notification(notification) => {
                let doing = notification.method.clone();
                let noted = guarded(&doing, || {
                    dispatch::notification(&mut session, notification);
                });
                logged(connection, noted)?;
            }
            // An editor that does not watch files still tells what it saves.
            Message::Response(_) => {}
        }
        // Of changes in quick succession only the last is worth a check.
        if inbox.is_empty(&connection.receiver) {
            let doing = "textDocument/publishDiagnostics";
            let published = guarded(doing, || session.take_published());
            for published in logged(connection, published)?.unwrap_or_default() {
                send(connection, dispatch::publish(published).into())?;
            }
        }
    }
    Err(ServerError::Disconnected)
}

/// The next message to act on; requests that were taken back before it are refused.
fn next(connection: &Connection, inbox: &mut Inbox) -> Result<Option<Message>, ServerError> {
    loop {
        match inbox.next(&connection.receiver) {
            Some(Next::Message(message)) => return Ok(Some(message)),
            Some(Next::Cancelled(id)) => send(connection, dispatch::cancelled(id).into())?,
            None => return Ok(None),
        }
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
                        let client = Client::new(&params.capabilities);
                        let session = Session::new(client, modules.clone(), &folders(params));
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
    while let Some(message) = next(connection, inbox)? {
        match message {
            Message::Notification(notification) if notification.method == "exit" => return Ok(()),
            Message::Request(request) => {
                let reason = "after `shutdown` only `exit` may follow";
                let answer = refuse(request, ErrorCode::InvalidRequest, reason);
                send(connection, answer.into())?;
            }
            Message::Notification(_) | Message::Response(_) => {}
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

//! The connection over byte streams: each message is a header with its length, and a text.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};
use lsp_server::{Connection, Message};
use plasma_scenario::ModuleFiles;
use serde_json::Value;

use crate::error::ServerError;
use crate::main_loop::run;
use crate::message::parse;

/// Size of the longest message: a policy of the greatest size, with every byte of it escaped.
const MESSAGE_BYTES_MAX: u64 = 128 << 20;

/// Size of the longest header line.
const HEADER_BYTES_MAX: u64 = 4096;

/// Messages that may wait in each direction.
const WAITING_MAX: usize = 64;

/// Serves one editor on standard input and output until it asks to end; `modules` are what policies
/// can use.
///
/// # Errors
///
/// If the editor goes away without `shutdown` and `exit`, or the streams fail.
pub fn run_stdio(modules: &ModuleFiles) -> Result<(), ServerError> {
    serve(io::stdin(), io::stdout(), modules)
}

/// Serves one editor on two streams until it asks to end.
///
/// # Errors
///
/// If the editor goes away without `shutdown` and `exit`, or the streams fail.
pub fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    modules: &ModuleFiles,
) -> Result<(), ServerError> {
    let output = Arc::new(Mutex::new(output));
    let (inbox, receiver) = bounded(WAITING_MAX);
    let (sender, outbox) = bounded(WAITING_MAX);
    let connection = Connection { sender, receiver };
    let refusals = Arc::clone(&output);
    let reader = thread::spawn(move || read_all(BufReader::new(input), &inbox, &*refusals));
    let writer = thread::spawn(move || write_all(&outbox, &*output));
    let result = run(&connection, modules);
    // The writer ends when nobody can send any more.
    drop(connection);
    let written = join(writer);
    match result {
        // What broke a stream tells more than that it broke.
        Err(ServerError::Disconnected) => join(reader)?,
        Err(ServerError::Stream(_)) => written?,
        _ => {}
    }
    result
}

fn join(thread: JoinHandle<io::Result<()>>) -> io::Result<()> {
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Hands on every message up to `exit`. What is no message is answered here.
fn read_all(
    mut input: impl BufRead,
    inbox: &Sender<Message>,
    output: &Mutex<impl Write>,
) -> io::Result<()> {
    while let Some(text) = read_text(&mut input)? {
        match parse(&text) {
            Ok(message) => {
                let is_exit = matches!(&message, Message::Notification(n) if n.method == "exit");
                if inbox.send(message).is_err() || is_exit {
                    break;
                }
            }
            Err(answer) => write_value(output, &answer)?,
        }
    }
    Ok(())
}

fn write_all(outbox: &Receiver<Message>, output: &Mutex<impl Write>) -> io::Result<()> {
    for message in outbox {
        let mut value = serde_json::to_value(message)?;
        value["jsonrpc"] = Value::from("2.0");
        write_value(output, &value)?;
    }
    Ok(())
}

fn write_value(output: &Mutex<impl Write>, value: &Value) -> io::Result<()> {
    let text = value.to_string();
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

/// The text of the next message; `None` at the end of the stream.
///
/// # Errors
///
/// If the stream fails or does not say where the message ends: then nothing behind it can be read.
fn read_text(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let Some(length) = read_header(input)? else {
        return Ok(None);
    };
    if length > MESSAGE_BYTES_MAX {
        return Err(malformed(format!(
            "the editor announced a message of {length} bytes; at most {MESSAGE_BYTES_MAX} are read"
        )));
    }
    // Room grows with what comes, not with what was announced.
    let mut text = Vec::new();
    input.take(length).read_to_end(&mut text)?;
    if (text.len() as u64) < length {
        let cut = "the editor's stream ended within a message";
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, cut));
    }
    Ok(Some(text))
}

/// The length that a header gives; `None` at the end of the stream.
fn read_header(input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        input.take(HEADER_BYTES_MAX).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let shown = line.trim_end();
        if shown.is_empty() {
            let missing = "the editor sent a message without `Content-Length`";
            return length.map(Some).ok_or_else(|| malformed(missing));
        }
        let field = line
            .ends_with('\n')
            .then(|| shown.split_once(':'))
            .flatten();
        let Some((name, value)) = field else {
            let shown: String = shown.chars().take(40).collect();
            return Err(malformed(format!("the editor sent `{shown}` for a header")));
        };
        if name.eq_ignore_ascii_case("Content-Length") {
            let wrong = || malformed(format!("the editor sent `{shown}`, which is no length"));
            length = Some(value.trim().parse().map_err(|_| wrong())?);
        }
    }
}

fn malformed(message: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message.into())
}

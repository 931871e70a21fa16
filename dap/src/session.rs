//! One session with an editor: answers its requests, and tells it where the trace halts.

mod breaking;
mod going;
mod looking;

use std::io::{BufRead, Write};
use std::sync::mpsc::{Receiver, channel};

use plasma_diagnostic::FileId;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::breakpoint::{Breakpoint, FILTERS, MODES};
use crate::debuggee::{Debuggee, Opener};
use crate::message::{Launch, Request, SetExceptionBreakpoints};
use crate::timeline::{Moment, Timeline};
use crate::view::{Frame, Openable};
use crate::wire::{self, DapError};
use going::Direction;

/// The one thread that an editor sees: the policy.
const THREAD: i64 = 1;

/// Serves one editor until it disconnects.
///
/// # Errors
///
/// If the stream breaks, or what comes is no message.
pub fn serve(
    mut input: impl BufRead + Send + 'static,
    output: &mut dyn Write,
    open: &Opener<'_>,
) -> Result<(), DapError> {
    // Read beside the work, so that a long way through the trace can be broken off. The thread ends with the
    // stream, which may outlive the session.
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        loop {
            let read = wire::read(&mut input);
            let is_last = !matches!(read, Ok(Some(_)));
            if sender.send(read).is_err() || is_last {
                return;
            }
        }
    });
    let mut session = Session {
        output,
        seq: 0,
        open,
        debugged: None,
        breakpoints: Vec::new(),
        on_names: Vec::new(),
        filters: Vec::new(),
        frames: Vec::new(),
        handles: Vec::new(),
        waiting: Vec::new(),
    };
    session.run(&receiver)
}

/// What is debugged, from `launch` on.
struct Debugged {
    debuggee: Debuggee,
    timeline: Timeline,
    launch: Launch,
}

struct Session<'s> {
    output: &'s mut dyn Write,
    seq: i64,
    open: &'s Opener<'s>,
    debugged: Option<Debugged>,
    /// By file.
    breakpoints: Vec<(FileId, Vec<Breakpoint>)>,
    on_names: Vec<Breakpoint>,
    filters: Vec<String>,
    /// Those of the present moment.
    frames: Vec<Frame>,
    /// What variables are opened by: a handle is a place, from 1.
    handles: Vec<Openable>,
    /// Requests that came while the trace was gone through.
    waiting: Vec<Json>,
}

type Received = Receiver<Result<Option<Json>, DapError>>;

impl Session<'_> {
    fn run(&mut self, receiver: &Received) -> Result<(), DapError> {
        loop {
            let message = match self.waiting.is_empty() {
                false => self.waiting.remove(0),
                true => match receiver.recv() {
                    Ok(Ok(Some(message))) => message,
                    Ok(Ok(None)) | Err(_) => return Ok(()),
                    Ok(Err(error)) => return Err(error),
                },
            };
            // Responses and events of the editor ask for nothing.
            let Ok(request) = serde_json::from_value::<Request>(message) else {
                continue;
            };
            self.answer(&request, receiver)?;
            match request.command.as_str() {
                // The editor leaves when it has heard of it: one that finds nobody any more waits for a while.
                "terminate" => self.event("terminated", json!({}))?,
                "disconnect" => return Ok(()),
                _ => {}
            }
        }
    }

    fn send(&mut self, mut message: Json) -> Result<(), DapError> {
        self.seq += 1;
        message["seq"] = json!(self.seq);
        Ok(wire::write(self.output, &message)?)
    }

    fn event(&mut self, event: &str, body: Json) -> Result<(), DapError> {
        self.send(json!({"type": "event", "event": event, "body": body}))
    }

    fn told(&mut self, category: &str, text: &str) -> Result<(), DapError> {
        let body = json!({"category": category, "output": format!("{text}\n")});
        self.event("output", body)
    }

    /// Answers a request, and does what follows from it.
    fn answer(&mut self, request: &Request, receiver: &Received) -> Result<(), DapError> {
        let answer = self.result(request);
        let is_success = answer.is_ok();
        let mut response = json!({
            "type": "response",
            "request_seq": request.seq,
            "command": request.command,
            "success": is_success,
        });
        match answer {
            Ok(body) => response["body"] = body,
            Err(message) => {
                response["message"] = json!(message);
                let error = json!({"id": 1, "format": "{text}", "variables": {"text": message}, "showUser": true});
                response["body"] = json!({"error": error});
            }
        }
        self.send(response)?;
        if !is_success {
            return Ok(());
        }
        match request.command.as_str() {
            // From now on the editor sends what it halts at.
            "launch" => self.event("initialized", json!({})),
            "configurationDone" | "restart" => self.begin(receiver),
            "continue" => self.go(Direction::Forward, receiver),
            "reverseContinue" => self.go(Direction::Back, receiver),
            "next" | "stepIn" | "stepOut" => self.step(Direction::Forward),
            "stepBack" => self.step(Direction::Back),
            _ => Ok(()),
        }
    }

    fn result(&mut self, request: &Request) -> Result<Json, String> {
        match request.command.as_str() {
            "initialize" => Ok(capabilities()),
            "launch" | "attach" => self.launch(arguments(request)?),
            "restart" => self.restart(),
            "configurationDone" | "continue" | "reverseContinue" | "next" | "stepIn"
            | "stepOut" | "stepBack" | "pause" | "disconnect" | "terminate" => {
                let going = json!({"allThreadsContinued": true});
                Ok(if request.command == "continue" {
                    going
                } else {
                    json!({})
                })
            }
            "setBreakpoints" => self.set_breakpoints(&arguments(request)?),
            "setFunctionBreakpoints" => self.set_on_names(&arguments(request)?),
            "setExceptionBreakpoints" => {
                let asked: SetExceptionBreakpoints = arguments(request)?;
                self.filters = asked.filters;
                Ok(json!({}))
            }
            "breakpointLocations" => self.locations(&arguments(request)?),
            "threads" => Ok(json!({"threads": [{"id": THREAD, "name": self.thread_name()}]})),
            "stackTrace" => self.stack_trace(&arguments(request)?),
            "scopes" => self.scopes(&arguments(request)?),
            "variables" => self.variables(&arguments(request)?),
            "evaluate" => self.evaluate(&arguments(request)?),
            "source" => self.source(&arguments(request)?),
            "loadedSources" => self.loaded_sources(),
            other => Err(format!("`{other}` is not offered")),
        }
    }

    fn launch(&mut self, launch: Launch) -> Result<Json, String> {
        let debuggee = (self.open)(&launch)?;
        let timeline = Timeline::new(&debuggee)?;
        self.debugged = Some(Debugged {
            debuggee,
            timeline,
            launch,
        });
        Ok(json!({}))
    }

    fn restart(&mut self) -> Result<Json, String> {
        let debugged = self.debugged.as_mut().ok_or(NOTHING)?;
        debugged.timeline = Timeline::new(&debugged.debuggee)?;
        Ok(json!({}))
    }

    fn debugged(&self) -> Result<&Debugged, String> {
        self.debugged.as_ref().ok_or_else(|| NOTHING.to_owned())
    }

    fn now(&self) -> Result<(&Debuggee, &Moment), String> {
        let debugged = self.debugged()?;
        let now = debugged.timeline.now().ok_or("the trace has not begun")?;
        Ok((&debugged.debuggee, now))
    }
}

const NOTHING: &str = "nothing is debugged yet";

fn arguments<A: DeserializeOwned>(request: &Request) -> Result<A, String> {
    let given = match &request.arguments {
        Json::Null => json!({}),
        given => given.clone(),
    };
    serde_json::from_value(given).map_err(|error| format!("{}: {error}", request.command))
}

fn capabilities() -> Json {
    let modes = MODES.map(|(mode, label, description)| {
        json!({"mode": mode, "label": label, "description": description, "appliesTo": ["source"]})
    });
    let filters = FILTERS.map(|(filter, label, description)| {
        json!({"filter": filter, "label": label, "description": description})
    });
    json!({
        "supportsConfigurationDoneRequest": true,
        "supportsFunctionBreakpoints": true,
        "supportsConditionalBreakpoints": true,
        "supportsHitConditionalBreakpoints": true,
        "supportsLogPoints": true,
        "supportsStepBack": true,
        "supportsRestartRequest": true,
        "supportsTerminateRequest": true,
        "supportsEvaluateForHovers": true,
        "supportsLoadedSourcesRequest": true,
        "supportsBreakpointLocationsRequest": true,
        "supportsDelayedStackTraceLoading": true,
        "breakpointModes": modes,
        "exceptionBreakpointFilters": filters,
    })
}

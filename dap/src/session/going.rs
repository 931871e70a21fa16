//! Through the trace: tick by tick, or on until something halts it.

use std::sync::mpsc::TryRecvError;

use plasma_model::{Binding, Decision};
use serde_json::json;

use super::{NOTHING, Received, Session, THREAD};
use crate::breakpoint::refused;
use crate::timeline::Moment;
use crate::view;
use crate::wire::DapError;

/// Which way the trace is gone through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Direction {
    Forward,
    Back,
}

impl Session<'_> {
    /// Goes to where it is to begin.
    pub(super) fn begin(&mut self, receiver: &Received) -> Result<(), DapError> {
        let Some(debugged) = &mut self.debugged else {
            return Ok(());
        };
        let (at, stop_on_entry) = (debugged.launch.at, debugged.launch.stop_on_entry);
        if at.is_none() && !stop_on_entry {
            return self.go(Direction::Forward, receiver);
        }
        loop {
            match debugged.timeline.forward() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return self.broken(&error),
            }
            let t = debugged.timeline.now().map_or(0.0, Moment::t_seconds);
            if at.is_none_or(|at| t >= at) {
                break;
            }
        }
        self.halt("entry", None, &[])
    }

    /// One tick on, or back.
    pub(super) fn step(&mut self, direction: Direction) -> Result<(), DapError> {
        match self.moved(direction) {
            Ok(true) => self.halt("step", None, &[]),
            Ok(false) => self.halt_at_end("step", direction),
            Err(error) => self.broken(&error),
        }
    }

    fn moved(&mut self, direction: Direction) -> Result<bool, String> {
        let debugged = self.debugged.as_mut().ok_or(NOTHING)?;
        match direction {
            Direction::Forward => debugged.timeline.forward(),
            Direction::Back => debugged.timeline.back(&debugged.debuggee),
        }
    }

    /// Tick after tick, until something halts it.
    pub(super) fn go(&mut self, direction: Direction, receiver: &Received) -> Result<(), DapError> {
        loop {
            match self.moved(direction) {
                Ok(true) => {}
                Ok(false) if direction == Direction::Forward && self.now().is_err() => {
                    return self.broken("the trace has no tick");
                }
                Ok(false) => return self.halt_at_end("pause", direction),
                Err(error) => return self.broken(&error),
            }
            match self.hits()? {
                Hit::Nothing => {}
                Hit::Breakpoint(bindings) => return self.halt("breakpoint", None, &bindings),
                Hit::Filter(text, bindings) => {
                    return self.halt("exception", Some(&text), &bindings);
                }
            }
            if self.is_called_off(receiver)? {
                return self.halt("pause", None, &[]);
            }
        }
    }

    /// Whether the editor wants to look, or to leave; what else it asks waits.
    fn is_called_off(&mut self, receiver: &Received) -> Result<bool, DapError> {
        loop {
            let message = match receiver.try_recv() {
                Ok(Ok(Some(message))) => message,
                Ok(Err(error)) => return Err(error),
                Err(TryRecvError::Empty) => return Ok(false),
                Ok(Ok(None)) | Err(TryRecvError::Disconnected) => return Ok(true),
            };
            let command = message["command"].as_str().unwrap_or("").to_owned();
            self.waiting.push(message);
            if matches!(
                command.as_str(),
                "pause" | "disconnect" | "terminate" | "restart"
            ) {
                return Ok(true);
            }
        }
    }

    /// What halts at the present moment.
    fn hits(&mut self) -> Result<Hit, DapError> {
        let (mut bindings, mut logged, mut mistakes) = (Vec::new(), Vec::new(), Vec::new());
        let mut filtered = None;
        if let Ok((debuggee, moment)) = self.now() {
            let in_files = self.breakpoints.iter().flat_map(|(_, of_file)| of_file);
            for breakpoint in in_files.chain(&self.on_names) {
                match breakpoint.hits(debuggee, moment) {
                    Err(mistake) => mistakes.push(mistake),
                    Ok(hit) => match &breakpoint.log_message {
                        Some(message) => logged.extend(hit.iter().map(|binding| {
                            let text = message.text(moment, binding);
                            format!("t = {} s: {text}", moment.t_seconds())
                        })),
                        None => {
                            let index = breakpoint.rule_index;
                            bindings.extend(hit.into_iter().map(|binding| (index, binding)));
                        }
                    },
                }
            }
            filtered = self
                .filters
                .iter()
                .find_map(|filter| passes(filter, moment));
        }
        for text in logged {
            self.told("console", &text)?;
        }
        for mistake in mistakes {
            self.told("stderr", &format!("a breakpoint's condition: {mistake}"))?;
        }
        Ok(match (bindings.is_empty(), filtered) {
            (false, _) => Hit::Breakpoint(bindings),
            (true, Some((text, bindings))) => Hit::Filter(text, bindings),
            (true, None) => Hit::Nothing,
        })
    }

    /// There is no more of the trace. Not every editor shows why it halts: it is written down as well.
    fn halt_at_end(&mut self, reason: &str, direction: Direction) -> Result<(), DapError> {
        let end = end_of(direction);
        self.told("console", end)?;
        self.halt(reason, Some(end), &[])
    }

    /// Tells the editor that it may look.
    pub(super) fn halt(
        &mut self,
        reason: &str,
        text: Option<&str>,
        halted_by: &[(usize, Binding)],
    ) -> Result<(), DapError> {
        self.handles.clear();
        self.frames = match self.now() {
            Ok((debuggee, moment)) => view::frames(debuggee, moment, halted_by),
            Err(_) => Vec::new(),
        };
        let description = self.now().map_or(String::new(), |(_, now)| {
            format!("t = {} s", now.t_seconds())
        });
        let mut body = json!({
            "reason": reason,
            "description": description,
            "threadId": THREAD,
            "allThreadsStopped": true,
        });
        if let Some(text) = text {
            body["text"] = json!(text);
        }
        self.event("stopped", body)
    }

    /// The trace cannot be read on.
    pub(super) fn broken(&mut self, error: &str) -> Result<(), DapError> {
        self.told("stderr", error)?;
        match self.now().is_ok() {
            true => self.halt("exception", Some(error), &[]),
            false => self.event("terminated", json!({})),
        }
    }
}

/// What a tick halts by.
enum Hit {
    Nothing,
    Breakpoint(Vec<(usize, Binding)>),
    Filter(String, Vec<(usize, Binding)>),
}

fn end_of(direction: Direction) -> &'static str {
    match direction {
        Direction::Forward => "this is the last tick of the trace",
        Direction::Back => "this is the first tick of the trace",
    }
}

/// What a filter says of a moment, if it halts there, and the rules and bindings that it halts by if those are not all
/// that fire.
fn passes(filter: &str, moment: &Moment) -> Option<(String, Vec<(usize, Binding)>)> {
    let decision = &moment.plan.decision;
    let of_all = |text| (text, Vec::new());
    match filter {
        "fires" => {
            let fired = moment.plan.fired.iter();
            let fired: Vec<String> = fired
                .map(|(name, times)| format!("{name} ×{times}"))
                .collect();
            (!fired.is_empty()).then(|| of_all(fired.join(", ")))
        }
        "acts" => {
            let actions = decision.actions.len();
            (actions > 0).then(|| of_all(format!("{actions} actions")))
        }
        "refused" => first_refused(decision).map(|text| (text, refused(moment))),
        _ => None,
    }
}

/// The first that is refused, with its reason, and how many more there are.
fn first_refused(decision: &Decision) -> Option<String> {
    let first = decision.rejected.first()?;
    let goal = &decision.intents.get(first.intent)?.goal;
    let more = match decision.rejected.len() {
        1 => String::new(),
        refused => format!("; {} more are refused", refused - 1),
    };
    Some(format!("{goal} is refused: {}{more}", first.reason))
}

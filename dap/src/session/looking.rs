//! What the editor sees where it has halted: frames, variables, values of expressions, texts.

use plasma_diagnostic::FileId;
use serde_json::{Value as Json, json};

use super::Session;
use crate::debuggee::Debuggee;
use crate::message::{Evaluate, Scopes, SourceOf, StackTrace, Variables};
use crate::view::{self, Openable};
use crate::watch::Watch;

impl Session<'_> {
    pub(super) fn thread_name(&self) -> String {
        let now = self.now();
        now.map_or_else(
            |_| "the policy".to_owned(),
            |(_, now)| format!("tick {} at {} s", now.place + 1, now.t_seconds()),
        )
    }

    pub(super) fn stack_trace(&self, asked: &StackTrace) -> Result<Json, String> {
        let debuggee = &self.debugged()?.debuggee;
        let levels = if asked.levels == 0 {
            usize::MAX
        } else {
            asked.levels
        };
        let frames = self
            .frames
            .iter()
            .enumerate()
            .skip(asked.start_frame)
            .take(levels);
        let told = frames.map(|(place, frame)| {
            let rule = frame
                .rule_index
                .and_then(|index| debuggee.program.rule(index));
            let mut told = json!({
                "id": place as i64 + 1,
                "name": frame.name,
                "line": rule.map_or(0, |rule| debuggee.lines(rule).0),
                "column": if rule.is_some() { 1 } else { 0 },
                "presentationHint": if frame.is_behind { "subtle" } else { "normal" },
            });
            if let Some(rule) = rule {
                told["source"] = source_of(debuggee, rule.span.file);
            }
            told
        });
        let told: Vec<Json> = told.collect();
        Ok(json!({"stackFrames": told, "totalFrames": self.frames.len()}))
    }

    pub(super) fn scopes(&mut self, asked: &Scopes) -> Result<Json, String> {
        let place = asked.frame_id as usize;
        let place = place
            .checked_sub(1)
            .filter(|place| *place < self.frames.len());
        let place = place.ok_or("this frame is gone")?;
        let is_of_rule = self.frames[place].rule_index.is_some();
        let scopes = view::scopes(place, is_of_rule).into_iter();
        let told: Vec<Json> = scopes
            .map(|(name, openable)| {
                let handle = self.handle(openable);
                let is_far = matches!(name, "Servers");
                json!({"name": name, "variablesReference": handle, "expensive": is_far})
            })
            .collect();
        Ok(json!({ "scopes": told }))
    }

    pub(super) fn handle(&mut self, openable: Openable) -> i64 {
        self.handles.push(openable);
        self.handles.len() as i64
    }

    pub(super) fn variables(&mut self, asked: &Variables) -> Result<Json, String> {
        let place = (asked.variables_reference as usize).checked_sub(1);
        let openable = place.and_then(|place| self.handles.get(place)).cloned();
        let openable = openable.ok_or("this variable is gone")?;
        let (debuggee, moment) = self.now()?;
        let found = view::opened(debuggee, moment, &self.frames, &openable);
        let count = if asked.count == 0 {
            usize::MAX
        } else {
            asked.count
        };
        let found = found.into_iter().skip(asked.start).take(count);
        let told: Vec<Json> = found
            .map(|variable| {
                let handle = variable.opens.map_or(0, |opens| self.handle(opens));
                json!({
                    "name": variable.name,
                    "value": variable.value,
                    "variablesReference": handle,
                })
            })
            .collect();
        Ok(json!({ "variables": told }))
    }

    pub(super) fn evaluate(&mut self, asked: &Evaluate) -> Result<Json, String> {
        let (debuggee, moment) = self.now()?;
        let place = asked.frame_id.and_then(|id| (id as usize).checked_sub(1));
        let frame = place.and_then(|place| self.frames.get(place));
        let frame = frame.and_then(|frame| {
            let rule = debuggee.program.rule(frame.rule_index?)?;
            Some((rule, &frame.binding))
        });
        let watch = Watch::new(debuggee, &asked.expression, frame.map(|(rule, _)| rule))?;
        let watched = watch.value(moment, frame.map_or(&[], |(_, binding)| binding))?;
        let handle = match watched.parts.len() {
            0 => 0,
            _ => self.handle(Openable::Listed(watched.parts)),
        };
        Ok(json!({"result": watched.text, "variablesReference": handle}))
    }

    pub(super) fn source(&self, asked: &SourceOf) -> Result<Json, String> {
        let debuggee = &self.debugged()?.debuggee;
        let reference = asked.source_reference.max(asked.source.source_reference);
        let file = file_of_reference(debuggee, reference).ok_or("there is no such text")?;
        Ok(json!({"content": debuggee.sources.text(file), "mimeType": "text/x-plasma"}))
    }

    pub(super) fn loaded_sources(&self) -> Result<Json, String> {
        let debuggee = &self.debugged()?.debuggee;
        let files = debuggee.program.modules.iter();
        let told: Vec<Json> = files
            .map(|module| source_of(debuggee, module.file))
            .collect();
        Ok(json!({ "sources": told }))
    }
}

/// A file as editors name it: by its path, or by a number if it has none.
fn source_of(debuggee: &Debuggee, file: FileId) -> Json {
    let name = debuggee.sources.name(file);
    match debuggee.path(file) {
        Some(path) => {
            let short = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            json!({"name": short, "path": path.display().to_string()})
        }
        None => json!({"name": name, "sourceReference": i64::from(file.0) + 1}),
    }
}

pub(super) fn file_of_reference(debuggee: &Debuggee, reference: i64) -> Option<FileId> {
    let mut files = debuggee.sources.files();
    files.find(|file| i64::from(file.0) + 1 == reference)
}

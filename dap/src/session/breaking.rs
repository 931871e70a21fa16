//! Where to halt, as the editor sets it.

use serde_json::{Value as Json, json};

use super::Session;
use super::looking::file_of_reference;
use crate::breakpoint::Breakpoint;
use crate::message::{BreakpointLocations, SetBreakpoints, SetFunctionBreakpoints};

impl Session<'_> {
    pub(super) fn set_breakpoints(&mut self, asked: &SetBreakpoints) -> Result<Json, String> {
        let path = asked.source.path.clone().unwrap_or_default();
        let debugged = self.debugged()?;
        let debuggee = &debugged.debuggee;
        let reference = asked.source.source_reference;
        let file = debuggee
            .file_of(&path)
            .or_else(|| file_of_reference(debuggee, reference));
        let Some(file) = file else {
            let refused =
                json!({"verified": false, "message": "this file is no part of the policy"});
            let all = vec![refused; asked.breakpoints.len()];
            return Ok(json!({ "breakpoints": all }));
        };
        let (mut set, mut told) = (Vec::new(), Vec::new());
        for wanted in &asked.breakpoints {
            // A line between two rules is that of the next one.
            let mut rules = debuggee.rules().filter(|rule| rule.span.file == file);
            let rule = rules.find(|rule| debuggee.lines(rule).1 >= wanted.line);
            let made = rule.ok_or_else(|| "no rule stands here or below".to_owned());
            let made =
                made.and_then(|rule| Ok((Breakpoint::at_line(wanted, rule, debuggee)?, rule)));
            told.push(match made {
                Ok((breakpoint, rule)) => {
                    set.push(breakpoint);
                    let (first, last) = debuggee.lines(rule);
                    json!({"verified": true, "line": wanted.line.clamp(first, last)})
                }
                Err(message) => json!({"verified": false, "message": message, "line": wanted.line}),
            });
        }
        self.breakpoints.retain(|(of, _)| *of != file);
        self.breakpoints.push((file, set));
        Ok(json!({ "breakpoints": told }))
    }

    pub(super) fn set_on_names(&mut self, asked: &SetFunctionBreakpoints) -> Result<Json, String> {
        let debugged = self.debugged()?;
        let made = asked.breakpoints.iter();
        let made = made.map(|wanted| Breakpoint::on_name(wanted, &debugged.debuggee));
        let made: Vec<Result<Breakpoint, String>> = made.collect();
        let told = made.iter().map(|made| match made {
            Ok(_) => json!({"verified": true}),
            Err(message) => json!({"verified": false, "message": message}),
        });
        let told: Vec<Json> = told.collect();
        self.on_names = made.into_iter().filter_map(Result::ok).collect();
        Ok(json!({ "breakpoints": told }))
    }

    pub(super) fn locations(&self, asked: &BreakpointLocations) -> Result<Json, String> {
        let debuggee = &self.debugged()?.debuggee;
        let path = asked.source.path.clone().unwrap_or_default();
        let Some(file) = debuggee.file_of(&path) else {
            return Ok(json!({"breakpoints": []}));
        };
        let end = asked.end_line.unwrap_or(asked.line);
        let rules = debuggee.rules().filter(|rule| rule.span.file == file);
        let lines = rules.map(|rule| debuggee.lines(rule).0);
        let lines = lines.filter(|line| (asked.line..=end).contains(line));
        let lines: Vec<Json> = lines.map(|line| json!({ "line": line })).collect();
        Ok(json!({ "breakpoints": lines }))
    }
}

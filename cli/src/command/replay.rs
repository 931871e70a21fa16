//! `plasma replay`: the decisions of a policy on a recorded trace, or what they are otherwise than
//! another policy's.

mod text;

use std::path::Path;
use std::process::ExitCode;

use plasma_columns::Columns;
use plasma_engine::trace::{Problem, TraceError};
use plasma_eval::Excess;
use plasma_model::Decision;
use plasma_scenario::{Difference, Plan, Replayed, TraceMomentError, TraceTicks, policy_hash};

use crate::analysis::SchemaSource;
use crate::arguments::{ReplayArguments, ReportFormat};
use crate::document::replay::{Counted, DifferenceDocument, SummaryDocument, decision};
use crate::failure::Failure;
use crate::policy_file::PolicyFile;
use crate::{analysis, moment, output, policy_file};

/// One policy on its way through the trace.
struct Run {
    name: String,
    hash: String,
    replayed: Replayed,
}

pub(crate) fn run(arguments: &ReplayArguments) -> Result<ExitCode, Failure> {
    let file = policy_file::read(&arguments.policy)?;
    let against = arguments
        .against
        .as_ref()
        .map(policy_file::read)
        .transpose()?;
    let mut ticks = TraceTicks::new(moment::open(&arguments.trace)?).map_err(failure)?;
    let schema = schema_of(&ticks, &arguments.trace);
    let schema = schema.as_ref();
    let params = &arguments.params.params;
    let (policy, old) = match &against {
        None => (analysis::usable(&file, schema, params)?, None),
        Some(old) => {
            let [old_program, program] = analysis::usable_pair([old, &file], schema, params)?;
            (program, Some(begun(old, old_program)))
        }
    };
    let mut replay = Replay {
        format: arguments.format,
        policy: begun(&file, policy),
        old,
        counted: Counted::default(),
        table: text::Table::default(),
    };
    let ended = replay.ticks(&mut ticks);
    if replay.counted.ticks > 0 {
        replay.summary(&ticks, ended.is_ok())?;
    }
    ended.map(|()| ExitCode::SUCCESS)
}

fn begun(file: &PolicyFile, program: plasma_check::program::CheckedProgram) -> Run {
    Run {
        name: file.name.clone(),
        hash: policy_hash(&file.text),
        replayed: Replayed::new(program),
    }
}

pub(super) fn schema_of(ticks: &TraceTicks, path: &Path) -> Option<SchemaSource> {
    ticks.schema().map(|text| SchemaSource {
        name: format!("{} (schema)", path.display()),
        text: text.to_owned(),
    })
}

/// A mistake in the trace.
pub(super) fn failure(error: TraceMomentError) -> Failure {
    match cut(&error) {
        Some(message) => Failure::new(message),
        None => Failure::new(error.to_string()),
    }
}

/// Where a trace is cut off, what was before has been told.
fn failure_after_ticks(error: TraceMomentError) -> Failure {
    match cut(&error) {
        Some(message) => {
            Failure::new(message).help("what the policy decides up to there is told above")
        }
        None => Failure::new(error.to_string()),
    }
}

/// What is said of a trace that is cut off behind a tick.
fn cut(error: &TraceMomentError) -> Option<String> {
    let TraceMomentError::Trace(TraceError {
        file,
        position,
        problem: Problem::Truncated {
            last_tick_seconds: Some(t),
        },
    }) = error
    else {
        return None;
    };
    let place = position.map_or(String::new(), |position| position.to_string());
    Some(format!(
        "{file}{place}: the trace is cut off after the tick at {t} s"
    ))
}

struct Replay {
    format: ReportFormat,
    policy: Run,
    old: Option<Run>,
    counted: Counted,
    table: text::Table,
}

impl Replay {
    /// Tells tick after tick, up to the end or the first mistake.
    fn ticks(&mut self, ticks: &mut TraceTicks) -> Result<(), Failure> {
        while !output::reader_has_gone() {
            let Some(columns) = ticks.next_tick().map_err(failure_after_ticks)? else {
                return Ok(());
            };
            let new = decided(&mut self.policy, columns)?;
            let old = match &mut self.old {
                Some(old) => Some(decided(old, columns)?),
                None => None,
            };
            self.counted.ticks += 1;
            self.counted.ticks_with_actions += usize::from(!new.decision.actions.is_empty());
            match old {
                None => self.tell(&new.decision)?,
                Some(old) => self.compare(&old.decision, &new.decision)?,
            }
        }
        Ok(())
    }

    fn tell(&mut self, new: &Decision) -> Result<(), Failure> {
        match self.format {
            ReportFormat::Json => output::json(&decision(&self.policy.hash, new)),
            ReportFormat::Human => output::result(&self.table.decision(new)),
        }
    }

    fn compare(&mut self, old: &Decision, new: &Decision) -> Result<(), Failure> {
        let difference = Difference::of(old, new);
        if difference.is_empty() {
            return Ok(());
        }
        match difference.does_the_same() {
            true => self.counted.ticks_asking_differently += 1,
            false => self.counted.ticks_with_differences += 1,
        }
        match self.format {
            ReportFormat::Json => output::json(&DifferenceDocument::new(&difference, old, new)),
            ReportFormat::Human => output::result(&self.table.difference(&difference, old, new)),
        }
    }

    fn summary(&self, ticks: &TraceTicks, complete: bool) -> Result<(), Failure> {
        let cost = |run: &'_ Run| run.replayed.cost().clone();
        let (new, old) = (cost(&self.policy), self.old.as_ref().map(cost));
        let pause = ticks.pause();
        match self.format {
            ReportFormat::Json => {
                let hash = |run: &Run| run.hash.clone();
                let old_hash = self.old.as_ref().map(hash);
                let against = old_hash.as_deref().zip(old.as_ref());
                let policy = (self.policy.hash.as_str(), &new);
                output::json(&SummaryDocument::new(
                    self.counted,
                    complete,
                    policy,
                    against,
                    pause,
                ))
            }
            ReportFormat::Human => {
                let text = text::summary(
                    &self.table,
                    self.counted,
                    complete,
                    &new,
                    old.as_ref(),
                    pause,
                );
                output::result(&text)
            }
        }
    }
}

fn decided(run: &mut Run, columns: &Columns) -> Result<Plan, Failure> {
    let plan = run.replayed.decide(columns);
    match plan.excesses.first() {
        None => Ok(plan),
        Some(excess) => {
            let message = format!("{}: at t = {} s, {excess}", run.name, columns.frame().t);
            Err(Failure::new(message).help(Excess::HELP))
        }
    }
}

//! `plasma repl`: expressions, rules and commands against a snapshot, a trace or a live cluster.

mod begun;
mod command;
mod editor;
mod live;
mod session;
mod table;
mod world;

use std::process::ExitCode;

use plasma_actor::Application;

use self::command::Command;
use self::editor::{Entered, Lines};
use self::live::Cluster;
use self::session::{Refusal, Session};
use self::world::World;
use super::apps;
use crate::analysis::SchemaSource;
use crate::arguments::ReplArguments;
use crate::failure::Failure;
use crate::{moment, output};

pub(crate) fn run(
    arguments: &ReplArguments,
    applications: &[&'static dyn Application],
) -> Result<ExitCode, Failure> {
    let (world, schema) = open_world(arguments, applications)?;
    let mut lines = Lines::open()?;
    let coloured = lines.is_terminal() && output::stderr_is_coloured();
    let mut session = Session::new(world, schema, arguments.params.params.clone(), coloured);
    if let Some(policy) = &arguments.policy {
        let loaded = session.load(policy).map_err(Failure::new)?;
        if lines.is_terminal() {
            output::result(&loaded)?;
        }
    }
    if lines.is_terminal() {
        output::line("Plasma. `:help` lists the commands, Ctrl-D leaves.")?;
    }
    let all_well = converse(&mut lines, &mut session)?;
    let is_terminal = lines.is_terminal();
    // A script whose statements failed has failed; a person has seen the messages.
    Ok(if all_well || is_terminal {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// Answers statements until the end; whether none was refused.
fn converse(lines: &mut Lines, session: &mut Session) -> Result<bool, Failure> {
    let mut all_well = true;
    loop {
        let statement = match lines.next()? {
            Entered::Statement(statement) => statement,
            Entered::Cancelled => continue,
            Entered::End => return Ok(all_well),
        };
        match answer(session, statement.trim()) {
            Ok(Some(text)) => output::result(&text)?,
            Ok(None) => return Ok(all_well),
            Err(refusal) => {
                all_well = false;
                output::problem(refusal.trim_end());
            }
        }
    }
}

/// The answer to a statement; `None` to leave.
fn answer(session: &mut Session, statement: &str) -> Result<Option<String>, Refusal> {
    if statement.is_empty() {
        return Ok(Some(String::new()));
    }
    if !statement.starts_with(':') {
        return session.enter(statement).map(Some);
    }
    match command::parse(statement).map_err(|mistake| format!("error: {mistake}"))? {
        Command::Help => Ok(Some(command::help())),
        Command::Load(file) => session.load(&file).map(Some),
        Command::Snapshot(path) => session.look_at(&path).map(Some),
        Command::Plan => session.plan().map(Some),
        Command::Rules => Ok(Some(session.rules())),
        Command::Quit => Ok(None),
    }
}

fn open_world(
    arguments: &ReplArguments,
    applications: &[&'static dyn Application],
) -> Result<(World, Option<SchemaSource>), Failure> {
    if let Some(path) = arguments.snapshot.as_ref().or(arguments.trace.as_ref()) {
        let moment = moment::read(path, None)?;
        return Ok((World::Still(Box::new(moment.snapshot)), moment.schema));
    }
    let Some(name) = &arguments.app else {
        return Ok((World::Nothing, None));
    };
    let application = apps::find(name, applications)?;
    let schema = SchemaSource {
        name: format!("{name} (schema)"),
        text: apps::schema_of(application)?,
    };
    Ok((World::Live(Cluster::start(application)?), Some(schema)))
}

//! `plasma repl`: expressions, rules and commands against a snapshot, a trace or a live cluster.

mod begun;
mod command;
mod editor;
mod interrupt;
mod live;
mod policy;
mod session;
mod setting;
mod table;
mod world;

use std::process::ExitCode;

use plasma_actor::Application;

use self::command::Command;
use self::editor::{Entered, Lines};
use self::live::Cluster;
use self::session::{Refusal, Session};
use self::setting::{Setting, Undeclared};
use self::world::World;
use super::apps;
use crate::analysis::SchemaSource;
use crate::arguments::ReplArguments;
use crate::failure::Failure;
use crate::{moment, output, standard_input};

pub(crate) fn run(
    arguments: &ReplArguments,
    applications: &[&'static dyn Application],
) -> Result<ExitCode, Failure> {
    standard_input::take("what you enter")?;
    let (world, schema) = open_world(arguments, applications)?;
    let mut lines = Lines::open()?;
    let is_terminal = lines.is_terminal();
    let coloured = is_terminal && output::stderr_is_coloured();
    if is_terminal {
        interrupt::listen()?;
    }
    let setting = Setting {
        schema,
        params: arguments.params.params.clone(),
        coloured,
    };
    let mut session = Session::new(world, setting, interrupt::is_interrupted);
    let begun = match &arguments.policy {
        Some(policy) => session.load(policy, Undeclared::Mistake),
        None => session.begin(),
    };
    match begun {
        Ok(loaded) if is_terminal => output::result(&loaded)?,
        Ok(_) => {}
        Err(refusal) => {
            output::problem(refusal.trim_end());
            return Ok(ExitCode::from(2));
        }
    }
    if is_terminal {
        output::line("Plasma. `:help` lists the commands, Ctrl-D leaves.")?;
    }
    let all_well = converse(&mut lines, &mut session)?;
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
        interrupt::clear();
        let answer = answer(session, statement.trim_end());
        interrupt::clear();
        match answer {
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
    if statement.trim().is_empty() {
        return Ok(Some(String::new()));
    }
    if !statement.trim_start().starts_with(':') {
        return session.enter(statement).map(Some);
    }
    match command::parse(statement).map_err(|mistake| format!("error: {mistake}"))? {
        Command::Help => Ok(Some(command::help())),
        Command::Load(file) => session.load(&file, Undeclared::Waits).map(Some),
        Command::Snapshot { path, at_seconds } => session.look_at(&path, at_seconds).map(Some),
        Command::Plan => session.plan().map(Some),
        Command::Why(name) => session.why(&name).map(Some),
        Command::WhyNot(names) => session.why_not(&names).map(Some),
        Command::Rules => Ok(Some(session.rules())),
        Command::Forget(name) => session.forget(&name).map(Some),
        Command::Quit => Ok(None),
    }
}

fn open_world(
    arguments: &ReplArguments,
    applications: &[&'static dyn Application],
) -> Result<(World, Option<SchemaSource>), Failure> {
    if let Some(path) = arguments.snapshot.as_ref().or(arguments.trace.as_ref()) {
        let moment = moment::read_with_past(path, arguments.at)?;
        let world = World::Still(Box::new(moment.columns), moment.past);
        return Ok((world, moment.schema));
    }
    if arguments.at.is_some() {
        return Err(
            Failure::new("--at says which tick to look at, but there is no file")
                .help("name one with --snapshot or --trace; `:snapshot` takes `--at` too"),
        );
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

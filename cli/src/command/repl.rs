//! `plasma repl`: expressions, rules and commands against a snapshot, a trace or a live cluster.

mod answer;
mod begun;
mod command;
mod conversation;
mod describe;
mod editor;
mod interrupt;
mod live;
mod options;
mod policy;
mod remote;
mod scene;
mod session;
mod setting;
mod table;
mod watch;
mod world;

use std::process::ExitCode;

use plasma_actor::Application;

use self::answer::{Answer, Refusal};
use self::conversation::Conversation;
use self::editor::Lines;
use self::options::Options;
use self::session::Session;
use self::setting::{Setting, Undeclared};
use super::apps;
use crate::arguments::ReplArguments;
use crate::failure::Failure;
use crate::{output, standard_input};

pub(crate) fn run(
    arguments: &ReplArguments,
    applications: &[&'static dyn Application],
) -> Result<ExitCode, Failure> {
    let coloured = output::stderr_is_coloured();
    let mut lines = lines(arguments, coloured)?;
    let is_terminal = lines.is_terminal();
    if is_terminal {
        interrupt::listen()?;
    }
    let mut options = Options::new(is_terminal);
    if is_terminal {
        options.keys = Lines::keys_of_person();
    }
    let setting = Setting {
        schema: None,
        params: arguments.params.params.clone(),
        coloured: is_terminal && coloured,
        options,
    };
    let mut session = Session::new(setting, lines.voice(), interrupt::is_interrupted);
    match begin(arguments, applications, &mut session) {
        Ok(begun) if is_terminal => output::result(&begun.printed())?,
        Ok(_) => {}
        Err(refusal) => {
            output::problem(refusal.text.trim_end());
            return Ok(ExitCode::from(2));
        }
    }
    let mut conversation = Conversation::new(session, arguments.echo && !is_terminal);
    if is_terminal {
        conversation.enter_what_the_person_wants()?;
        output::line("Plasma. `:help` lists the commands, Ctrl-D leaves.")?;
    }
    conversation.converse(&mut lines)?;
    // A script whose statements failed has failed; a person has seen the messages.
    Ok(match conversation.is_all_well() || is_terminal {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(1),
    })
}

/// Where the statements come from. What is entered by flags leaves standard input to the snapshot.
fn lines(arguments: &ReplArguments, coloured: bool) -> Result<Lines, Failure> {
    if let Some(path) = &arguments.file {
        return Lines::of_file(path);
    }
    if !arguments.enter.is_empty() {
        return Ok(Lines::given(&arguments.enter));
    }
    standard_input::take("what you enter")?;
    Lines::open(coloured)
}

/// Looks at what the arguments name, and loads their policy.
fn begin(
    arguments: &ReplArguments,
    applications: &[&'static dyn Application],
    session: &mut Session,
) -> Result<Answer, Refusal> {
    let file = arguments.snapshot.as_ref().or(arguments.trace.as_ref());
    match (file, &arguments.app, &arguments.engine) {
        (Some(path), ..) => {
            session.look_at_file(path, arguments.at)?;
        }
        _ if arguments.at.is_some() => {
            return Err(Refusal::helped(
                "--at says which tick to look at, but there is no file",
                "name one with --snapshot or --trace; `:attach` takes `--at` too",
            ));
        }
        (None, Some(name), _) => {
            session.start(apps::find(name, applications)?)?;
        }
        (None, None, Some(address)) => {
            session.attach(address, None)?;
        }
        (None, None, None) => {}
    }
    match &arguments.policy {
        Some(policy) => session.load(policy, Undeclared::Mistake),
        None => session.begin(),
    }
}

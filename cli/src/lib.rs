//! The command line of Plasma, as a library: a user's own binary gets every command with their own
//! applications by calling [`main_with`].

mod analysis;
mod arguments;
mod command;
mod document;
mod duration;
mod evaluation_text;
mod failure;
mod figure;
mod found;
mod markdown_text;
mod moment;
mod natural_order;
mod output;
mod page_text;
mod policy_file;
mod replace_file;
mod settings;
mod standard_input;
mod token;
mod why_text;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;
use plasma_actor::Application;

use arguments::{Arguments, Command};

/// Runs the command that the process's arguments ask for, knowing these applications.
///
/// Returns the exit status: 0 for yes, 1 if the answer is no (errors found by `check`), 2 if the
/// command could not be run.
pub fn main_with(applications: &[&'static dyn Application]) -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let result = match &arguments.command {
        Command::Run(arguments) => command::run::run(arguments, applications),
        Command::Check(arguments) => command::check::run(arguments),
        Command::Explain(arguments) => command::explain::run(arguments),
        Command::Fmt(arguments) => command::fmt::run(arguments),
        Command::Test(arguments) => command::test::run(arguments),
        Command::Doc(arguments) => command::doc::run(arguments),
        Command::Plan(arguments) => command::plan::run(arguments),
        Command::Why(arguments) => command::why::run(arguments),
        Command::Replay(arguments) => command::replay::run(arguments),
        Command::Diff(arguments) => command::diff::run(arguments),
        Command::Repl(arguments) => command::repl::run(arguments, applications),
        Command::Lsp(arguments) => command::lsp::run(arguments),
        Command::Dap => command::dap::run(),
        Command::Apps => command::apps::run(applications),
        Command::Schema(arguments) => command::schema::run(arguments, applications),
        Command::Completions(arguments) => command::completions::run(arguments),
        Command::Man(arguments) => command::man::run(arguments),
    };
    result.unwrap_or_else(|failure| {
        output::problem(&failure.to_string());
        ExitCode::from(2)
    })
}

/// Help and version are answers; anything else that clap reports is a mistake in the command.
fn usage(error: &clap::Error) -> ExitCode {
    let is_answer = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    // A closed pipe is no failure of the command.
    let _ = error.print();
    if is_answer {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    }
}

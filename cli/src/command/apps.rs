//! `plasma apps`: the applications that `run` and `repl` know.

use std::process::ExitCode;

use plasma_actor::Application;

use crate::failure::Failure;
use crate::output;

pub(crate) fn run(applications: &[&dyn Application]) -> Result<ExitCode, Failure> {
    let width = applications
        .iter()
        .map(|a| a.name().chars().count())
        .max()
        .unwrap_or(0);
    for application in applications {
        output::line(&format!(
            "{:width$}  {}",
            application.name(),
            application.about()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The application called `name`.
pub(crate) fn find<'a>(
    name: &str,
    applications: &[&'a dyn Application],
) -> Result<&'a dyn Application, Failure> {
    let names = || applications.iter().map(|a| a.name());
    applications
        .iter()
        .copied()
        .find(|a| a.name() == name)
        .ok_or_else(|| {
            let failure = Failure::new(format!("there is no application `{name}`"));
            match plasma_diagnostic::did_you_mean(name, names()) {
                Some(meant) => failure.help(format!("did you mean `{meant}`?")),
                None => failure.help(listing(applications)),
            }
        })
}

/// What there is to choose from, for messages.
pub(crate) fn listing(applications: &[&dyn Application]) -> String {
    let names: Vec<&str> = applications.iter().map(|a| a.name()).collect();
    format!("the applications are: {}", names.join(", "))
}

/// The application's actor declarations.
pub(crate) fn schema_of(application: &dyn Application) -> Result<String, Failure> {
    application.schema().map_err(|error| {
        Failure::new(format!(
            "application `{}` has no valid schema: {error}",
            application.name()
        ))
    })
}

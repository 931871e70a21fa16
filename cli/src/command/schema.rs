//! `plasma schema APP`: the actor declarations of an application, to check policies against.

use std::process::ExitCode;

use plasma_actor::Application;

use super::apps;
use crate::arguments::SchemaArguments;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(
    arguments: &SchemaArguments,
    applications: &[&dyn Application],
) -> Result<ExitCode, Failure> {
    let application = apps::find(&arguments.app, applications)?;
    output::line(apps::schema_of(application)?.trim_end())?;
    Ok(ExitCode::SUCCESS)
}

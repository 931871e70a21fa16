//! `plasma plan`: what a policy would do to a snapshot, and why.

use std::process::ExitCode;

use plasma_eval::Excess;
use plasma_model::PlanDocument;

use crate::analysis;
use crate::arguments::{PlanArguments, ReportFormat};
use crate::failure::Failure;
use crate::moment::{self, Moment};
use crate::{output, plan_text, policy_file};

pub(crate) fn run(arguments: &PlanArguments) -> Result<ExitCode, Failure> {
    let file = policy_file::read(&arguments.policy)?;
    let Moment { snapshot, schema } = moment::read(&arguments.snapshot, arguments.at)?;
    let program = analysis::usable(&file, schema.as_ref(), &arguments.params.params)?;
    let plan = plasma_scenario::plan(&program, &snapshot);
    if let Some(excess) = plan.excesses.first() {
        return Err(Failure::new(format!("{}: {excess}", file.name)).help(Excess::HELP));
    }
    match arguments.format {
        ReportFormat::Json => {
            output::json(&PlanDocument::new(&plan.decision, Some(plan.stats)))?;
        }
        ReportFormat::Human => {
            output::result(&plan_text::text(&program, &snapshot, &plan.decision))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

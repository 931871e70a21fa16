//! `plasma plan`: what a policy would do to a snapshot, and why.

use std::process::ExitCode;

use plasma_eval::Excess;
use plasma_model::PlanDocument;
use plasma_scenario::plan_text;

use crate::analysis;
use crate::arguments::{PlanArguments, ReportFormat};
use crate::failure::Failure;
use crate::{evaluation_text, moment, output, policy_file};

pub(crate) fn run(arguments: &PlanArguments) -> Result<ExitCode, Failure> {
    let file = policy_file::read(&arguments.policy)?;
    let moment = moment::read(&arguments.snapshot, arguments.at)?;
    let schema = moment.schema.as_ref();
    let program = analysis::usable(&file, schema, &arguments.params.params)?;
    let moment = moment.looking_back(&program, &arguments.snapshot)?;
    let (columns, past) = (&moment.columns, &moment.past);
    let (plan, evaluation) = match arguments.explain_plan {
        true => {
            let (plan, evaluation) = plasma_scenario::explained_plan(&program, columns, past);
            (plan, Some(evaluation))
        }
        false => (plasma_scenario::plan(&program, columns, past), None),
    };
    if let Some(excess) = plan.excesses.first() {
        return Err(Failure::new(format!("{}: {excess}", file.name)).help(Excess::HELP));
    }
    match (arguments.format, evaluation) {
        (ReportFormat::Json, evaluation) => {
            let document = PlanDocument::new(&plan.decision, Some(plan.stats));
            output::json(&PlanDocument {
                evaluation,
                ..document
            })?;
        }
        (ReportFormat::Human, Some(evaluation)) => {
            output::result(&evaluation_text::text(&evaluation, plan.stats))?;
        }
        (ReportFormat::Human, None) => {
            let text = plan_text::text(&program, (columns, past), &plan.decision);
            output::result(&text)?;
        }
    }
    let does_something = !plan.decision.actions.is_empty();
    Ok(match arguments.exit_code && does_something {
        true => ExitCode::from(1),
        false => ExitCode::SUCCESS,
    })
}

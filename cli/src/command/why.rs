//! `plasma why`: why a policy does what it does about an actor, why a rule fires or does not.

use std::process::ExitCode;

use plasma_eval::Excess;
use plasma_scenario::{Recorded, RecordedAbout, Subject, ToldMax, policy_hash, why};

use crate::arguments::{ReportFormat, WhyArguments};
use crate::document::why::WhyDocument;
use crate::failure::Failure;
use crate::{analysis, moment, output, policy_file, why_text};

/// What a person reads.
pub(crate) const TOLD_MAX_HUMAN: ToldMax = ToldMax {
    firings: 10,
    misses: 3,
};

/// What a program gets.
pub(crate) const TOLD_MAX_JSON: ToldMax = ToldMax {
    firings: 1_000,
    misses: 100,
};

/// What a recording tells, and the hash of the policy that is asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decided<'d> {
    pub(crate) recorded: &'d Recorded,
    pub(crate) own_hash: &'d str,
}

impl Decided<'_> {
    /// Whether the policy that decided then is the one that is asked about.
    pub(crate) fn is_by_same_policy(&self) -> bool {
        self.recorded.policy == self.own_hash
    }

    /// What of the decision is about a subject, whose name is `name`; `None` if that cannot be told: a rule
    /// without a name is called by its place, and in another policy another one stands there.
    pub(crate) fn about(&self, subject: &Subject, name: &str) -> Option<RecordedAbout<'_>> {
        let is_by_place = !matches!(subject, Subject::Entity(_)) && name.contains('#');
        let is_told = self.is_by_same_policy() || !is_by_place;
        is_told.then(|| self.recorded.about(subject, name))
    }
}

pub(crate) fn run(arguments: &WhyArguments) -> Result<ExitCode, Failure> {
    let file = policy_file::read(&arguments.policy)?;
    let Some(path) = arguments.snapshot.as_ref().or(arguments.trace.as_ref()) else {
        return Err(Failure::new("there is no snapshot to look at")
            .help("name one with --snapshot or --trace"));
    };
    let (moment, recorded) = moment::read_recorded(path, arguments.at)?;
    let schema = moment.schema.as_ref();
    let program = analysis::usable(&file, schema, &arguments.params.params)?;
    let moment = moment.looking_back(&program, path)?;
    let columns = &moment.columns;
    let subject = match &arguments.about {
        None => Subject::find(&arguments.subject, &program, columns),
        Some(about) => Subject::find_both([&arguments.subject, about], &program, columns),
    }
    .map_err(|unknown| Failure::new(unknown.to_string()).help(unknown.help()))?;
    let told_max = match arguments.format {
        ReportFormat::Human => TOLD_MAX_HUMAN,
        ReportFormat::Json => TOLD_MAX_JSON,
    };
    let why = why(&program, (columns, &moment.past), &subject, told_max);
    if let Some(excess) = why.plan.excesses.first() {
        return Err(Failure::new(format!("{}: {excess}", file.name)).help(Excess::HELP));
    }
    let own_hash = policy_hash(&file.text);
    let decided = recorded.as_ref().map(|recorded| Decided {
        recorded,
        own_hash: &own_hash,
    });
    let name = subject.name(&program);
    match arguments.format {
        ReportFormat::Json => {
            output::json(&WhyDocument::new(&why, &subject, &name, decided))?;
        }
        ReportFormat::Human => {
            let mut text = why_text::text(&why, &subject, &name, columns);
            if let Some(decided) = decided {
                text.push_str(&why_text::decided(decided, &subject, &name));
            }
            output::result(&text)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

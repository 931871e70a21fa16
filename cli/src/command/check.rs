//! `plasma check`: what is wrong, or doubtful, in policies.

mod baseline;
mod levels;
mod repair;
mod text;

use std::collections::HashSet;
use std::path::Path;
use std::process::ExitCode;

use plasma_check::Silenced;
use plasma_diagnostic::{Code, Diagnostic, Levels, Severity, SourceMap};

use crate::analysis::{self, Analysis, SchemaSource};
use crate::arguments::{CheckArguments, CheckFormat};
use crate::document::check::CheckDocument;
use crate::document::sarif::SarifDocument;
use crate::document::{github, junit};
use crate::failure::Failure;
use crate::found::Found;
use crate::policy_file::PolicyFile;
use crate::settings::Settings;
use crate::{output, policy_file, standard_input};
use baseline::Baselines;

pub(crate) fn run(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    if reads_policy(arguments) && arguments.schema.as_deref().is_some_and(is_standard_input) {
        return Err(standard_input::refusal("the schema", "the policy"));
    }
    let mut check = Check::new(arguments)?;
    for file in policy_file::read_all(&arguments.paths) {
        if let Err(failure) = file.and_then(|file| check.file(file)) {
            check.found.add_failure(&failure);
        }
    }
    for mistake in check.settings.mistakes() {
        check.found.add_failure(&mistake);
    }
    let remarks = check.baselines.finish().unwrap_or_else(|failure| {
        check.found.add_failure(&failure);
        Vec::new()
    });
    let found = check.found;
    print(arguments, &found, &remarks)?;
    for failure in &found.failures {
        output::problem(failure);
    }
    Ok(status(&found))
}

fn status(found: &Found) -> ExitCode {
    if found.is_too_large || !found.failures.is_empty() {
        return ExitCode::from(2);
    }
    match found.count(Severity::Error) {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(1),
    }
}

/// Whether a policy comes from standard input.
fn reads_policy(arguments: &CheckArguments) -> bool {
    arguments.paths.iter().any(|path| is_standard_input(path))
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// One run of the command.
struct Check<'a> {
    arguments: &'a CheckArguments,
    schema: Option<SchemaSource>,
    flags: Levels,
    baselines: Baselines,
    settings: Settings,
    found: Found,
    /// What was said so far: the file's name, the place in it, and what.
    said: HashSet<(String, u32, Code, String)>,
}

impl<'a> Check<'a> {
    fn new(arguments: &'a CheckArguments) -> Result<Self, Failure> {
        let schema = arguments.schema.as_deref().map(SchemaSource::read);
        Ok(Check {
            arguments,
            schema: schema.transpose()?,
            flags: levels::of_flags(&arguments.deny, &arguments.allow)?,
            baselines: Baselines::new(arguments.baseline.clone(), arguments.write_baseline),
            settings: Settings::default(),
            found: Found::default(),
            said: HashSet::new(),
        })
    }

    /// Checks one policy; with `--fix`, as it is after its fixes.
    fn file(&mut self, mut file: PolicyFile) -> Result<(), Failure> {
        if self.arguments.fix {
            self.repair(&mut file)?;
        }
        let mut sources = std::mem::take(&mut self.found.sources);
        let analysis = self.analyse(&mut sources, &file);
        self.found.sources = sources;
        let mut analysis = analysis?;
        self.settings.add(&analysis);
        self.found.is_too_large |= analysis.is_too_large;
        self.found.files.push(analysis.file);
        // Without its baseline, a policy is still checked.
        let known = self
            .baselines
            .sort_out(&file, &self.found.sources, &mut analysis);
        analysis.diagnostics.retain(|d| self.is_new(d));
        self.found.diagnostics.append(&mut analysis.diagnostics);
        self.found.silenced.append(&mut analysis.silenced);
        self.found.known += known?;
        Ok(())
    }

    /// Whether this was not said before: of a module that was checked by itself, or that another policy
    /// uses as well.
    fn is_new(&mut self, diagnostic: &Diagnostic) -> bool {
        let place = diagnostic.primary;
        let file = self.found.sources.name(place.file).to_owned();
        let message = diagnostic.message.clone();
        self.said
            .insert((file, place.start, diagnostic.code, message))
    }

    /// Checks a text; lints count as the project and the flags say.
    fn analyse(&self, sources: &mut SourceMap, file: &PolicyFile) -> Result<Analysis, Failure> {
        let params = &self.arguments.params.params;
        let mut analysis = analysis::analyse(sources, file, self.schema.as_ref(), params)?;
        let levels = analysis.project.lints.overridden_by(&self.flags);
        analysis.diagnostics = levels.apply(analysis.diagnostics);
        let is_left_out = |silenced: &Silenced| levels.leaves_out(silenced.diagnostic.code);
        analysis.silenced.retain(|silenced| !is_left_out(silenced));
        Ok(analysis)
    }

    /// Applies the safe fixes of a file and puts its new text where the old one was.
    fn repair(&mut self, file: &mut PolicyFile) -> Result<(), Failure> {
        let mended = repair::mend(file, |file| self.analyse(&mut SourceMap::new(), file))?;
        file.text.clone_from(&mended.text);
        match &file.path {
            Some(path) if !mended.fixed.is_empty() => repair::replace(path, &mended.text)?,
            Some(_) => {}
            None => output::result(&mended.text)?,
        }
        let fixed = mended.fixed.into_iter();
        self.found
            .fixed
            .extend(fixed.map(|fixed| (file.name.clone(), fixed)));
        Ok(())
    }
}

/// Prints the result; to standard error if the fixed text of a policy is on standard output.
fn print(arguments: &CheckArguments, found: &Found, remarks: &[String]) -> Result<(), Failure> {
    let is_human = arguments.format == CheckFormat::Human;
    let is_aside = arguments.fix && reads_policy(arguments);
    let document = match arguments.format {
        CheckFormat::Human if found.files.is_empty() => String::new(),
        CheckFormat::Human => text::human(found, remarks, is_aside),
        CheckFormat::Short => text::short(found),
        CheckFormat::Json => output::json_line(&CheckDocument::new(found))?,
        CheckFormat::Sarif => output::json_line(&SarifDocument::new(found))?,
        CheckFormat::Junit => junit::document(found)?,
        CheckFormat::Github => github::document(found),
    };
    if is_aside {
        output::problem(document.trim_end());
    } else {
        output::result(&document)?;
    }
    // Programs read a document and nothing else.
    if !is_human {
        let asides = text::fixes(found);
        for aside in asides.lines().chain(remarks.iter().map(String::as_str)) {
            output::problem(aside);
        }
    }
    Ok(())
}

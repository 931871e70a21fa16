//! What a prompt's policy and expressions are checked against: the schema in force, the project, the
//! parameters set from outside.

use plasma_check::program::CheckedProgram;
use plasma_check::{Environment, check_parsed};
use plasma_diagnostic::{Diagnostic, Levels, SourceMap};
use plasma_scenario::retain_shown;
use plasma_syntax::Parsed;
use plasma_syntax::tree::Tree;

use super::answer::Refusal;
use super::options::{Format, Options};
use super::policy::{Policy, Whole};
use crate::analysis::{self, SchemaSource, Surroundings};
use crate::{document, policy_file, settings};

/// What there is beside the policy.
pub(super) struct Setting {
    /// The schema of what the prompt looks at, if it announces one.
    pub(super) schema: Option<SchemaSource>,
    /// The parameters of the command line.
    pub(super) params: Vec<(String, String)>,
    /// Whether diagnostics are coloured.
    pub(super) coloured: bool,
    /// What `:set` changes.
    pub(super) options: Options,
}

/// What a parameter is that is set from outside and that the policy does not declare.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Undeclared {
    /// A mistake, as for any other command.
    Mistake,
    /// It waits until a parameter of its name is declared.
    Waits,
}

/// A policy that was parsed, with what it is checked against.
pub(super) struct Around {
    pub(super) whole: Whole,
    pub(super) parsed: Parsed,
    pub(super) environment: Environment,
    /// How much each lint counts in the project.
    pub(super) lints: Levels,
}

/// A policy without errors.
pub(super) struct Usable {
    pub(super) program: CheckedProgram,
    pub(super) tree: Tree,
    /// The parameters set from outside, as they were typed.
    pub(super) params: Vec<(String, String)>,
    /// Its warnings.
    pub(super) warnings: Refusal,
    /// The texts that places in it point into.
    pub(super) sources: SourceMap,
    /// The policy among them.
    pub(super) whole: Whole,
}

impl Setting {
    /// A policy checked against everything around it; with the warnings that are to be shown.
    pub(super) fn usable(
        &self,
        policy: &Policy,
        undeclared: Undeclared,
        shows: impl Fn(&Diagnostic, &Whole) -> bool,
    ) -> Result<Usable, Refusal> {
        let mut sources = SourceMap::new();
        let Around {
            whole,
            parsed,
            environment,
            lints,
        } = self.around(&mut sources, policy, undeclared)?;
        let tree = parsed.tree.clone();
        let mut checked = check_parsed(&parsed, &environment);
        retain_shown(&mut checked, whole.file, &policy.text(), &environment);
        whole.lead_back(&mut checked.diagnostics);
        let has_errors = checked.has_errors();
        let mut shown = checked.diagnostics;
        shown.retain(|diagnostic| diagnostic.is_error() || shows(diagnostic, &whole));
        shown.retain(|diagnostic| !lints.leaves_out(diagnostic.code));
        let warnings = self.rendered(&sources, &shown);
        match has_errors {
            true => Err(warnings),
            false => Ok(Usable {
                program: checked.program,
                tree,
                params: environment.params,
                warnings,
                sources,
                whole,
            }),
        }
    }

    /// Parses a policy, and reads its project and the schema in force.
    pub(super) fn around(
        &self,
        sources: &mut SourceMap,
        policy: &Policy,
        undeclared: Undeclared,
    ) -> Result<Around, Refusal> {
        let Surroundings {
            project,
            schema,
            diagnostics,
        } = analysis::surroundings(sources, policy.path(), self.schema.as_ref())?;
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(self.rendered(sources, &diagnostics));
        }
        // Those of a policy of the library are about an application of their own.
        let leaves_out_tests = schema.is_some() && policy.path().is_none();
        let whole = policy.add_to(sources);
        let parsed = plasma_syntax::parse(whole.file, policy.text());
        let modules = policy_file::modules(&parsed.tree, sources);
        let declared = settings::declared_params(&parsed.tree, &modules);
        let mut given = self.params.clone();
        if undeclared == Undeclared::Waits {
            given.retain(|(name, _)| declared.contains(name));
        }
        let params = settings::effective_params(&declared, &project, &given);
        Ok(Around {
            whole,
            parsed,
            environment: Environment {
                schema,
                modules,
                params,
                today: analysis::today(),
                leaves_out_tests,
                notes_names: false,
            },
            lints: project.lints,
        })
    }

    /// Whether a policy or a module of it declares a parameter.
    pub(super) fn declares(&self, policy: &Policy, name: &str) -> Result<bool, Refusal> {
        let mut sources = SourceMap::new();
        let around = self.around(&mut sources, policy, Undeclared::Waits)?;
        let declared = settings::declared_params(&around.parsed.tree, &around.environment.modules);
        Ok(declared.contains(name))
    }

    /// Diagnostics as text, and for programs as documents, too.
    pub(super) fn rendered(&self, sources: &SourceMap, diagnostics: &[Diagnostic]) -> Refusal {
        let width = self.options.layout().width;
        let documents = match self.options.format {
            Format::Human => Vec::new(),
            Format::Json => document::check::diagnostics(sources, diagnostics),
        };
        Refusal {
            text: analysis::render_within(sources, diagnostics, self.coloured, width),
            diagnostics: documents,
        }
    }
}

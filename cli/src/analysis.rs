//! A policy with everything around it: its project, the application's schema, parameters. Parses and
//! checks it.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use plasma_check::program::CheckedProgram;
use plasma_check::schema::Schema;
use plasma_check::{Date, Environment, Silenced, check_parsed, schema_of};
use plasma_diagnostic::{Code, Diagnostic, FileId, RenderOptions, SourceMap};
use plasma_scenario::project::{self, Project};
use plasma_scenario::retain_shown;
use plasma_syntax::POLICY_RULES_MAX;
use plasma_syntax::tree::{Item, Tree};

use crate::failure::Failure;
use crate::output;
use crate::policy_file::{self, PolicyFile};
use crate::settings::{self, Settings};

/// Actor declarations and where they are from.
#[derive(Clone, Debug)]
pub(crate) struct SchemaSource {
    /// What diagnostics call it.
    pub(crate) name: String,
    /// The declarations.
    pub(crate) text: String,
}

impl SchemaSource {
    /// Reads the file that `--schema` names; `-` is standard input.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let file = policy_file::read_schema(path)?;
        let id = SourceMap::new().add(file.name.as_str(), "");
        let parsed = plasma_syntax::parse(id, file.text.as_str());
        let is_actor = |item: &Item| matches!(item, Item::Actor(_));
        // Mistakes are reported with the policy's.
        if parsed.diagnostics.is_empty() && !parsed.tree.items().iter().any(is_actor) {
            return Err(
                Failure::new(format!("{} declares no actor", file.name)).help(
                    "a schema has declarations such as `actor Folder { fn open; }`; \
                     `plasma schema APP` prints those of an application",
                ),
            );
        }
        Ok(SchemaSource {
            name: file.name,
            text: file.text,
        })
    }

    /// The one in force: this one, else the project's, if it can be read.
    pub(crate) fn in_force(schema: Option<&SchemaSource>, project: &Project) -> Option<Self> {
        match schema {
            Some(schema) => Some(schema.clone()),
            None => SchemaSource::of_project(project).ok().flatten(),
        }
    }

    /// Reads the file that a project names.
    fn of_project(project: &Project) -> Result<Option<Self>, Failure> {
        let Some(path) = &project.schema else {
            return Ok(None);
        };
        let read = SchemaSource::read(project::shown(path)).map(Some);
        read.map_err(|failure| failure.at(&project.place("schema")))
    }
}

/// The present day, for what a policy says until a day; `None` on a machine whose clock is before 1970.
pub(crate) fn today() -> Option<Date> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(Date::of_unix_seconds(since.as_secs()))
}

/// A checked policy.
#[derive(Debug)]
pub(crate) struct Analysis {
    /// The policy's text among the sources.
    pub(crate) file: FileId,
    /// What can be used of it.
    pub(crate) program: CheckedProgram,
    /// Mistakes and doubts, in the order of the text; those of the schema first.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Lints that the policy itself silences, in the order of its text.
    pub(crate) silenced: Vec<Silenced>,
    /// The policy's project.
    pub(crate) project: Project,
    /// The parameters that the policy declares.
    pub(crate) declared_params: BTreeSet<String>,
    /// Whether it has more rules than are read.
    pub(crate) is_too_large: bool,
    /// Its tree, and what it was checked against, for what is asked about it later.
    pub(crate) tree: Tree,
    /// See `tree`.
    pub(crate) environment: Environment,
}

/// Checks a policy against `schema`, else its project's, else its own declarations; `params` win
/// over the project's.
pub(crate) fn analyse(
    sources: &mut SourceMap,
    file: &PolicyFile,
    schema: Option<&SchemaSource>,
    params: &[(String, String)],
) -> Result<Analysis, Failure> {
    let Surroundings {
        project,
        schema,
        mut diagnostics,
    } = surroundings(sources, file.path.as_deref(), schema)?;
    let is_of_application = schema.is_some();
    let id = sources.add(file.name.as_str(), file.text.as_str());
    let parsed = plasma_syntax::parse(id, file.text.as_str());
    let modules = policy_file::modules(&parsed.tree, sources);
    let declared_params = settings::declared_params(&parsed.tree, &modules);
    let is_rule = |item: &&Item| matches!(item, Item::Rule(_));
    let rules = parsed.tree.items().iter().filter(is_rule).count();
    let is_beyond = |d: &Diagnostic| d.code == Code::TooLarge;
    let is_too_large = rules >= POLICY_RULES_MAX && parsed.diagnostics.iter().any(is_beyond);
    let environment = Environment {
        schema,
        modules,
        params: settings::effective_params(&declared_params, &project, params),
        today: today(),
        // The library's tests are about an application of their own.
        leaves_out_tests: file.is_of_library() && is_of_application,
        notes_names: false,
    };
    let mut checked = check_parsed(&parsed, &environment);
    retain_shown(&mut checked, id, &file.text, &environment);
    settings::name_places(&mut checked.diagnostics, &declared_params, &project, params);
    diagnostics.extend(checked.diagnostics);
    Ok(Analysis {
        file: id,
        program: checked.program,
        silenced: checked.silenced,
        diagnostics,
        project,
        declared_params,
        is_too_large,
        tree: parsed.tree,
        environment,
    })
}

/// What there is around a policy before it is read.
#[derive(Debug)]
pub(crate) struct Surroundings {
    /// Its project.
    pub(crate) project: Project,
    /// The application's schema.
    pub(crate) schema: Option<Schema>,
    /// Mistakes and doubts in the schema.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Finds the project of a policy (of the working folder if it has no path), and reads `schema`, else
/// the project's.
pub(crate) fn surroundings(
    sources: &mut SourceMap,
    path: Option<&Path>,
    schema: Option<&SchemaSource>,
) -> Result<Surroundings, Failure> {
    let project = project::find(path).map_err(|error| Failure::new(error.to_string()))?;
    let project_schema = match schema {
        Some(_) => None,
        None => SchemaSource::of_project(&project)?,
    };
    let mut diagnostics = Vec::new();
    let schema = schema
        .or(project_schema.as_ref())
        .map(|source| declare(sources, source, &mut diagnostics));
    Ok(Surroundings {
        project,
        schema,
        diagnostics,
    })
}

/// Whether a policy can be used.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// The policy, or why it cannot be used.
    pub(crate) program: Result<CheckedProgram, Failure>,
    /// Its diagnostics, for people.
    pub(crate) remarks: String,
}

/// Checks a policy that is to be used: warnings go to standard error, errors end the command.
pub(crate) fn usable(
    file: &PolicyFile,
    schema: Option<&SchemaSource>,
    params: &[(String, String)],
) -> Result<CheckedProgram, Failure> {
    let verdict = verdict(file, schema, params, output::stderr_is_coloured())?;
    if !verdict.remarks.is_empty() {
        output::problem(&verdict.remarks);
    }
    verdict.program
}

/// Checks whether a policy can be used.
pub(crate) fn verdict(
    file: &PolicyFile,
    schema: Option<&SchemaSource>,
    params: &[(String, String)],
    coloured: bool,
) -> Result<Verdict, Failure> {
    let mut sources = SourceMap::new();
    let mut analysis = analyse(&mut sources, file, schema, params)?;
    // Only `check` is a gate: whoever runs a policy is told of a denied lint, and not stopped.
    let lints = &analysis.project.lints;
    analysis.diagnostics.retain(|d| !lints.leaves_out(d.code));
    let mut settings = Settings::default();
    settings.add(&analysis);
    if let Some(mistake) = settings.mistakes().into_iter().next() {
        return Err(mistake);
    }
    let remarks = render_all(&sources, &analysis.diagnostics, coloured);
    let errors = analysis.diagnostics.iter().filter(|d| d.is_error()).count();
    Ok(Verdict {
        program: match errors {
            0 => Ok(analysis.program),
            _ => Err(refusal(file, errors)),
        },
        remarks: remarks.trim_end().to_owned(),
    })
}

/// Checks two policies that are compared. A parameter that is set from outside is that of the policies
/// that declare it.
pub(crate) fn usable_pair(
    files: [&PolicyFile; 2],
    schema: Option<&SchemaSource>,
    params: &[(String, String)],
) -> Result<[CheckedProgram; 2], Failure> {
    let declared = files.map(|file| {
        let (mut sources, id) = SourceMap::single(file.name.as_str(), "");
        let parsed = plasma_syntax::parse(id, file.text.as_str());
        let modules = policy_file::modules(&parsed.tree, &mut sources);
        settings::declared_params(&parsed.tree, &modules)
    });
    let usable_with = |place: usize| {
        let [own, other] = [place, 1 - place].map(|place| &declared[place]);
        let is_meant = |(name, _): &&(String, String)| own.contains(name) || !other.contains(name);
        let own: Vec<(String, String)> = params.iter().filter(is_meant).cloned().collect();
        usable(files[place], schema, &own)
    };
    Ok([usable_with(0)?, usable_with(1)?])
}

/// What is said of a policy with so many errors.
pub(crate) fn refusal(file: &PolicyFile, errors: usize) -> Failure {
    Failure::new(format!(
        "{} has {errors} {} and cannot be used",
        file.name,
        if errors == 1 { "error" } else { "errors" }
    ))
}

/// The text of diagnostics for people, a blank line after each.
pub(crate) fn render_all(
    sources: &SourceMap,
    diagnostics: &[Diagnostic],
    coloured: bool,
) -> String {
    render_within(sources, diagnostics, coloured, None)
}

/// The same with long notes broken into lines of so many columns.
pub(crate) fn render_within(
    sources: &SourceMap,
    diagnostics: &[Diagnostic],
    coloured: bool,
    width: Option<usize>,
) -> String {
    let options = RenderOptions {
        color: coloured,
        width,
    };
    plasma_diagnostic::render(sources, diagnostics, options)
}

fn declare(
    sources: &mut SourceMap,
    source: &SchemaSource,
    diagnostics: &mut Vec<Diagnostic>,
) -> Schema {
    let known = sources.files().find(|id| sources.name(*id) == source.name);
    let is_first = known.is_none();
    let id = known.unwrap_or_else(|| sources.add(source.name.as_str(), source.text.as_str()));
    let parsed = plasma_syntax::parse(id, source.text.as_str());
    let (schema, mistakes) = schema_of(&parsed.tree);
    // Several policies share a schema: its mistakes are reported with the first one.
    if is_first {
        diagnostics.extend(parsed.diagnostics);
        diagnostics.extend(mistakes);
    }
    schema
}

//! A policy with everything around it: its project, the application's schema, parameters. Parses and
//! checks it.

use std::path::Path;

use plasma_check::program::CheckedProgram;
use plasma_check::schema::Schema;
use plasma_check::{Environment, check_parsed, schema_of};
use plasma_diagnostic::{Diagnostic, RenderOptions, SourceMap};
use plasma_scenario::project::{self, Project};
use plasma_syntax::tree::{Item, Tree};

use crate::failure::Failure;
use crate::output;
use crate::policy_file::{self, PolicyFile};

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
    pub(crate) fn read(argument: &str) -> Result<Self, Failure> {
        policy_file::read(argument).map(|file| SchemaSource {
            name: file.name,
            text: file.text,
        })
    }

    fn read_path(path: &Path) -> Result<Self, Failure> {
        SchemaSource::read(&path.display().to_string())
    }
}

/// A checked policy.
#[derive(Debug)]
pub(crate) struct Analysis {
    /// What can be used of it.
    pub(crate) program: CheckedProgram,
    /// Mistakes and doubts, in the order of the text; those of the schema first.
    pub(crate) diagnostics: Vec<Diagnostic>,
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
    let id = sources.add(file.name.as_str(), file.text.as_str());
    let parsed = plasma_syntax::parse(id, file.text.as_str());
    let params = effective_params(&parsed.tree, &project, params);
    let checked = check_parsed(parsed, &Environment { schema, params });
    diagnostics.extend(checked.diagnostics);
    Ok(Analysis {
        program: checked.program,
        diagnostics,
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
    let project_schema = match (schema, &project.schema) {
        (None, Some(path)) => Some(SchemaSource::read_path(path)?),
        _ => None,
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

/// Checks a policy that is to be used: warnings go to standard error, errors end the command.
pub(crate) fn usable(
    file: &PolicyFile,
    schema: Option<&SchemaSource>,
    params: &[(String, String)],
) -> Result<CheckedProgram, Failure> {
    let mut sources = SourceMap::new();
    let analysis = analyse(&mut sources, file, schema, params)?;
    if !analysis.diagnostics.is_empty() {
        let coloured = output::stderr_is_coloured();
        output::problem(render_all(&sources, &analysis.diagnostics, coloured).trim_end());
    }
    let errors = analysis.diagnostics.iter().filter(|d| d.is_error()).count();
    match errors {
        0 => Ok(analysis.program),
        _ => Err(Failure::new(format!(
            "{} has {errors} {} and cannot be used",
            file.name,
            if errors == 1 { "error" } else { "errors" }
        ))),
    }
}

/// The text of diagnostics for people, a blank line after each.
pub(crate) fn render_all(
    sources: &SourceMap,
    diagnostics: &[Diagnostic],
    coloured: bool,
) -> String {
    plasma_diagnostic::render(
        sources,
        diagnostics,
        RenderOptions {
            color: coloured,
            width: None,
        },
    )
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

/// Whether a policy declares a parameter of that name.
pub(crate) fn declares_param(tree: &Tree, name: &str) -> bool {
    tree.items().iter().any(|item| match item {
        Item::Param(param) => param
            .name
            .is_some_and(|declared| tree.name(declared) == name),
        _ => false,
    })
}

/// The given parameters and, of the project's, those that this policy declares: a project may hold
/// parameters of several policies.
pub(crate) fn effective_params(
    tree: &Tree,
    project: &Project,
    given: &[(String, String)],
) -> Vec<(String, String)> {
    let is_given = |name: &str| given.iter().any(|(given, _)| given == name);
    let mut params: Vec<(String, String)> = project
        .params
        .iter()
        .filter(|(name, _)| declares_param(tree, name) && !is_given(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    params.extend(given.iter().cloned());
    params
}

//! The parameters that a `plasma.toml` sets: applied to the policies that declare them, and a mistake
//! where none does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use plasma_check::Modules;
use plasma_diagnostic::{Diagnostic, SourceMap, did_you_mean};
use plasma_scenario::project::Project;
use plasma_syntax::tree::Tree;

use crate::analysis::Analysis;
use crate::failure::Failure;
use crate::policy_file;

/// The projects of the policies given to a command, and the parameters that these policies declare.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    projects: BTreeMap<PathBuf, (Project, BTreeSet<String>)>,
}

impl Settings {
    /// Notes a policy.
    pub(crate) fn add(&mut self, analysis: &Analysis) {
        let Some(path) = &analysis.project.path else {
            return;
        };
        let fresh = || (analysis.project.clone(), BTreeSet::new());
        let (_, declared) = self.projects.entry(path.clone()).or_insert_with(fresh);
        declared.extend(analysis.declared_params.iter().cloned());
    }

    /// The parameters that neither these policies nor others of their project declare.
    pub(crate) fn mistakes(&self) -> Vec<Failure> {
        let mut mistakes = Vec::new();
        for (path, (project, declared)) in &self.projects {
            let is_declared = |name: &&String| declared.contains(*name);
            if project.params.keys().all(|name| is_declared(&name)) {
                continue;
            }
            let mut declared = declared.clone();
            if let Some(folder) = path.parent() {
                declared.extend(declared_below(folder));
            }
            let unknown = project.params.keys().filter(|n| !declared.contains(*n));
            mistakes.extend(unknown.map(|name| undeclared(project, name, &declared)));
        }
        mistakes
    }
}

/// The parameters that a policy and its modules declare.
pub(crate) fn declared_params(tree: &Tree, modules: &Modules) -> BTreeSet<String> {
    modules.param_names(tree).into_iter().collect()
}

/// The given parameters and, of the project's, those that the policy declares.
pub(crate) fn effective_params(
    declared: &BTreeSet<String>,
    project: &Project,
    given: &[(String, String)],
) -> Vec<(String, String)> {
    let of_project = of_project(declared, project, given);
    let mut params: Vec<(String, String)> = of_project
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    params.extend(given.iter().cloned());
    params
}

/// Adds to reports of a wrong value where the project sets it.
pub(crate) fn name_places(
    diagnostics: &mut [Diagnostic],
    declared: &BTreeSet<String>,
    project: &Project,
    given: &[(String, String)],
) {
    for (name, value) in of_project(declared, project, given) {
        let said = format!("cannot set `{name}={value}`");
        let place = project.place(&format!("params.{name}"));
        for diagnostic in &mut *diagnostics {
            if let Some(rest) = diagnostic.message.strip_prefix(&said) {
                diagnostic.message = format!("{place}: {said}{rest}");
            }
        }
    }
}

fn of_project<'p>(
    declared: &BTreeSet<String>,
    project: &'p Project,
    given: &[(String, String)],
) -> impl Iterator<Item = (&'p String, &'p String)> {
    let is_given = |name: &str| given.iter().any(|(given, _)| given == name);
    let applies =
        move |(name, _): &(&String, &String)| declared.contains(name.as_str()) && !is_given(name);
    project.params.iter().filter(applies)
}

/// What the other policies of a project declare.
fn declared_below(folder: &std::path::Path) -> BTreeSet<String> {
    let (paths, _) = policy_file::policies_below(folder);
    let mut declared = BTreeSet::new();
    // One that cannot be read declares nothing; it is no part of this command.
    for file in paths.iter().filter_map(|path| policy_file::read(path).ok()) {
        let (mut sources, id) = SourceMap::single(file.name.as_str(), "");
        let parsed = plasma_syntax::parse(id, file.text.as_str());
        let modules = policy_file::modules(&parsed.tree, &mut sources);
        declared.extend(declared_params(&parsed.tree, &modules));
    }
    declared
}

fn undeclared(project: &Project, name: &str, declared: &BTreeSet<String>) -> Failure {
    let place = project.place(&format!("params.{name}"));
    let failure = Failure::new(format!(
        "{place}: no policy declares the parameter `{name}`"
    ));
    match did_you_mean(name, declared.iter().map(String::as_str)) {
        Some(meant) => failure.help(format!("did you mean `{meant}`?")),
        None => failure.help(format!(
            "declare it, `param {name} = ..;`, or remove the line"
        )),
    }
}

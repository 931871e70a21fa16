//! Reading policy files: bounded, UTF-8, from a path, a folder or standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use plasma_check::Modules;
use plasma_diagnostic::SourceMap;
use plasma_scenario::{ModuleFiles, Unreadable};
use plasma_syntax::tree::Tree;

use crate::failure::Failure;
use crate::standard_input;

/// A policy's text with the name that diagnostics show.
#[derive(Debug)]
pub(crate) struct PolicyFile {
    /// The path as the user wrote it, or `<stdin>`.
    pub(crate) name: String,
    /// Where it lies; `None` for standard input and the library's own policies.
    pub(crate) path: Option<PathBuf>,
    /// Its text.
    pub(crate) text: String,
}

impl PolicyFile {
    /// Whether it is one of the library's own policies.
    pub(crate) fn is_of_library(&self) -> bool {
        self.path.is_none() && !self.is_standard_input()
    }

    /// Whether it was read from standard input.
    pub(crate) fn is_standard_input(&self) -> bool {
        self.path.is_none() && self.name == STANDARD_INPUT
    }
}

/// What diagnostics call a policy from standard input.
pub(crate) const STANDARD_INPUT: &str = "<stdin>";

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Policy,
    Schema,
}

/// Reads one policy: a path, `-` for standard input, or `std.NAME` for a policy of the library.
pub(crate) fn read(argument: impl AsRef<Path>) -> Result<PolicyFile, Failure> {
    let path = argument.as_ref();
    match path.to_str() {
        Some("-") => read_standard_input("the policy"),
        Some(text) if text.starts_with("std.") => library_policy(text),
        _ => read_path(path, Role::Policy),
    }
}

/// Reads a file of actor declarations: a path, or `-` for standard input.
pub(crate) fn read_schema(path: &Path) -> Result<PolicyFile, Failure> {
    match path.to_str() {
        Some("-") => read_standard_input("the schema"),
        _ => read_path(path, Role::Schema),
    }
}

/// Reads the policies that the arguments of `check` and `fmt` name: files, folders (their `.plasma` files, in
/// order of path, without hidden folders and those that tools fill), `-`. What cannot be read is among them.
pub(crate) fn read_all(arguments: &[PathBuf]) -> Vec<Result<PolicyFile, Failure>> {
    let mut files = Vec::new();
    for argument in arguments {
        if argument.as_os_str() == "-" || !argument.is_dir() {
            files.push(read(argument));
            continue;
        }
        let (paths, unreadable) = policies_below(argument);
        if paths.is_empty() && unreadable.is_empty() {
            let folder = argument.display();
            files.push(Err(Failure::new(format!("no `.plasma` file in {folder}"))));
        }
        files.extend(unreadable.into_iter().map(Err));
        files.extend(paths.iter().map(|path| read_path(path, Role::Policy)));
    }
    files
}

/// The policy files below a folder, in order of path; and what could not be looked at.
pub(crate) fn policies_below(folder: &Path) -> (Vec<PathBuf>, Vec<Failure>) {
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    for entry in plasma_scenario::policies_below(folder, usize::MAX) {
        match entry {
            Ok(path) => found.push(path),
            Err(Unreadable { path, error }) => unreadable.push(Failure::reading(&path, &error)),
        }
    }
    (found, unreadable)
}

/// Reads the modules that a policy uses; their texts become sources.
pub(crate) fn modules(tree: &Tree, sources: &mut SourceMap) -> Modules {
    Modules::load(tree, sources, &module_files())
}

/// Where modules are read from: the library, and files.
pub(crate) fn module_files() -> ModuleFiles {
    ModuleFiles::new(plasma_stdlib::POLICIES.iter().map(|p| (p.name, p.source)))
}

fn read_standard_input(what: &'static str) -> Result<PolicyFile, Failure> {
    let input = standard_input::take(what)?;
    let name = STANDARD_INPUT;
    Ok(PolicyFile {
        name: name.into(),
        path: None,
        text: decode(name, read_bounded(input.lock(), name)?)?,
    })
}

fn library_policy(argument: &str) -> Result<PolicyFile, Failure> {
    let name = argument.trim_start_matches("std.");
    match plasma_stdlib::policy(name) {
        Some(policy) => Ok(PolicyFile {
            name: argument.to_owned(),
            path: None,
            text: policy.source.to_owned(),
        }),
        None => {
            let names: Vec<String> = plasma_stdlib::POLICIES
                .iter()
                .map(|p| format!("std.{}", p.name))
                .collect();
            Err(
                Failure::new(format!("the library has no policy `{argument}`"))
                    .help(format!("it has: {}", names.join(", "))),
            )
        }
    }
}

fn read_path(path: &Path, role: Role) -> Result<PolicyFile, Failure> {
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(
            Failure::new(format!("{name} is a folder")).help(match role {
                Role::Policy => {
                    "name one policy file; `plasma check`, `fmt`, `test` and `doc` take folders"
                }
                Role::Schema => "name the file with the application's `actor` declarations",
            }),
        );
    }
    let file = File::open(path).map_err(|error| missing_or_unreadable(path, &error))?;
    let text = decode(&name, read_bounded(file, &name)?)?;
    Ok(PolicyFile {
        name,
        path: Some(path.to_owned()),
        text,
    })
}

fn missing_or_unreadable(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::reading(path, error);
    if error.kind() != io::ErrorKind::NotFound {
        return failure;
    }
    match path.file_stem().and_then(|stem| stem.to_str()) {
        Some(stem) if plasma_stdlib::policy(stem).is_some() => failure.help(format!(
            "the library has a policy of that name: `std.{stem}`"
        )),
        _ => failure,
    }
}

fn read_bounded(reader: impl Read, name: &str) -> Result<Vec<u8>, Failure> {
    let limit = plasma_syntax::POLICY_BYTES_MAX as u64;
    let mut bytes = Vec::new();
    reader
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::reading(Path::new(name), &error))?;
    if bytes.len() as u64 > limit {
        return Err(Failure::new(format!(
            "{name} is larger than {} MiB, the most that a policy may have",
            limit >> 20
        ))
        .help("is it a policy? traces and snapshots go with --trace and --snapshot"));
    }
    Ok(bytes)
}

fn decode(name: &str, bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..at]
            .iter()
            .filter(|b| **b == b'\n')
            .count();
        Failure::new(format!(
            "{name}:{line}: not UTF-8 text (byte {} is 0x{:02x})",
            at + 1,
            error.as_bytes().get(at).copied().unwrap_or_default()
        ))
        .help("policies are UTF-8 text; save the file in that encoding")
    })
}

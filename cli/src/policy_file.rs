//! Reading policy files: bounded, UTF-8, from a path, a folder or standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

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

/// Reads one policy: a path, `-` for standard input, or `std.NAME` for a policy of the library.
pub(crate) fn read(argument: &str) -> Result<PolicyFile, Failure> {
    if argument == "-" {
        let text = decode("<stdin>", read_bounded(io::stdin().lock(), "<stdin>")?)?;
        return Ok(PolicyFile {
            name: "<stdin>".into(),
            path: None,
            text,
        });
    }
    if let Some(name) = argument.strip_prefix("std.") {
        return library_policy(argument, name);
    }
    read_path(Path::new(argument))
}

/// Reads the policies that the arguments of `check` name: files, folders (their `.plasma` files, in
/// order of path, hidden and `target` folders left out), `-`.
pub(crate) fn read_all(arguments: &[String]) -> Result<Vec<PolicyFile>, Failure> {
    let mut files = Vec::new();
    for argument in arguments {
        let path = Path::new(argument);
        if argument != "-" && path.is_dir() {
            let mut found = Vec::new();
            collect(path, &mut found)?;
            if found.is_empty() {
                return Err(Failure::new(format!("no `.plasma` file in {argument}")));
            }
            for path in found {
                files.push(read_path(&path)?);
            }
        } else {
            files.push(read(argument)?);
        }
    }
    Ok(files)
}

fn library_policy(argument: &str, name: &str) -> Result<PolicyFile, Failure> {
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

fn read_path(path: &Path) -> Result<PolicyFile, Failure> {
    let name = path.display().to_string();
    if path.is_dir() {
        return Err(Failure::new(format!("{name} is a folder"))
            .help("name one policy file; only `plasma check` takes folders"));
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

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::reading(folder, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::reading(folder, &error))?;
        let kind = entry
            .file_type()
            .map_err(|error| Failure::reading(&entry.path(), &error))?;
        paths.push((entry.path(), kind.is_dir()));
    }
    paths.sort();
    for (path, is_folder) in paths {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        if is_folder {
            if !name.starts_with('.') && name != "target" {
                collect(&path, found)?;
            }
        } else if path.extension().is_some_and(|e| e == "plasma") {
            found.push(path);
        }
    }
    Ok(())
}

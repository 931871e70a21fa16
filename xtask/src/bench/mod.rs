//! The benchmarks: run by one command, their tables printed and written into `docs/performance.md`.

mod machine;
mod page;
mod server;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use crate::python;
use crate::session::{cargo, root};

/// A part of the page that one program fills.
struct Section {
    name: &'static str,
    shows: &'static str,
    program: Program,
    /// Whether it prints Markdown, not text in columns.
    is_markdown: bool,
}

enum Program {
    /// The benchmark of `plasma-benches` with the section's name.
    Ours,
    /// One of `benches/peers`.
    Peers(&'static str),
    /// The same as ours, beside a language server that is installed for it.
    BesideServer,
}

const SECTIONS: &[Section] = &[
    Section {
        name: "peers",
        shows: "three rules beside polars, DuckDB, SQLite, starlark, Python, regorus and Rust by hand",
        program: Program::Peers("evaluation"),
        is_markdown: true,
    },
    Section {
        name: "front-peers",
        shows: "10 000 rules read by Plasma, starlark, nickel, cel, regorus and cedar",
        program: Program::Peers("front"),
        is_markdown: true,
    },
    Section {
        name: "evaluation",
        shows: "three rules, whole and following changes, beside the same by hand",
        program: Program::Ours,
        is_markdown: false,
    },
    Section {
        name: "ingest",
        shows: "a snapshot from a file into columns",
        program: Program::Ours,
        is_markdown: false,
    },
    Section {
        name: "front",
        shows: "policies read and checked step by step, and the command",
        program: Program::Ours,
        is_markdown: true,
    },
    Section {
        name: "arbitration",
        shows: "plans for a million actors",
        program: Program::Ours,
        is_markdown: false,
    },
    Section {
        name: "period",
        shows: "a period of a million actors, from events to actions",
        program: Program::Ours,
        is_markdown: false,
    },
    Section {
        name: "lsp",
        shows: "what an editor waits for in a file of 10 000 rules, beside the language server of Nickel",
        program: Program::BesideServer,
        is_markdown: true,
    },
];

/// Runs the sections named, or all.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let mut arguments = arguments;
    let mut is_printed_only = false;
    match arguments.first().map(String::as_str) {
        Some("--list") => {
            for section in SECTIONS {
                println!("{:12} {}", section.name, section.shows);
            }
            return ExitCode::SUCCESS;
        }
        Some("--print") => {
            is_printed_only = true;
            arguments = &arguments[1..];
        }
        _ => {}
    }
    let (sections, options) = match chosen(arguments) {
        Ok(chosen) => chosen,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    for section in sections {
        let begin = Instant::now();
        eprintln!("bench {}: {}", section.name, section.shows);
        if let Err(error) = measure(section, options, is_printed_only) {
            eprintln!("error: {}: {error}", section.name);
            return ExitCode::FAILURE;
        }
        let seconds = begin.elapsed().as_secs_f64();
        eprintln!("bench {}: done ({seconds:.0} s)", section.name);
    }
    ExitCode::SUCCESS
}

/// Sections by their names, all if none is named, and the options behind the name of a single one.
fn chosen(arguments: &[String]) -> Result<(Vec<&'static Section>, &[String]), String> {
    let is_option = |argument: &String| argument.starts_with('-');
    let names = arguments.iter().position(is_option);
    let (names, options) = arguments.split_at(names.unwrap_or(arguments.len()));
    let section = |name: &String| {
        let found = SECTIONS.iter().find(|section| section.name == name);
        found.ok_or_else(|| format!("there is no section `{name}`; `cargo xtask bench --list`"))
    };
    let sections: Vec<_> = names.iter().map(section).collect::<Result<_, _>>()?;
    match (sections.len(), options) {
        (0, []) => Ok((SECTIONS.iter().collect(), options)),
        (1, _) | (_, []) => Ok((sections, options)),
        (_, [option, ..]) => Err(format!("`{option}` needs the one section that it is for")),
    }
}

fn measure(section: &Section, options: &[String], is_printed_only: bool) -> Result<(), String> {
    let facts = machine::facts();
    let output = follow(command(section, options)?)?;
    let output = output.trim_end();
    let body = match section.is_markdown {
        true => output.to_owned(),
        false => format!("```text\n{output}\n```"),
    };
    if is_printed_only {
        return Ok(());
    }
    let call = ["cargo xtask bench".to_owned(), section.name.to_owned()];
    let call = [&call, options].concat().join(" ");
    let path = root().join("docs/performance.md");
    let cannot = |error: std::io::Error| format!("{}: {error}", path.display());
    let page = fs::read_to_string(&path).map_err(cannot)?;
    let block = format!("`{call}`\non {facts}\n\n{body}");
    fs::write(&path, page::with_block(&page, section.name, &block)?).map_err(cannot)
}

fn command(section: &Section, options: &[String]) -> Result<Command, String> {
    let mut command = match section.program {
        Program::Ours => ours(section),
        Program::BesideServer => {
            let mut command = ours(section);
            if options.is_empty() {
                command.arg("--peer").arg(server::installed()?);
            }
            command
        }
        Program::Peers(bench) => {
            let folder = root().join("benches/peers");
            let mut command = cargo(&folder, &["run", "--release", "--quiet", "--", bench]);
            // Its own, so that nothing else makes the peers be built again.
            command.env("CARGO_TARGET_DIR", "target");
            if bench == "evaluation" {
                let packages = fs::read_to_string(folder.join("py/requirements.txt"));
                let packages = packages.map_err(|error| error.to_string())?;
                let packages: Vec<&str> = packages.lines().collect();
                let python = python::environment(&folder.join("target"), &packages)?;
                command.arg("--python").arg(python);
            }
            command
        }
    };
    command.args(options);
    Ok(command)
}

fn ours(section: &Section) -> Command {
    let arguments = ["run", "--release", "--quiet", "-p", "plasma-benches", "--"];
    let mut command = cargo(&root(), &arguments);
    command.arg(section.name);
    command
}

/// Runs a command and prints what it prints, which is returned too. Exit status 1 says that a target is
/// missed, which the figures say as well.
fn follow(mut command: Command) -> Result<String, String> {
    let cannot = |error: std::io::Error| error.to_string();
    let mut process = command.stdout(Stdio::piped()).spawn().map_err(cannot)?;
    let stdout = process.stdout.take().ok_or("the command has no output")?;
    let mut output = String::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.map_err(cannot)?;
        println!("{line}");
        output.push_str(line.trim_end());
        output.push('\n');
    }
    let status = process.wait().map_err(cannot)?;
    match status.code() {
        Some(0 | 1) => Ok(output),
        _ => Err(format!("the program ended with {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{SECTIONS, chosen};

    #[test]
    fn options_belong_to_one_section() {
        let split = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        assert!(matches!(chosen(&[]), Ok((all, [])) if all.len() == SECTIONS.len()));
        let arguments = split("peers --sizes 1k");
        let Ok((sections, options)) = chosen(&arguments) else {
            panic!("a section and its options");
        };
        assert_eq!((sections[0].name, options), ("peers", &arguments[1..]));
        for wrong in ["peers ingest --sizes 1k", "--sizes 1k", "pears"] {
            assert!(chosen(&split(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_section_has_its_place_on_the_page() {
        let page = include_str!("../../../docs/performance.md");
        for section in SECTIONS {
            let written = super::page::with_block(page, section.name, "x");
            assert!(written.is_ok(), "{written:?}");
        }
    }
}

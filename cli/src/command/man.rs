//! `plasma man`: manual pages, made of what `--help` says.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::arguments::{Arguments, ManArguments};
use crate::failure::Failure;
use crate::output;

/// What is above the examples of a command's help.
const EXAMPLES: &str = "Examples:\n";

pub(crate) fn run(arguments: &ManArguments) -> Result<ExitCode, Failure> {
    match &arguments.out {
        Some(folder) => write_all(folder)?,
        None => output::result(&page_of(arguments.command.as_deref())?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Every page with the name of its file.
fn pages() -> Vec<(String, String)> {
    let mut all = Arguments::command();
    all.build();
    let shown = all
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let shown = shown.filter(|command| command.get_name() != "help");
    let commands: Vec<clap::Command> = shown.cloned().collect();
    let one = |command: clap::Command| {
        let name = match command.get_name() {
            "plasma" => "plasma".to_owned(),
            name => format!("plasma-{name}"),
        };
        (name.clone() + ".1", page(&name, command))
    };
    std::iter::once(all).chain(commands).map(one).collect()
}

fn page_of(command: Option<&str>) -> Result<String, Failure> {
    let file = command.map_or("plasma.1".to_owned(), |name| format!("plasma-{name}.1"));
    let mut pages = pages();
    match pages.iter().position(|(name, _)| *name == file) {
        Some(place) => Ok(pages.swap_remove(place).1),
        None => {
            let name = command.unwrap_or_default();
            let failure = Failure::new(format!("there is no command `{name}`"));
            let known = pages
                .iter()
                .filter_map(|(file, _)| file.strip_prefix("plasma-")?.strip_suffix(".1"));
            Err(match plasma_diagnostic::did_you_mean(name, known) {
                Some(meant) => failure.help(format!("did you mean `{meant}`?")),
                None => failure.help("`plasma --help` lists them"),
            })
        }
    }
}

fn write_all(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| Failure::writing(folder, &error))?;
    let pages = pages();
    for (file, page) in &pages {
        let path = folder.join(file);
        fs::write(&path, page).map_err(|error| Failure::writing(&path, &error))?;
    }
    output::line(&format!("{} pages in {}", pages.len(), folder.display()))
}

/// The page of one command, its examples in a section of their own.
fn page(name: &str, command: clap::Command) -> String {
    let after = command.get_after_help().map(ToString::to_string);
    let has_commands = command.has_subcommands();
    let command = command.display_name(name).after_help("");
    let man = Man::new(command).manual("Plasma");
    let mut text = Vec::new();
    // Writing into a vector cannot fail.
    let _ = sections(&man, has_commands, &mut text);
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if let Some(examples) = after
        .as_deref()
        .and_then(|after| after.strip_prefix(EXAMPLES))
    {
        text.push_str(&examples_section(examples));
    }
    text.push_str(match name {
        "plasma" => "",
        _ => ".SH \"SEE ALSO\"\n.BR plasma (1)\n",
    });
    text
}

fn sections(man: &Man, has_commands: bool, text: &mut Vec<u8>) -> io::Result<()> {
    man.render_title(text)?;
    man.render_name_section(text)?;
    man.render_synopsis_section(text)?;
    man.render_description_section(text)?;
    man.render_options_section(text)?;
    match has_commands {
        true => man.render_subcommands_section(text),
        false => Ok(()),
    }
}

/// The examples line by line, and below them what else is said.
fn examples_section(examples: &str) -> String {
    let (lines, rest) = examples.split_once("\n\n").unwrap_or((examples, ""));
    let mut section = String::from(".SH EXAMPLES\n.nf\n");
    for line in lines.lines() {
        section.push_str(&literal(line.strip_prefix("  ").unwrap_or(line)));
        section.push('\n');
    }
    section.push_str(".fi\n");
    if !rest.is_empty() {
        section.push_str(&format!(".PP\n{}\n", literal(rest)));
    }
    section
}

/// A text that roff takes as it is.
fn literal(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.starts_with(['.', '\'']) {
        true => format!("\\&{text}"),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::{EXAMPLES, literal, pages};
    use crate::arguments::Arguments;

    #[test]
    fn every_command_has_examples() {
        let all = Arguments::command();
        for command in all.get_subcommands() {
            let after = command.get_after_help().map(ToString::to_string);
            let has_examples = after.is_some_and(|after| after.starts_with(EXAMPLES));
            assert!(has_examples, "{}", command.get_name());
        }
    }

    #[test]
    fn every_command_has_a_page_with_its_examples() {
        let pages = pages();
        assert!(pages.len() > 10);
        for (file, page) in &pages {
            assert!(page.contains(".SH NAME\n"), "{file}");
            assert_eq!(page.matches(".SH EXAMPLES\n").count(), 1, "{file}");
            assert!(!page.contains("Examples:"), "{file}");
        }
        assert!(pages.iter().any(|(file, _)| file == "plasma-repl.1"));
    }

    #[test]
    fn roff_obeys_nothing_of_an_example() {
        assert_eq!(literal(".SH \\fB -e"), "\\&.SH \\efB \\-e");
    }
}

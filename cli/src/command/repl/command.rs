//! The commands of the prompt: lines that begin with a colon.

use crate::figure::parse_moment;
use std::path::PathBuf;

/// A command.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    /// `:help`
    Help,
    /// `:load FILE`
    Load(String),
    /// `:snapshot FILE [--at T]`
    Snapshot {
        /// The file.
        path: PathBuf,
        /// The tick to look at; by default the last one.
        at_seconds: Option<f64>,
    },
    /// `:plan`
    Plan,
    /// `:why NAME`
    Why(String),
    /// `:whynot RULE [ACTOR]`
    WhyNot(String),
    /// `:rules`
    Rules,
    /// `:forget NAME`
    Forget(String),
    /// `:quit`
    Quit,
}

/// One row of the command table.
struct CommandRow {
    name: &'static str,
    argument: Option<&'static str>,
    about: &'static str,
    make: fn(&str) -> Result<Command, String>,
}

const COMMANDS: &[CommandRow] = &[
    CommandRow {
        name: "help",
        argument: None,
        about: "this list",
        make: |_| Ok(Command::Help),
    },
    CommandRow {
        name: "load",
        argument: Some("FILE"),
        about: "load a policy (a file or std.NAME) in place of the rules so far",
        make: |file| Ok(Command::Load(file.to_owned())),
    },
    CommandRow {
        name: "snapshot",
        argument: Some("FILE [--at T]"),
        about: "look at a snapshot or trace, at its last tick or at T seconds",
        make: snapshot,
    },
    CommandRow {
        name: "plan",
        argument: None,
        about: "what the rules so far would do now, and why",
        make: |_| Ok(Command::Plan),
    },
    CommandRow {
        name: "why",
        argument: Some("ACTOR|SERVER|RULE"),
        about: "what fires about it and on which figures, or what comes nearest",
        make: |name| Ok(Command::Why(name.to_owned())),
    },
    CommandRow {
        name: "whynot",
        argument: Some("RULE [ACTOR]"),
        about: "how far the rule is from firing, for that actor or server",
        make: |names| Ok(Command::WhyNot(names.to_owned())),
    },
    CommandRow {
        name: "rules",
        argument: None,
        about: "the rules so far",
        make: |_| Ok(Command::Rules),
    },
    CommandRow {
        name: "forget",
        argument: Some("NAME"),
        about: "drop a rule, parameter or actor type that was entered",
        make: |name| Ok(Command::Forget(name.to_owned())),
    },
    CommandRow {
        name: "quit",
        argument: None,
        about: "leave (also Ctrl-D)",
        make: |_| Ok(Command::Quit),
    },
];

/// Names of all commands, without the colon.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|row| row.name)
}

/// Whether a line in the middle of a statement is a command with its whole name, rather than a part
/// of the statement that begins with a colon.
pub(super) fn is_one(line: &str) -> bool {
    let word = line.split_whitespace().next();
    let name = word.and_then(|word| word.strip_prefix(':'));
    name.is_some_and(|name| COMMANDS.iter().any(|row| row.name == name))
}

/// Parses a line that begins with a colon. Commands may be shortened where they stay unique.
///
/// # Errors
///
/// What is wrong with the line, for people.
pub(super) fn parse(line: &str) -> Result<Command, String> {
    let line = line.trim().trim_start_matches(':');
    let (word, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let argument = argument.trim();
    let exact = COMMANDS.iter().find(|row| row.name == word);
    let mut shortened = COMMANDS
        .iter()
        .filter(|row| !word.is_empty() && row.name.starts_with(word));
    let row = match (exact, shortened.next(), shortened.next()) {
        (Some(row), _, _) | (None, Some(row), None) => row,
        _ => return Err(unknown(word)),
    };
    match (row.argument, argument.is_empty()) {
        (Some(what), true) => Err(format!("`:{}` needs {what}: {}", row.name, row.about)),
        (None, false) => Err(format!("`:{}` takes nothing after it", row.name)),
        _ => (row.make)(argument),
    }
}

fn snapshot(argument: &str) -> Result<Command, String> {
    let (path, at_seconds) = match argument.rsplit_once(" --at ") {
        None => (argument, None),
        Some((path, at)) => match parse_moment(at.trim()) {
            Ok(seconds) => (path.trim_end(), Some(seconds)),
            Err(error) => return Err(format!("`--at {at}`: {error}")),
        },
    };
    Ok(Command::Snapshot {
        path: path.into(),
        at_seconds,
    })
}

fn unknown(word: &str) -> String {
    match plasma_diagnostic::did_you_mean(word, names()) {
        Some(meant) => format!("there is no command `:{word}`; did you mean `:{meant}`?"),
        None => format!("there is no command `:{word}`; `:help` lists them"),
    }
}

/// The text of `:help`.
pub(super) fn help() -> String {
    let mut text = String::from(
        "Type an expression to see its values:   Folder(f).cpu.perc\n\
         or a rule to see what it would do:      server.cpu.perc > 80 => balance({Folder}, cpu);\n\n",
    );
    for row in COMMANDS {
        let usage = match row.argument {
            Some(argument) => format!(":{} {argument}", row.name),
            None => format!(":{}", row.name),
        };
        text.push_str(&format!("  {usage:24} {}\n", row.about));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Command, parse};

    #[test]
    fn commands_may_be_shortened_and_mistakes_are_explained() {
        assert_eq!(parse(":plan"), Ok(Command::Plan));
        assert_eq!(parse(":q"), Ok(Command::Quit));
        assert_eq!(
            parse(":load a b.plasma"),
            Ok(Command::Load("a b.plasma".into()))
        );
        assert_eq!(
            parse(":paln").unwrap_err(),
            "there is no command `:paln`; did you mean `:plan`?"
        );
        assert_eq!(
            parse(":").unwrap_err(),
            "there is no command `:`; `:help` lists them"
        );
        assert!(
            parse(":load")
                .unwrap_err()
                .starts_with("`:load` needs FILE")
        );
        assert_eq!(
            parse(":snapshot a b.jsonl --at 12.5"),
            Ok(Command::Snapshot {
                path: "a b.jsonl".into(),
                at_seconds: Some(12.5)
            })
        );
        assert_eq!(
            parse(":snapshot a.jsonl --at noon").unwrap_err(),
            "`--at noon`: `noon` is not a time: write seconds or a duration, such as 10 or 10s"
        );
        assert_eq!(
            parse(":plan now").unwrap_err(),
            "`:plan` takes nothing after it"
        );
    }
}

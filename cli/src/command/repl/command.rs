//! The commands of the prompt: lines that begin with a colon.

mod table;

use std::path::PathBuf;

use crate::figure::parse_moment;

pub(super) use self::table::{COMMANDS, CommandRow, Takes};

/// A command.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    /// `:help [COMMAND]`
    Help(Option<&'static CommandRow>),
    /// `:type EXPR`
    Type(String),
    /// `:doc NAME`
    Doc(String),
    /// `:plan`
    Plan,
    /// `:why NAME`
    Why(String),
    /// `:whynot RULE [ACTOR]`
    WhyNot(String),
    /// `:at T`
    At(Tick),
    /// `:watch [EXPR]`
    Watch(Option<String>),
    /// `:unwatch [EXPR]`
    Unwatch(Option<String>),
    /// `:rules`
    Rules,
    /// `:forget NAME`
    Forget(String),
    /// `:test [FILTER]`
    Test(Option<String>),
    /// `:load FILE`
    Load(String),
    /// `:reload`
    Reload,
    /// `:save FILE`
    Save {
        /// The file.
        path: PathBuf,
        /// Whether a file that is there is replaced.
        replaces: bool,
    },
    /// `:attach FILE [--at T]`
    Attach {
        /// The file, or the address of an engine.
        target: String,
        /// The tick to look at; by default the last one.
        at_seconds: Option<f64>,
    },
    /// `:arm`
    Arm,
    /// `:apply`
    Apply,
    /// `:disarm`
    Disarm,
    /// `:wait [N]`
    Wait(u32),
    /// `:set [NAME VALUE]`
    Set(Option<(String, String)>),
    /// `:time [on|off|EXPR]`
    Time(Timing),
    /// `:quit`
    Quit,
}

/// A tick of a trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tick {
    /// The one at so many seconds.
    Seconds(f64),
    /// The one after the present one.
    Next,
    /// The one before the present one.
    Previous,
    /// The first one.
    First,
    /// The last one.
    Last,
}

/// What is timed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Timing {
    /// Every statement from now on, or none.
    All(bool),
    /// One statement.
    One(String),
}

/// Whether a line in the middle of a statement is a command with its whole name, rather than a part
/// of the statement that begins with a colon.
pub(super) fn is_one(line: &str) -> bool {
    let word = line.split_whitespace().next();
    let name = word.and_then(|word| word.strip_prefix(':'));
    name.is_some_and(|name| COMMANDS.iter().any(|row| row.is_called(name)))
}

/// The row of a command that may be shortened where it stays unique.
///
/// # Errors
///
/// That there is none, for people.
pub(super) fn find(word: &str) -> Result<&'static CommandRow, String> {
    if let Some(row) = COMMANDS.iter().find(|row| row.is_called(word)) {
        return Ok(row);
    }
    let is_meant = |row: &&CommandRow| !word.is_empty() && row.name.starts_with(word);
    let meant: Vec<&'static CommandRow> = COMMANDS.iter().filter(is_meant).collect();
    match meant.as_slice() {
        [] => Err(unknown(word)),
        [row] => Ok(row),
        several => {
            let names: Vec<String> = several.iter().map(|r| format!("`:{}`", r.name)).collect();
            Err(format!("`:{word}` may be {}", names.join(", ")))
        }
    }
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
    let (word, is_forced) = match word.strip_suffix('!') {
        Some(word) => (word, true),
        None => (word, false),
    };
    let row = find(word)?;
    if is_forced && row.takes != Takes::NewFile {
        return Err(format!("`:{}` has no form with `!`", row.name));
    }
    match (row.argument, argument.is_empty()) {
        (Some(what), true) if !what.starts_with('[') => {
            Err(format!("`:{}` needs {what}: {}", row.name, row.about))
        }
        (None, false) => Err(format!("`:{}` takes nothing after it", row.name)),
        _ => (row.make)(argument, is_forced),
    }
}

fn attach(argument: &str, _: bool) -> Result<Command, String> {
    let (target, at_seconds) = match argument.rsplit_once(" --at ") {
        None => (argument, None),
        Some((target, at)) => match parse_moment(at.trim()) {
            Ok(seconds) => (target.trim_end(), Some(seconds)),
            Err(error) => return Err(format!("`--at {at}`: {error}")),
        },
    };
    Ok(Command::Attach {
        target: target.to_owned(),
        at_seconds,
    })
}

fn at(argument: &str, _: bool) -> Result<Command, String> {
    Ok(Command::At(match argument {
        "next" => Tick::Next,
        "prev" | "previous" => Tick::Previous,
        "first" => Tick::First,
        "last" => Tick::Last,
        time => Tick::Seconds(parse_moment(time).map_err(|error| {
            format!("{error}; `next`, `prev`, `first` and `last` are ticks, too")
        })?),
    }))
}

fn wait(argument: &str, _: bool) -> Result<Command, String> {
    match argument {
        "" => Ok(Command::Wait(1)),
        number => match number.parse() {
            Ok(periods @ 1..=100_000) => Ok(Command::Wait(periods)),
            _ => Err(format!(
                "`{number}` is no number of periods: write one from 1 to 100000"
            )),
        },
    }
}

fn set(argument: &str, _: bool) -> Result<Command, String> {
    if argument.is_empty() {
        return Ok(Command::Set(None));
    }
    let (name, value) = argument
        .split_once(|c: char| c.is_whitespace() || c == '=')
        .unwrap_or((argument, ""));
    Ok(Command::Set(Some((
        name.to_owned(),
        value.trim().to_owned(),
    ))))
}

fn help(argument: &str, _: bool) -> Result<Command, String> {
    match argument.trim_start_matches(':') {
        "" => Ok(Command::Help(None)),
        name => find(name).map(|row| Command::Help(Some(row))),
    }
}

/// What stands behind a command, if anything does.
fn some(argument: &str) -> Option<String> {
    (!argument.is_empty()).then(|| argument.to_owned())
}

fn unknown(word: &str) -> String {
    let names = COMMANDS.iter().map(|row| row.name);
    match plasma_diagnostic::did_you_mean(word, names) {
        Some(meant) => format!("there is no command `:{word}`; did you mean `:{meant}`?"),
        None => format!("there is no command `:{word}`; `:help` lists them"),
    }
}

/// Where what a command does begins, in the list of all commands.
const ABOUT_COLUMN: usize = 28;

/// The text of `:help`, in lines of that many columns.
pub(super) fn help_text(width: Option<usize>) -> String {
    let mut text = String::from(
        "Type an expression to see its values:   Folder(f).cpu.perc\n\
         or a rule to see what it would do:      server.cpu.perc > 80 => balance({Folder}, cpu);\n\n",
    );
    let width = width.unwrap_or(usize::MAX);
    // On a narrow terminal it is told below the command.
    let is_narrow = width < 2 * ABOUT_COLUMN;
    for row in COMMANDS {
        let (head, indent) = match is_narrow {
            true => (format!("  {}\n      ", row.usage()), 6),
            false => (format!("  {:25} ", row.usage()), ABOUT_COLUMN),
        };
        text.push_str(&head);
        text.push_str(&hanging(row.about, indent, width));
    }
    let ending = "Commands may be shortened where they stay unique. Tab completes, Ctrl-R searches the history, \
                  `:help COMMAND` tells more.";
    text.push('\n');
    text + &hanging(ending, 0, width.min(99))
}

/// A text that begins at a column, and whose further lines begin there, too.
fn hanging(text: &str, column: usize, width: usize) -> String {
    let mut lines = String::new();
    let mut used = column;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > column && used + 1 + length > width {
            lines.push('\n');
            lines.push_str(&" ".repeat(column));
            used = column;
        } else if used > column {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += length;
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, Command, Tick, Timing, parse};

    #[test]
    fn commands_may_be_shortened_and_mistakes_are_explained() {
        assert_eq!(parse(":plan"), Ok(Command::Plan));
        assert_eq!(parse(":q"), Ok(Command::Quit));
        assert_eq!(parse(":why fo1"), Ok(Command::Why("fo1".into())));
        assert_eq!(
            parse(":load a b.plasma"),
            Ok(Command::Load("a b.plasma".into()))
        );
        let mistake = |line| parse(line).unwrap_err();
        assert_eq!(
            mistake(":paln"),
            "there is no command `:paln`; did you mean `:plan`?"
        );
        assert_eq!(mistake(":"), "there is no command `:`; `:help` lists them");
        assert_eq!(
            mistake(":a fo1"),
            "`:a` may be `:at`, `:attach`, `:arm`, `:apply`"
        );
        assert!(mistake(":load").starts_with("`:load` needs FILE"));
        assert_eq!(mistake(":plan now"), "`:plan` takes nothing after it");
        assert_eq!(mistake(":plan!"), "`:plan` has no form with `!`");
        assert_eq!(
            mistake(":wait a while"),
            "`a while` is no number of periods: write one from 1 to 100000"
        );
    }

    #[test]
    fn arguments_are_understood() {
        let attached = |target: &str, at_seconds| {
            let target = target.into();
            Ok(Command::Attach { target, at_seconds })
        };
        let line = ":attach a b.jsonl --at 12.5";
        assert_eq!(parse(line), attached("a b.jsonl", Some(12.5)));
        assert_eq!(parse(":snapshot a.jsonl"), attached("a.jsonl", None));
        assert_eq!(
            parse(":attach a.jsonl --at noon").unwrap_err(),
            "`--at noon`: `noon` is not a time: write seconds or a duration, such as 10 or 10s"
        );
        assert_eq!(parse(":at 12s"), Ok(Command::At(Tick::Seconds(12.0))));
        assert_eq!(parse(":at prev"), Ok(Command::At(Tick::Previous)));
        assert_eq!(parse(":time off"), Ok(Command::Time(Timing::All(false))));
        assert_eq!(parse(":set"), Ok(Command::Set(None)));
        let rows = Some(("rows".to_owned(), "5".to_owned()));
        assert_eq!(parse(":set rows 5"), Ok(Command::Set(rows)));
        let saved = |replaces| {
            let path = "a.plasma".into();
            Ok(Command::Save { path, replaces })
        };
        assert_eq!(parse(":save a.plasma"), saved(false));
        assert_eq!(parse(":save! a.plasma"), saved(true));
        assert!(matches!(parse(":help :why"), Ok(Command::Help(Some(row))) if row.name == "why"));
    }

    #[test]
    fn the_list_fits_a_narrow_terminal() {
        let text = super::help_text(Some(60));
        let commands = text.lines().skip(3);
        let widest = commands.map(|line| line.chars().count()).max();
        assert!(widest.is_some_and(|widest| widest <= 60), "{text}");
    }

    #[test]
    fn the_table_can_be_read() {
        for row in COMMANDS {
            assert!(row.usage().chars().count() <= 25, "{}", row.usage());
            assert!(row.about.chars().count() <= 72, "{}", row.name);
            assert!(!row.details.is_empty(), "{}", row.name);
        }
    }
}

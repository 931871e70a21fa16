//! The COMMANDS table: what `:help`, Tab and the book know of the commands of the prompt.

use super::{Command, Timing};

/// One row of [`COMMANDS`].
pub(in crate::command::repl) struct CommandRow {
    /// Its name, without the colon.
    pub(in crate::command::repl) name: &'static str,
    /// Another name of it.
    alias: Option<&'static str>,
    /// What stands behind it, in brackets if it may be left out; `None` if nothing does.
    pub(in crate::command::repl) argument: Option<&'static str>,
    /// What it does, for the list of all commands.
    pub(in crate::command::repl) about: &'static str,
    /// The rest that there is to say about it.
    pub(in crate::command::repl) details: &'static str,
    /// What Tab completes behind it.
    pub(in crate::command::repl) takes: Takes,
    /// The command, from what stands behind it and whether its name ends with `!`.
    pub(super) make: fn(&str, bool) -> Result<Command, String>,
}

/// What Tab completes behind a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::command::repl) enum Takes {
    /// Nothing.
    Nothing,
    /// An expression of the language.
    Expression,
    /// The name of anything that is documented.
    Name,
    /// An actor, a server or a rule; two of them where the second is about the first.
    Subject,
    /// What was entered.
    Entered,
    /// A policy file, or a policy of the library.
    Policy,
    /// A snapshot or trace.
    Snapshot,
    /// A file to write.
    NewFile,
    /// A setting and its value.
    Setting,
    /// One of these words.
    Words(&'static [&'static str]),
    /// A command.
    Command,
}

impl CommandRow {
    /// Whether this is a whole name of it.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name == name || self.alias == Some(name)
    }

    /// How it is typed: `:load FILE`.
    pub(in crate::command::repl) fn usage(&self) -> String {
        match self.argument {
            Some(argument) => format!(":{} {argument}", self.name),
            None => format!(":{}", self.name),
        }
    }

    /// All that there is to say about it.
    pub(in crate::command::repl) fn page(&self) -> String {
        let also = self
            .alias
            .map_or(String::new(), |alias| format!("  (also `:{alias}`)"));
        format!(
            "{}{also}\n  {}\n\n{}\n",
            self.usage(),
            self.about,
            self.details
        )
    }
}

impl PartialEq for CommandRow {
    fn eq(&self, other: &CommandRow) -> bool {
        self.name == other.name
    }
}

impl std::fmt::Debug for CommandRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, ":{}", self.name)
    }
}

const fn row(
    name: &'static str,
    argument: Option<&'static str>,
    takes: Takes,
    [about, details]: [&'static str; 2],
    make: fn(&str, bool) -> Result<Command, String>,
) -> CommandRow {
    CommandRow {
        name,
        alias: None,
        argument,
        about,
        details,
        takes,
        make,
    }
}

/// Every command, in the order of `:help`.
pub(in crate::command::repl) const COMMANDS: &[CommandRow] = &[
    row(
        "help",
        Some("[COMMAND]"),
        Takes::Command,
        [
            "this list, or all about a command",
            "`:help why` tells all that there is to say about `:why`.",
        ],
        super::help,
    ),
    row(
        "type",
        Some("EXPR"),
        Takes::Expression,
        [
            "what an expression is: its unit, its variables, its range",
            "A number has a unit, and bounds whatever is measured; a condition is true, false or unknown. There is\n\
             a value for each actor or server that the variables can stand for. Below it is told what the values\n\
             are in the cluster that is looked at.\n\
             \n  :type Folder(f).cpu.perc",
        ],
        |text, _| Ok(Command::Type(text.to_owned())),
    ),
    row(
        "doc",
        Some("NAME"),
        Takes::Name,
        [
            "what a name stands for",
            "A word of the language, a metric, a behavior, an actor type, a property or function, and what the\n\
             policy declares; a diagnostic by its code or name. Members may be written with their type.\n\
             \n  :doc reserve\n  :doc Folder.open\n  :doc cpu.perc\n  :doc W0401",
        ],
        |name, _| Ok(Command::Doc(name.to_owned())),
    ),
    row(
        "plan",
        None,
        Takes::Nothing,
        [
            "what the rules so far would do now, and why",
            "Each rule that fires with the figures that made it fire, what is done, and what is refused. Nothing\n\
             is done.",
        ],
        |_, _| Ok(Command::Plan),
    ),
    row(
        "why",
        Some("ACTOR|SERVER|RULE"),
        Takes::Subject,
        [
            "what fires about it and on which figures, or what comes nearest",
            "Where an actor, a server and a rule have one name, `actor:`, `server:` or `rule:` before it says\n\
             which one is meant. A rule without a name is `#N`, the N-th rule.\n\
             \n  :why fo1\n  :why hot_folder\n  :why server:s1",
        ],
        |name, _| Ok(Command::Why(name.to_owned())),
    ),
    row(
        "whynot",
        Some("RULE [ACTOR]"),
        Takes::Subject,
        [
            "how far the rule is from firing, for that actor or server",
            "The bindings that come nearest, with each condition that does not hold and how far it is away.\n\
             \n  :whynot hot_folder fo2",
        ],
        |names, _| Ok(Command::WhyNot(names.to_owned())),
    ),
    row(
        "at",
        Some("T"),
        Takes::Words(&["next", "prev", "first", "last"]),
        [
            "look at another tick of the trace: a time, next, prev, first, last",
            "A time is in seconds, or a duration. What is watched is shown again.\n\
             \n  :at 12s\n  :at next",
        ],
        super::at,
    ),
    row(
        "watch",
        Some("[EXPR]"),
        Takes::Expression,
        [
            "show it again after each period or `:at`; alone: what is watched",
            "On a running cluster it is shown when a period has changed it, above the line being typed; in a\n\
             script after each period of `:wait`.",
        ],
        |text, _| Ok(Command::Watch(super::some(text))),
    ),
    row(
        "unwatch",
        Some("[EXPR]"),
        Takes::Nothing,
        [
            "watch it no longer; alone: watch nothing",
            "The expression as `:watch` lists it, or its number in that list.",
        ],
        |text, _| Ok(Command::Unwatch(super::some(text))),
    ),
    row(
        "rules",
        None,
        Takes::Nothing,
        [
            "the rules so far",
            "The policy loaded and what was entered since, as it was written.",
        ],
        |_, _| Ok(Command::Rules),
    ),
    row(
        "forget",
        Some("NAME"),
        Takes::Entered,
        [
            "drop a rule, parameter or actor type that was entered",
            "`#3` is the third rule, `require#1` the first requirement, `limit#1` the first limit.",
        ],
        |name, _| Ok(Command::Forget(name.to_owned())),
    ),
    row(
        "test",
        Some("[FILTER]"),
        Takes::Nothing,
        [
            "run the tests of the policy so far",
            "Only those whose name has the filter in it. A test that fails says what happened instead.",
        ],
        |filter, _| Ok(Command::Test(super::some(filter))),
    ),
    row(
        "load",
        Some("FILE"),
        Takes::Policy,
        [
            "load a policy (a file or std.NAME) in place of the rules so far",
            "\x20 :load hot.plasma\n  :load std.hotspot",
        ],
        |file, _| Ok(Command::Load(file.to_owned())),
    ),
    row(
        "reload",
        None,
        Takes::Nothing,
        [
            "read the file of `:load` again",
            "What was entered since stays. If the two do not go together, everything stays as it was.",
        ],
        |_, _| Ok(Command::Reload),
    ),
    row(
        "save",
        Some("FILE"),
        Takes::NewFile,
        [
            "write the policy so far into a file, laid out by `plasma fmt`",
            "A file that is there is kept; `:save! FILE` replaces it. Saved into the file loaded, all of it is from\n\
             there.",
        ],
        |file, replaces| {
            let path = file.into();
            Ok(Command::Save { path, replaces })
        },
    ),
    CommandRow {
        alias: Some("snapshot"),
        ..row(
            "attach",
            Some("FILE|URL [--at T]"),
            Takes::Snapshot,
            [
                "look at a snapshot, a trace (at T seconds, else its end), or a run",
                "A file is JSON Lines, or MessagePack if named `.msgpack`, either compressed if `.zst`. A run of another\n\
                 process is at the address that `plasma run --listen` prints. The rules stay.\n\
                 \n  :attach run.jsonl\n  :attach run.jsonl.zst --at 12s\n  :attach ws://127.0.0.1:9200",
            ],
            super::attach,
        )
    },
    row(
        "arm",
        None,
        Takes::Nothing,
        [
            "let the policy act on the running cluster, once that is confirmed",
            "A cluster is only measured until then. The plan is shown and asked about, now and after each change\n\
             of the policy; from then on the policy is evaluated each period and moves actors. In a script\n\
             nobody is asked: `:apply` confirms. A run of another process is given the policy instead, which\n\
             needs its PLASMA_TOKEN.",
        ],
        |_, _| Ok(Command::Arm),
    ),
    row(
        "apply",
        None,
        Takes::Nothing,
        [
            "run the policy so far on the cluster; after `:arm`",
            "From the end of the present period on.",
        ],
        |_, _| Ok(Command::Apply),
    ),
    row(
        "disarm",
        None,
        Takes::Nothing,
        [
            "move nothing any more",
            "Moves that were begun end one way or the other; none is begun. A run of another process is under its\n\
             own policy again.",
        ],
        |_, _| Ok(Command::Disarm),
    ),
    row(
        "wait",
        Some("[N]"),
        Takes::Nothing,
        [
            "wait for N periods of the running cluster; by default one",
            "What is watched is shown after each. Ctrl-C ends the waiting.",
        ],
        super::wait,
    ),
    row(
        "set",
        Some("[NAME VALUE]"),
        Takes::Setting,
        [
            "change a setting or a parameter; alone: list them",
            "Lines in `~/.config/plasma/repl` are entered when a session begins on a terminal: put there what is\n\
             to be set in every session.\n\n\
             A parameter of the policy gets another value than it is declared with, as by `--param`.\n\
             \n  :set rows 10\n  :set keys vi\n  :set high 70%",
        ],
        super::set,
    ),
    row(
        "format",
        Some("human|json"),
        Takes::Words(&["human", "json"]),
        [
            "print answers as text, or as one JSON document each",
            "The same as `:set format`.\n\n  :format json",
        ],
        |value, _| {
            let setting = ("format".to_owned(), value.to_owned());
            Ok(Command::Set(Some(setting)))
        },
    ),
    row(
        "time",
        Some("on|off|EXPR"),
        Takes::Words(&["on", "off"]),
        [
            "tell how long each statement took, or this one",
            "\x20 :time on\n  :time Folder(f).cpu.perc > 10",
        ],
        |text, _| {
            Ok(Command::Time(match text {
                "on" => Timing::All(true),
                "off" => Timing::All(false),
                statement => Timing::One(statement.to_owned()),
            }))
        },
    ),
    row(
        "quit",
        None,
        Takes::Nothing,
        [
            "leave (also Ctrl-D)",
            "A cluster of this process ends with it.",
        ],
        |_, _| Ok(Command::Quit),
    ),
];

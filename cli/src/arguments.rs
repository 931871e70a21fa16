//! The command line: commands and flags with their help.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use crate::duration::parse_seconds;
use crate::figure::{parse_moment, parse_seed, parse_servers};

/// Programmable elasticity for stateful applications.
///
/// A policy says, over what a running cluster of actors measures, where the actors should live.
/// Plasma checks policies, tries them on snapshots, and runs them.
#[derive(Debug, Parser)]
#[command(name = "plasma", version, propagate_version = true)]
#[command(after_help = "\
Examples:
  plasma run std.metadata                run the built-in metadata server, and move its actors
  plasma check policies/                 check the policies below a folder
  plasma repl --snapshot now.jsonl       ask about a cluster, and try rules on it
  plasma help why                        all about a command")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(RunArguments),
    Check(CheckArguments),
    Explain(ExplainArguments),
    Fmt(FmtArguments),
    Test(TestArguments),
    Doc(DocArguments),
    Plan(PlanArguments),
    Why(WhyArguments),
    Replay(ReplayArguments),
    Diff(DiffArguments),
    Repl(ReplArguments),
    Lsp(LspArguments),
    /// Run the debug adapter on standard input and output.
    ///
    /// For editors: it debugs a policy on a recorded trace, forward and back, and halts where a rule fires, is
    /// suppressed, or nearly fires. The page `debugging` of the book tells how.
    #[command(after_help = "\
Examples:
  plasma dap                             an editor starts it")]
    Dap,
    /// List the built-in applications.
    #[command(after_help = "\
Examples:
  plasma apps")]
    Apps,
    Schema(SchemaArguments),
    Completions(CompletionsArguments),
    Man(ManArguments),
}

/// Values for a policy's parameters.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ParamArguments {
    /// Set a parameter of the policy; may be repeated.
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parse_param)]
    pub(crate) params: Vec<(String, String)>,
}

pub(crate) fn parse_param(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("expected NAME=VALUE, such as high=70%".to_owned()),
    }
}

/// Run an application under a policy, moving its live actors.
///
/// Starts the application's actors on an embedded cluster, measures it for a third of the time
/// without the policy, then evaluates the policy each period and migrates actors. Ends with a
/// report: throughput, latency, moves and their pause, before and with the policy.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma run stdlib/metadata.plasma                 the built-in metadata server, 30 s
  plasma run std.metadata --start one               all actors on one server at first
  plasma run std.metadata --param high=70% --duration 60s --record run.jsonl
  plasma run mine.plasma --app metadata --dry-run   decide, but move nothing
  plasma run std.metadata --listen 127.0.0.1:9200   serve it: curl http://127.0.0.1:9200")]
pub(crate) struct RunArguments {
    /// The policy: a file, `-` for standard input, or std.NAME.
    pub(crate) policy: PathBuf,
    /// The application; by default the one named like the policy file.
    #[arg(long, value_name = "NAME")]
    pub(crate) app: Option<String>,
    /// What runs the actors.
    #[arg(long, value_enum, default_value_t = EngineName::Embedded)]
    pub(crate) engine: EngineName,
    /// Number of servers.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = parse_servers, allow_hyphen_values = true)]
    pub(crate) servers: u32,
    /// Length of the whole run; at least 9 periods.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = parse_seconds, allow_hyphen_values = true)]
    pub(crate) duration: f64,
    /// Time between two evaluations of the policy.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = parse_seconds, allow_hyphen_values = true)]
    pub(crate) period: f64,
    /// Seed of the initial placement and of the load.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = parse_seed, allow_hyphen_values = true)]
    pub(crate) seed: u64,
    /// Where the actors start.
    #[arg(long, value_enum, default_value_t = StartName::Random)]
    pub(crate) start: StartName,
    /// The link between servers: round trip and bandwidth, such as 0.5ms,1Gbit, or none.
    #[arg(long, value_name = "SPEC", default_value = "0.5ms,1Gbit")]
    pub(crate) link: String,
    /// Allow servers whose quotas together exceed 60 % of this machine's cores.
    #[arg(long)]
    pub(crate) oversubscribe: bool,
    /// Decide each period, but move nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write a trace of the run (compressed if the name ends in .zst).
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Serve the run at this address: its events over a WebSocket, snapshots, the policy.
    ///
    /// HOST:PORT, where port 0 is any that is free. Whoever is to replace the policy, and everybody from
    /// other machines, must show the token that PLASMA_TOKEN is; without one only this machine is served.
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<String>,
    /// How to print: a live view or plain lines for people, JSON Lines for programs.
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) params: ParamArguments,
}

/// What can run the actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineName {
    /// Servers as threads of this process, each with a CPU quota.
    Embedded,
}

/// Where the actors of a run start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StartName {
    /// Placed at random, by the seed.
    Random,
    /// All on the first server.
    One,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// Check policies: syntax, names, types and common mistakes.
///
/// Prints what it finds on standard output. Exit status: 0 without errors, 1 with errors or denied
/// lints, 2 if a file could not be read.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma check policies/                 every .plasma file below a folder
  plasma check hot.plasma --schema app.plasma
  plasma schema metadata | plasma check hot.plasma --schema -
  plasma check policies/ --fix           apply the fixes that are safe
  plasma check policies/ --deny warnings --format github")]
pub(crate) struct CheckArguments {
    /// Policy files, folders of them, or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// File with the application's actor declarations; without one, names are inferred.
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(crate) format: CheckFormat,
    /// Count a lint as an error, by name or code; `warnings` for all of them.
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    pub(crate) deny: Vec<String>,
    /// Leave a lint out, by name or code.
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    pub(crate) allow: Vec<String>,
    /// File with the lints that are known and not reported.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the lints that there are now into the baseline.
    #[arg(long)]
    pub(crate) write_baseline: bool,
    /// Apply the fixes that are safe; with `-`, print the fixed policy.
    #[arg(long)]
    pub(crate) fix: bool,
    #[command(flatten)]
    pub(crate) params: ParamArguments,
}

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// With the source lines.
    Human,
    /// One line each.
    Short,
    /// One JSON document.
    Json,
    /// A SARIF 2.1.0 log, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
    /// Workflow commands, for annotations on GitHub.
    Github,
}

/// Explain a diagnostic: what it means, why it matters, how to mend it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma explain W0401
  plasma explain no-gap
  plasma explain --list")]
pub(crate) struct ExplainArguments {
    /// Its code or its name.
    #[arg(required_unless_present = "list")]
    pub(crate) code: Option<String>,
    /// List them all.
    #[arg(long, conflicts_with = "code")]
    pub(crate) list: bool,
}

/// Lay policies out in the one canonical way.
///
/// Keeps every comment and the blank lines that separate; the policy means the same. A file with
/// mistakes is left as it is, and one that is laid out already is not written. Exit status: 0 when
/// done, 1 if --check finds a difference, 2 if a file could not be read or has mistakes.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma fmt policies/             every .plasma file below a folder
  plasma fmt --check policies/     shows what would change (in CI)
  plasma fmt - < hot.plasma        from standard input to standard output")]
pub(crate) struct FmtArguments {
    /// Policy files, folders of them, or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing; show what would change.
    #[arg(long)]
    pub(crate) check: bool,
}

/// Run the tests that stand in policies: `test "..." { .. }`.
///
/// Each test tells a cluster, period after period, and what it expects of the policy. Exit status: 0
/// if all pass, 1 if one fails or there is none to run, 2 if a policy could not be read or has errors.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma test policies/                  the tests of every .plasma file below a folder
  plasma test hot.plasma --filter folder
  plasma test policies/ --coverage       which rules, conditions and thresholds they reach
  plasma test policies/ --format junit > tests.xml
  plasma test --from run.jsonl --at 12s  a moment of a trace as a test, to be added to a policy")]
pub(crate) struct TestArguments {
    /// Policy files, folders of them, std.NAME, or `-` for standard input.
    #[arg(required_unless_present_any = ["from", "at"], value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Print a moment of this snapshot or trace as a test; run none.
    #[arg(long, value_name = "TRACE", conflicts_with_all = ["paths", "filter", "coverage", "format", "params"])]
    pub(crate) from: Option<PathBuf>,
    /// The tick to print, as for `plasma plan`; by default the last one.
    #[arg(long, value_name = "T", value_parser = parse_moment, allow_hyphen_values = true)]
    pub(crate) at: Option<f64>,
    /// Run only the tests whose name has this text in it.
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Show what of the policies the tests reach.
    #[arg(long)]
    pub(crate) coverage: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub(crate) format: TestFormat,
    #[command(flatten)]
    pub(crate) params: ParamArguments,
}

/// Make pages of policies: their rules, parameters, and what they measure.
///
/// The text comes from `///` before rules and parameters, and from the `//` lines at the beginning of
/// a policy; both may be Markdown. The pages are HTML that needs nothing else. Exit status: 0 when
/// written, 2 if a policy could not be read or has errors; of the others there are pages all the same.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma doc policies/                   pages in plasma-doc/, with an index
  plasma doc policies/ std.metadata --out public")]
pub(crate) struct DocArguments {
    /// Policy files, folders of them, std.NAME, or `-` for standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The folder to write into; made if it is not there.
    #[arg(long, value_name = "DIR", default_value = "plasma-doc")]
    pub(crate) out: PathBuf,
}

/// How the result of tests is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people.
    Human,
    /// One JSON document.
    Json,
    /// JUnit XML, for test reports.
    Junit,
}

/// Show what a policy would do to a snapshot, and why. Touches nothing.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma plan hot.plasma --snapshot now.jsonl
  plasma plan hot.plasma --snapshot run.jsonl --at 12.0
  plasma plan std.metadata --snapshot run.jsonl.zst --format json
  plasma plan hot.plasma --snapshot now.jsonl --exit-code     1 if it would do something
  plasma plan hot.plasma --snapshot now.jsonl --explain-plan  where the time goes")]
pub(crate) struct PlanArguments {
    /// The policy: a file, `-` for standard input, or std.NAME.
    pub(crate) policy: PathBuf,
    /// A snapshot or trace: JSON Lines, MessagePack if named `.msgpack`, either compressed if
    /// `.zst`; `-` for standard input, in any of these.
    #[arg(long, value_name = "FILE")]
    pub(crate) snapshot: PathBuf,
    /// The tick to plan for, as 10 (seconds) or 10s; by default the last one. Where there is none at that
    /// time: the nearest that `plasma run` prints so, else the last one before it.
    #[arg(long, value_name = "T", value_parser = parse_moment, allow_hyphen_values = true)]
    pub(crate) at: Option<f64>,
    /// Show how the policy is evaluated instead: the steps of each rule, their rows and times.
    #[arg(long)]
    pub(crate) explain_plan: bool,
    /// End with status 1 if the plan has actions.
    #[arg(long)]
    pub(crate) exit_code: bool,
    /// How to print.
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) params: ParamArguments,
}

/// Say why a policy does what it does about an actor or a server, or why a rule fires or does not.
///
/// Shows each firing that concerns it: the binding, every condition with what was measured against its
/// threshold, what was asked for, and what arbitration did. Where nothing fires: what comes nearest to
/// it. Of a recording it says, too, what was decided then, and how it ended. --for asks about one rule and
/// one actor or server: why the rule fires for it, or how far it is from that.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma why fo1 hot.plasma --snapshot now.jsonl           an actor
  plasma why hot_folder hot.plasma --trace run.jsonl --at 12s
  plasma why files_at_home std.metadata --trace run.jsonl  a rule
  plasma why '#2' mine.plasma --trace run.jsonl            the second rule, if it has no name
  plasma why hot_folder hot.plasma --snapshot now.jsonl --for fo2   why not for this actor?
  plasma why server:s1 hot.plasma --snapshot now.jsonl --format json

Where several have one name, `actor:`, `rule:` or `server:` before it says which one is meant.")]
#[command(group = ArgGroup::new("file").required(true).args(["snapshot", "trace"]))]
pub(crate) struct WhyArguments {
    /// An actor, a rule, or a server.
    #[arg(value_name = "ACTOR|SERVER|RULE")]
    pub(crate) subject: String,
    /// Ask about the rule only as far as it is about this actor or server (or the other way round).
    #[arg(long = "for", value_name = "ACTOR|SERVER|RULE")]
    pub(crate) about: Option<String>,
    /// The policy: a file, `-` for standard input, or std.NAME.
    pub(crate) policy: PathBuf,
    /// A snapshot: JSON Lines, MessagePack if named `.msgpack`, either compressed if `.zst`; `-` for
    /// standard input, in any of these.
    #[arg(long, value_name = "FILE")]
    pub(crate) snapshot: Option<PathBuf>,
    /// A trace or a recording.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// The tick to explain, as for `plasma plan`; by default the last one.
    #[arg(long, value_name = "T", value_parser = parse_moment, allow_hyphen_values = true)]
    pub(crate) at: Option<f64>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) params: ParamArguments,
}

/// Show what a policy decides on a recorded trace, tick by tick; or what it does otherwise than another.
///
/// Reservations, cooldowns and limits are those of its own earlier decisions; where actors live is always
/// what the trace says, and decisions recorded in it are ignored. Exit status: 0 when the whole trace was
/// replayed, 2 if it is cut off or has a mistake, after the ticks before that.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma replay hot.plasma --trace run.jsonl
  plasma replay new.plasma --trace run.jsonl.zst --against old.plasma
  plasma replay hot.plasma --trace run.jsonl --format json > decisions.jsonl")]
pub(crate) struct ReplayArguments {
    /// The policy: a file, `-` for standard input, or std.NAME.
    pub(crate) policy: PathBuf,
    /// A trace or a recording: JSON Lines, MessagePack if named `.msgpack`, either compressed if
    /// `.zst`; `-` for standard input, in any of these.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: PathBuf,
    /// Show only what the policy does otherwise than this one.
    #[arg(long, value_name = "OLD_POLICY")]
    pub(crate) against: Option<PathBuf>,
    /// How to print: a table for people, JSON Lines for programs.
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) params: ParamArguments,
}

/// Say how two policies differ in meaning, rule by rule: equivalent, more, less, incomparable.
///
/// That a rule asks for all that it asked for before is proved, for every cluster; that it asks for
/// something else is shown by a cluster on which both policies were evaluated, as a test of the new one,
/// or by a tick of a trace. What is neither proved nor shown is unknown. Exit status: 0 if the policies
/// are equivalent, 1 otherwise, 2 if one of them could not be read or has errors.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma diff old.plasma new.plasma
  plasma diff old.plasma new.plasma --trace run.jsonl       with ticks at which they differ
  git show HEAD:hot.plasma | plasma diff - hot.plasma --format json")]
pub(crate) struct DiffArguments {
    /// The policy as it was: a file, `-` for standard input, or std.NAME.
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The policy as it is.
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// A trace or a recording in which ticks are looked for at which they differ; its schema is that of
    /// both.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) params: ParamArguments,
}

/// Try expressions and rules on a snapshot, a trace or a live cluster.
///
/// The schema and the parameters of the nearest plasma.toml count as they do for `plasma plan`.
/// Parameters set by --param must be declared by POLICY; without one they wait for a policy that is
/// loaded, or a parameter that is entered, under their name. Exit status: 0 when left; if what is entered
/// comes from flags, a pipe or a file, 1 if a statement of it failed, after all of them; 2 if POLICY or the
/// snapshot could not be used. The page `repl` of the book teaches it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma repl --snapshot now.jsonl
  plasma repl hot.plasma --app metadata
  plasma repl hot.plasma --trace run.jsonl -e ':at 12s' -e ':why fo1'
  plasma repl --snapshot now.jsonl < questions.txt
  zstdcat run.jsonl.zst | plasma repl --snapshot - -e 'server.cpu'")]
pub(crate) struct ReplArguments {
    /// A policy whose rules and names are there from the start.
    pub(crate) policy: Option<PathBuf>,
    /// Start this application on an embedded cluster and look at it.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["snapshot", "trace"])]
    pub(crate) app: Option<String>,
    /// A snapshot.
    #[arg(long, value_name = "FILE", conflicts_with = "trace")]
    pub(crate) snapshot: Option<PathBuf>,
    /// A trace.
    #[arg(long, value_name = "FILE")]
    pub(crate) trace: Option<PathBuf>,
    /// The tick to look at, as for `plasma plan`; by default the last one.
    #[arg(long, value_name = "T", conflicts_with_all = ["app", "engine"], value_parser = parse_moment, allow_hyphen_values = true)]
    pub(crate) at: Option<f64>,
    /// Look at the run of another process, at the address that `plasma run --listen` prints.
    #[arg(long, value_name = "URL", conflicts_with_all = ["app", "snapshot", "trace"])]
    pub(crate) engine: Option<String>,
    /// Enter this statement or command, print its answer, and leave; may be repeated.
    #[arg(short, long, value_name = "STATEMENT", conflicts_with = "file")]
    pub(crate) enter: Vec<String>,
    /// Enter what is in this file, and leave.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Print each statement before its answer, and errors among the answers: a transcript.
    #[arg(long)]
    pub(crate) echo: bool,
    #[command(flatten)]
    pub(crate) params: ParamArguments,
}

/// Run the language server, on standard input and output or for editors in a browser.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma lsp                             for an editor that starts it
  plasma lsp --listen 127.0.0.1:9201     for pages served at that address
  plasma lsp --listen 127.0.0.1:9201 --allow-origin http://localhost:5173")]
pub(crate) struct LspArguments {
    /// Talk over standard input and output (the default).
    #[arg(long)]
    pub(crate) stdio: bool,
    /// Serve sessions over WebSockets at this address, each message a text frame, until Ctrl-C.
    ///
    /// HOST:PORT, where port 0 is any that is free. Everybody from other machines must show the token that
    /// PLASMA_TOKEN is; without one only this machine is served.
    #[arg(long, value_name = "ADDR", conflicts_with = "stdio")]
    pub(crate) listen: Option<String>,
    /// Let pages of this origin begin sessions, or of any (`*`); may be repeated. They can have files read.
    #[arg(long, value_name = "ORIGIN", requires = "listen")]
    pub(crate) allow_origin: Vec<String>,
}

/// Print the actor declarations of a built-in application.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma schema metadata
  plasma schema metadata > app.plasma    to be named in plasma.toml")]
pub(crate) struct SchemaArguments {
    /// The application; `plasma apps` lists them.
    pub(crate) app: String,
}

/// Print a completion script for a shell.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  plasma completions bash > ~/.local/share/bash-completion/completions/plasma
  plasma completions zsh > ~/.zfunc/_plasma
  plasma completions fish > ~/.config/fish/completions/plasma.fish")]
pub(crate) struct CompletionsArguments {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Print the manual page of a command, or write those of all.
#[derive(Args, Debug)]
#[command(hide = true)]
#[command(after_help = "\
Examples:
  plasma man | man -l -                  the page of plasma itself
  plasma man repl | man -l -
  plasma man --out ~/.local/share/man/man1")]
pub(crate) struct ManArguments {
    /// The command; by default plasma itself.
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    pub(crate) command: Option<String>,
    /// Write the pages of all commands into this folder, which is made if it is not there.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

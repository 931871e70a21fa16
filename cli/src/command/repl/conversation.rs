//! Statements and their answers, one after the other.

use std::time::Instant;

use plasma_eval::figure;

use super::answer::{Answer, Refusal};
use super::command::{self, Command, Timing};
use super::editor::{Entered, Lines, PROMPT};
use super::interrupt;
use super::options::Format;
use super::session::Session;
use super::setting::Undeclared;
use crate::failure::Failure;
use crate::output;

/// What a transcript shows before the further lines of a statement.
const PROMPT_GOING_ON: &str = "   ...> ";

/// A session with what was said in it so far.
pub(super) struct Conversation {
    session: Session,
    /// Whether it is told how long each statement took.
    times: bool,
    /// Whether statements are printed before their answers.
    echoes: bool,
    is_all_well: bool,
}

/// What comes of a statement.
enum Outcome {
    Answered(Answer),
    Left,
}

impl Conversation {
    /// Nothing said yet.
    pub(super) fn new(session: Session, echoes: bool) -> Self {
        Conversation {
            session,
            times: false,
            echoes,
            is_all_well: true,
        }
    }

    /// Whether no statement was refused so far.
    pub(super) fn is_all_well(&self) -> bool {
        self.is_all_well
    }

    /// Enters the lines that the person wants to be entered at the beginning.
    pub(super) fn enter_what_the_person_wants(&mut self) -> Result<(), Failure> {
        let Some((path, lines)) = Lines::of_person() else {
            return Ok(());
        };
        let entered = lines.and_then(|mut lines| self.converse(&mut lines));
        match entered {
            Ok(()) if self.is_all_well => {}
            Ok(()) => output::problem(&format!("  in {}", path.display())),
            Err(failure) => output::problem(&failure.to_string()),
        }
        self.is_all_well = true;
        Ok(())
    }

    /// Answers statements until the end.
    pub(super) fn converse(&mut self, lines: &mut Lines) -> Result<(), Failure> {
        loop {
            lines.prepare(self.session.setting.options.keys, || self.session.scene());
            let statement = match lines.next()? {
                Entered::Statement(statement) => statement,
                Entered::Cancelled => continue,
                Entered::End => return Ok(()),
            };
            if self.echoes {
                output::result(&echo(&statement))?;
            }
            interrupt::clear();
            let begin = Instant::now();
            let outcome = self.answer(statement.trim_end());
            let seconds = begin.elapsed().as_secs_f64();
            interrupt::clear();
            match outcome {
                Ok(Outcome::Left) => return Ok(()),
                Ok(Outcome::Answered(answer)) => self.tell(answer, seconds)?,
                Err(refusal) => self.refuse(&refusal)?,
            }
            if self.session.asks() {
                self.ask(lines)?;
            }
        }
    }

    fn tell(&mut self, mut answer: Answer, seconds: f64) -> Result<(), Failure> {
        self.is_all_well &= !answer.is_no();
        if self.times {
            answer.add(
                "seconds",
                || format!("{}\n", figure(seconds, "s")),
                || seconds.into(),
            );
        }
        output::result(&answer.printed())
    }

    fn refuse(&mut self, refusal: &Refusal) -> Result<(), Failure> {
        self.is_all_well = false;
        match self.session.setting.options.format {
            // A transcript holds everything, in order.
            Format::Human if self.echoes => output::line(refusal.text.trim_end())?,
            Format::Human => output::problem(refusal.text.trim_end()),
            Format::Json => output::result(&refusal.document())?,
        }
        Ok(())
    }

    /// Asks whether the plan just shown is to be carried out. In a script `:apply` says so.
    fn ask(&mut self, lines: &mut Lines) -> Result<(), Failure> {
        if !lines.is_terminal() {
            return Ok(());
        }
        let outcome = match lines.confirms("run this policy on the cluster?")? {
            true => self.session.apply(),
            false => Ok(self.session.decline()),
        };
        match outcome {
            Ok(answer) => output::result(&answer.printed()),
            Err(refusal) => self.refuse(&refusal),
        }
    }

    /// The answer to a statement.
    fn answer(&mut self, statement: &str) -> Result<Outcome, Refusal> {
        if statement.trim().is_empty() {
            return Ok(Outcome::Answered(self.session.nothing()));
        }
        if !statement.trim_start().starts_with(':') {
            return self.session.enter(statement).map(Outcome::Answered);
        }
        let command = command::parse(statement);
        match command.map_err(|mistake| format!("error: {mistake}"))? {
            Command::Quit => Ok(Outcome::Left),
            Command::Time(Timing::One(statement)) => {
                let begin = Instant::now();
                let outcome = self.answer(&statement)?;
                let Outcome::Answered(mut answer) = outcome else {
                    return Ok(outcome);
                };
                let seconds = begin.elapsed().as_secs_f64();
                if !self.times {
                    let text = || format!("{}\n", figure(seconds, "s"));
                    answer.add("seconds", text, || seconds.into());
                }
                Ok(Outcome::Answered(answer))
            }
            Command::Time(Timing::All(times)) => {
                self.times = times;
                Ok(Outcome::Answered(self.session.nothing()))
            }
            command => self.command(&command).map(Outcome::Answered),
        }
    }

    fn command(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let session = &mut self.session;
        match command {
            Command::Help(None) => {
                let width = session.setting.options.layout().width;
                Ok(session.help(&command::help_text(width)))
            }
            Command::Help(Some(row)) => Ok(session.help(&row.page())),
            Command::Type(text) => session.type_of(text),
            Command::Doc(name) => session.doc(name),
            Command::Plan => session.plan(),
            Command::Why(name) => session.why(name),
            Command::WhyNot(names) => session.why_not(names),
            Command::At(tick) => session.at(*tick),
            Command::Watch(text) => session.watch(text.as_deref()),
            Command::Unwatch(text) => session.unwatch(text.as_deref()),
            Command::Rules => Ok(session.rules()),
            Command::Forget(name) => session.forget(name),
            Command::Test(filter) => session.test(filter.as_deref()),
            Command::Load(file) => session.load(file, Undeclared::Waits),
            Command::Reload => session.reload(),
            Command::Save { path, replaces } => session.save(path, *replaces),
            Command::Attach { target, at_seconds } => session.attach(target, *at_seconds),
            Command::Arm => session.arm(),
            Command::Apply => session.apply(),
            Command::Disarm => session.disarm(),
            Command::Wait(periods) => session.wait(*periods, &mut |answer| {
                // A reader that has gone is noticed with the next answer.
                let _ = output::result(&answer.printed());
            }),
            Command::Set(setting) => session.set(setting.as_ref()),
            Command::Time(_) | Command::Quit => Ok(session.nothing()),
        }
    }
}

/// A statement as it stands in a transcript.
fn echo(statement: &str) -> String {
    let lines = statement.trim_end().lines().enumerate();
    let lines = lines.map(|(number, line)| match number {
        0 => format!("{PROMPT}{line}\n"),
        _ => format!("{PROMPT_GOING_ON}{line}").trim_end().to_owned() + "\n",
    });
    lines.collect()
}

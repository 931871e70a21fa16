//! How a run is shown while it goes on: a live view on a terminal, plain lines elsewhere, JSON Lines
//! for programs.

use std::io::{self, IsTerminal as _};

use plasma_model::{Event, Outcome};
use plasma_scenario::OtherOutcome;

use super::interrupt::Interrupt;
use super::live::Live;
use super::period::PeriodView;
use super::plain;
use super::report::Report;
use crate::arguments::ReportFormat;
use crate::failure::{Failure, system_text};
use crate::output;

/// How a run is shown.
pub(super) enum Show {
    /// A live view; remarks are said again when the terminal is the user's again.
    Live {
        view: Box<Live>,
        remarks: Vec<String>,
    },
    /// A line a period.
    Plain,
    /// JSON Lines.
    Json,
}

impl Show {
    /// Begins to show a run; `url` is where it is served, if it is.
    pub(super) fn start(
        format: ReportFormat,
        title: String,
        url: Option<&str>,
        duration_seconds: f64,
        interrupt: Interrupt,
    ) -> Result<Self, Failure> {
        let is_terminal = io::stdout().is_terminal() && io::stdin().is_terminal();
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        match format {
            ReportFormat::Json => Ok(Show::Json),
            ReportFormat::Human if is_terminal && !is_dumb => Ok(Show::Live {
                view: Box::new(
                    Live::start(with_url(title, url), duration_seconds, interrupt)
                        .map_err(|e| drawing(&e))?,
                ),
                remarks: Vec::new(),
            }),
            ReportFormat::Human => {
                output::line(&title)?;
                Ok(Show::Plain)
            }
        }
    }

    /// Shows a period.
    pub(super) fn period(&mut self, period: &PeriodView) -> Result<(), Failure> {
        match self {
            Show::Live { view, .. } => view.period(period).map_err(|error| drawing(&error)),
            Show::Plain => plain::lines(period)
                .iter()
                .try_for_each(|line| output::line(line)),
            Show::Json => {
                outcome_lines(&period.outcomes, &period.other_outcomes)?;
                output::json(period)
            }
        }
    }

    /// Shows how orders ended after the last period.
    pub(super) fn outcomes(
        &mut self,
        moves: &[Outcome],
        others: &[OtherOutcome],
    ) -> Result<(), Failure> {
        match self {
            Show::Json => outcome_lines(moves, others),
            Show::Live { .. } | Show::Plain => Ok(()),
        }
    }

    /// Says something besides the figures.
    pub(super) fn remark(&mut self, text: &str) {
        match self {
            Show::Live { view, remarks } => {
                view.remark(text);
                remarks.push(text.to_owned());
            }
            Show::Plain | Show::Json => output::problem(&format!("note: {text}")),
        }
    }

    /// Ends with the report.
    pub(super) fn report(self, report: &Report) -> Result<(), Failure> {
        match self {
            Show::Json => output::json(report),
            Show::Plain => output::result(&format!("\n{}", report.text())),
            Show::Live { view, remarks } => {
                drop(view);
                for remark in &remarks {
                    output::problem(&format!("note: {remark}"));
                }
                output::result(&report.text())
            }
        }
    }
}

/// The live view covers the line that said where the run is served.
fn with_url(title: String, url: Option<&str>) -> String {
    match url {
        Some(url) => format!("{title}, {url}"),
        None => title,
    }
}

fn outcome_lines(moves: &[Outcome], others: &[OtherOutcome]) -> Result<(), Failure> {
    let others = others.iter().map(|other| &other.outcome);
    moves
        .iter()
        .chain(others)
        .try_for_each(|outcome| output::json(&Event::Outcome(outcome.clone())))
}

fn drawing(error: &io::Error) -> Failure {
    Failure::new(format!(
        "cannot draw on the terminal: {}",
        system_text(error)
    ))
    .help("`| cat` prints plain lines instead")
}

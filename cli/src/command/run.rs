//! `plasma run`: the main job. An application on an embedded cluster, a while without the policy,
//! then with it, and what the policy changed.

mod interrupt;
mod keys;
mod live;
mod loads;
mod period;
mod plain;
mod report;
mod served;
mod show;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use plasma_actor::Application;
use plasma_cluster::{Cluster, ClusterConfig};
use plasma_engine::Engine as _;
use plasma_engine::embedded::{Link, Start};
use plasma_engine::trace::Recorder;
use plasma_eval::Excess;
use plasma_manager::Gem;
use plasma_model::PlanDocument;
use plasma_scenario::{Control, Mode, Period};

use self::interrupt::Interrupt;
use self::period::{PeriodView, Phase};
use self::report::Tally;
use self::served::{PolicyDesk, Replacement, Served};
use self::show::Show;
use super::apps;
use crate::analysis::{self, SchemaSource};
use crate::arguments::{EngineName, RunArguments, StartName};
use crate::failure::Failure;
use crate::output;
use crate::policy_file::{self, PolicyFile};

/// Fewer periods leave nothing to compare.
const PERIODS_MIN: u64 = 9;

/// Periods at the start that are not counted: caches and queues fill.
const WARM_UP_PERIODS: u64 = 2;

/// Slices with and without profiling by which its cost is measured, and the length of one.
const PROFILING_PAIRS: u32 = 20;
const PROFILING_SLICE: Duration = Duration::from_millis(25);

pub(crate) fn run(
    arguments: &RunArguments,
    applications: &[&'static dyn Application],
) -> Result<ExitCode, Failure> {
    let EngineName::Embedded = arguments.engine;
    let file = policy_file::read(&arguments.policy)?;
    let application = application_of(arguments, &file, applications)?;
    let schema = SchemaSource {
        name: format!("{} (schema)", application.name()),
        text: apps::schema_of(application)?,
    };
    let program = analysis::usable(&file, Some(&schema), &arguments.params.params)?;
    let schedule = Schedule::new(arguments)?;
    let recorder = match &arguments.record {
        Some(path) => Some(Recorder::create(path).map_err(|e| Failure::new(e.to_string()))?),
        None => None,
    };
    let config = cluster_config(arguments, program.servers_max())?;
    let mut cluster =
        Cluster::start(application, config).map_err(|error| Failure::new(error.to_string()))?;
    let interrupt = Interrupt::handle(cluster.stopper())?;
    let cost = cluster
        .profiling_cost(PROFILING_PAIRS, PROFILING_SLICE)
        .map_err(|error| Failure::new(error.to_string()))?;
    let title = format!("plasma run {} on {}", file.name, application.name());
    let text = file.text.clone();
    let desk = Arc::new(PolicyDesk::new(
        file,
        schema,
        arguments.params.params.clone(),
    ));
    let served = match &arguments.listen {
        Some(address) => Some(Served::start(address, &cluster, Arc::clone(&desk))?),
        None => None,
    };
    let url = served.as_ref().map(Served::url);
    let show = Show::start(arguments.format, title, url, arguments.duration, interrupt)?;
    let mut control = Control::new(&mut cluster, Gem::new(program), &text, recorder);
    if let Some(served) = served {
        control = control.heard_by(Box::new(served));
    }
    let ended = conduct(control, &schedule, &desk, show)?;
    conclude(
        arguments,
        cluster.lost_calls(),
        Some(cost.overhead_perc()),
        ended,
    )
}

/// The periods of a run.
struct Schedule {
    baseline: u64,
    total: u64,
    policy_mode: Mode,
}

impl Schedule {
    fn new(arguments: &RunArguments) -> Result<Self, Failure> {
        let total = (arguments.duration / arguments.period + 1e-9).floor() as u64;
        if total < PERIODS_MIN {
            return Err(Failure::new(format!(
                "a run of {} s has {total} periods of {} s; at least {PERIODS_MIN} are needed to \
                 compare anything",
                arguments.duration, arguments.period
            ))
            .help(format!(
                "--duration {}s or more",
                PERIODS_MIN as f64 * arguments.period
            )));
        }
        let policy_mode = if arguments.dry_run {
            Mode::DryRun
        } else {
            Mode::Act
        };
        Ok(Schedule {
            baseline: total / 3,
            total,
            policy_mode,
        })
    }

    /// What the manager does in period `number` (from 0), and whether the period is measured.
    fn period(&self, number: u64) -> (Phase, Mode, bool) {
        match number {
            n if n < self.baseline => (Phase::Baseline, Mode::Watch, n >= WARM_UP_PERIODS),
            n => {
                let last_third = self.total - self.total / 3;
                (Phase::Policy, self.policy_mode, n >= last_third)
            }
        }
    }
}

/// How a run ended, before its report.
struct Ended {
    tally: Tally,
    show: Show,
    recorder: Option<Recorder>,
    interrupted_at: Option<f64>,
}

/// Goes through the periods of the run.
fn conduct(
    mut control: Control<'_>,
    schedule: &Schedule,
    desk: &PolicyDesk,
    mut show: Show,
) -> Result<Ended, Failure> {
    let mut tally = Tally::new();
    let mut last_t = 0.0;
    let mut number = 0;
    let mut given_up = BTreeSet::new();
    while number < schedule.total {
        let (phase, mode, is_measured) = schedule.period(number);
        if let Some(replacement) = desk.take() {
            show.remark(&format!("at {last_t} s {replacement}"));
            let Replacement { program, text, by } = replacement;
            control.replace_policy(program, &text, &by);
        }
        let period = control
            .next(mode)
            .map_err(|error| Failure::new(error.to_string()))?;
        let Some(period) = period else { break };
        last_t = period.frame.t;
        let view = view_of(&period, phase);
        tally.period(&view, &period.clients, is_measured);
        tally.outcomes(&period.outcomes);
        show.period(&view)?;
        for excess in period.round.iter().flat_map(|round| &round.excesses) {
            // Once a rule: it may be so in every period.
            if given_up.insert(Arc::clone(&excess.rule)) {
                show.remark(&format!("at {last_t} s {excess}; {}", Excess::HELP));
            }
        }
        for notice in &period.notices {
            show.remark(&notice.to_string());
        }
        number += 1;
        if output::reader_has_gone() {
            break;
        }
    }
    let finished = control
        .finish()
        .map_err(|error| Failure::new(error.to_string()))?;
    tally.outcomes(&finished.outcomes);
    show.outcomes(&finished.outcomes, &finished.other_outcomes)?;
    let interrupted_at = (number < schedule.total).then_some(last_t);
    Ok(Ended {
        tally,
        show,
        recorder: finished.recorder,
        interrupted_at,
    })
}

fn view_of(period: &Period, phase: Phase) -> PeriodView {
    let mut view = PeriodView::new(&period.frame, &period.clients, phase);
    view.outcomes.clone_from(&period.outcomes);
    view.other_outcomes.clone_from(&period.other_outcomes);
    if let Some(round) = &period.round {
        view.fired = round.fired.iter().cloned().collect();
        view.actions = PlanDocument::new(&round.decision, None).actions;
        view.rejected = round.decision.rejected.len();
    }
    view
}

/// What a policy did in a period, in lines that begin with its time; none if it did nothing.
pub(crate) fn told(period: &Period) -> Vec<String> {
    let view = view_of(period, Phase::Policy);
    let lines = plain::lines(&view).into_iter().skip(1);
    let lines: Vec<String> = lines.map(|line| line.trim_start().to_owned()).collect();
    match lines.is_empty() {
        true => lines,
        false => {
            let (done, failed) = view.moves_ended();
            let ended = format!("{done} moves done, {failed} failed");
            let time = view.time_text();
            let ended = Some(ended).filter(|_| done + failed > 0);
            let all = lines.into_iter().chain(ended);
            all.map(|line| format!("{}: {line}", time.trim_start()))
                .collect()
        }
    }
}

/// Prints the report; a recording that failed makes the exit status 2.
fn conclude(
    arguments: &RunArguments,
    lost_calls: Option<u64>,
    profiling_perc: Option<f64>,
    ended: Ended,
) -> Result<ExitCode, Failure> {
    let Ended {
        tally,
        show,
        recorder,
        interrupted_at,
    } = ended;
    let report = tally.report(
        lost_calls,
        profiling_perc,
        interrupted_at,
        arguments.dry_run,
    );
    show.report(&report)?;
    match recorder.map(Recorder::finish) {
        Some(Err(error)) => Err(Failure::new(error.to_string())),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// The application that `--app` names, else the one named like the policy file.
fn application_of(
    arguments: &RunArguments,
    file: &PolicyFile,
    applications: &[&'static dyn Application],
) -> Result<&'static dyn Application, Failure> {
    if let Some(name) = &arguments.app {
        return apps::find(name, applications);
    }
    let policy = arguments.policy.to_str().unwrap_or_default();
    let stem = Path::new(policy.strip_prefix("std.").unwrap_or(policy))
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    applications
        .iter()
        .copied()
        .find(|application| application.name() == stem)
        .ok_or_else(|| {
            Failure::new(format!("{} names no application to run", file.name))
                .help(format!("say --app NAME; {}", apps::listing(applications)))
        })
}

fn cluster_config(
    arguments: &RunArguments,
    servers_max: Option<u32>,
) -> Result<ClusterConfig, Failure> {
    let link: Link = arguments
        .link
        .parse()
        .map_err(|error| Failure::new(format!("--link: {error}")))?;
    Ok(ClusterConfig {
        servers: arguments.servers,
        servers_max,
        period: Duration::from_secs_f64(arguments.period),
        seed: arguments.seed,
        start: match arguments.start {
            StartName::Random => Start::Random,
            StartName::One => Start::One,
        },
        link,
        oversubscribe: arguments.oversubscribe,
        ..ClusterConfig::default()
    })
}

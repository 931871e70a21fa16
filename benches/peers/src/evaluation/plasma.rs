//! Plasma: everything looked at anew, and following what changes.

use std::sync::OnceLock;
use std::time::Instant;

use plasma_benches::clock::cpu_seconds;
use plasma_benches::events::{Put, events, later_events};
use plasma_benches::floor::RowFloor;
use plasma_benches::generated::{Generated, Random};
use plasma_benches::{rows, rules};
use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_eval::Evaluator;
use plasma_manager::Window;
use plasma_model::{Event, Reservations};

use super::bindings::Bindings;
use super::engine::{Engine, Run, Spent};

/// Events that are made before they are taken over, so that making them is not timed.
const EVENTS_AT_ONCE: usize = 4096;

/// One snapshot, evaluated by two evaluators: one tells processor time, the other wall time.
struct Whole {
    window: Window,
    evaluators: [Evaluator; 2],
}

/// Evaluates everything each time.
pub(crate) struct Plasma<'c> {
    clusters: &'c [Generated],
    program: CheckedProgram,
    forms: Vec<Whole>,
}

impl<'c> Plasma<'c> {
    /// Nothing loaded yet.
    pub(crate) fn new(clusters: &'c [Generated]) -> Result<Self, String> {
        Ok(Plasma {
            clusters,
            program: rules::program()?,
            forms: Vec::new(),
        })
    }
}

impl Engine for Plasma<'_> {
    fn lines(&self) -> Vec<String> {
        ["Plasma", "Plasma, with intents"].map(str::to_owned).into()
    }

    fn load(&mut self) -> Result<Spent, String> {
        self.forms.clear();
        let mut spent = Spent::default();
        for cluster in self.clusters {
            let (window, taken) = loaded(cluster)?;
            spent += taken;
            let clocks = [cpu_seconds, wall_seconds];
            let evaluators = clocks.map(|clock| Evaluator::new(&self.program).timed_by(clock));
            self.forms.push(Whole { window, evaluators });
        }
        Ok(spent)
    }

    fn bindings(&mut self, snapshot: usize) -> Result<Bindings, String> {
        let Whole { window, evaluators } = &mut self.forms[snapshot];
        for evaluator in evaluators.iter_mut() {
            evaluator.evaluate(&self.program, window.columns(), &Reservations::default());
        }
        Ok(found(&evaluators[0], window.columns()))
    }

    fn run(&mut self, times: usize) -> Result<Run, String> {
        let none = Reservations::default();
        let mut spent = [Spent::default(); 2];
        for (place, clock) in [cpu_seconds, wall_seconds].into_iter().enumerate() {
            let mut seconds = [0.0; 2];
            for _ in 0..times {
                for Whole { window, evaluators } in &mut self.forms {
                    let evaluator = &mut evaluators[place];
                    evaluator.forget();
                    let started = clock();
                    evaluator.evaluate(&self.program, window.columns(), &none);
                    seconds[1] += clock() - started;
                    seconds[0] += searched(evaluator);
                }
            }
            for (spent, seconds) in spent.iter_mut().zip(seconds) {
                match place {
                    0 => spent.cpu = seconds,
                    _ => spent.wall = seconds,
                }
            }
        }
        Ok(Run {
            spent: spent.into(),
            load: None,
        })
    }
}

/// One cluster that changes from period to period.
struct Changing {
    cluster: Generated,
    window: Window,
    evaluator: Evaluator,
    period: u64,
}

/// Evaluates what changed, one row in a hundred from period to period.
pub(crate) struct PlasmaFollowing<'c> {
    clusters: &'c [Generated],
    program: CheckedProgram,
    forms: Vec<Changing>,
    random: Random,
}

impl<'c> PlasmaFollowing<'c> {
    /// Nothing loaded yet.
    pub(crate) fn new(clusters: &'c [Generated]) -> Result<Self, String> {
        Ok(PlasmaFollowing {
            clusters,
            program: rules::program()?,
            forms: Vec::new(),
            random: Random::new(2),
        })
    }
}

impl Engine for PlasmaFollowing<'_> {
    fn lines(&self) -> Vec<String> {
        ["Plasma, 1 % changed", "Plasma, 1 % changed, with intents"]
            .map(str::to_owned)
            .into()
    }

    fn load(&mut self) -> Result<Spent, String> {
        self.forms.clear();
        let mut spent = Spent::default();
        for cluster in self.clusters {
            let (window, taken) = loaded(cluster)?;
            spent += taken;
            self.forms.push(Changing {
                cluster: cluster.clone(),
                window,
                evaluator: Evaluator::new(&self.program).timed_by(cpu_seconds),
                period: 1,
            });
        }
        Ok(spent)
    }

    fn bindings(&mut self, snapshot: usize) -> Result<Bindings, String> {
        let Changing {
            window, evaluator, ..
        } = &mut self.forms[snapshot];
        evaluator.evaluate(&self.program, window.columns(), &Reservations::default());
        Ok(found(evaluator, window.columns()))
    }

    fn run(&mut self, times: usize) -> Result<Run, String> {
        let none = Reservations::default();
        let mut load = Spent::default();
        let mut seconds = [0.0; 2];
        for _ in 0..times {
            for form in &mut self.forms {
                let Changing {
                    cluster,
                    window,
                    evaluator,
                    period,
                } = form;
                let changed = cluster.change(&mut self.random);
                *period += 1;
                load += push(window, |put| {
                    later_events(cluster, *period, &changed.actors, put)
                })?;
                let started = cpu_seconds();
                evaluator.evaluate(&self.program, window.columns(), &none);
                seconds[1] += cpu_seconds() - started;
                seconds[0] += searched(evaluator);
            }
        }
        // What changed is not what the others see, so it is looked at here.
        for Changing {
            cluster,
            window,
            evaluator,
            ..
        } in &self.forms
        {
            let mut expected = Bindings::default();
            RowFloor::new(cluster).fire(&mut expected);
            let found = found(evaluator, window.columns()).sorted();
            if let Some(difference) = found.difference(&expected.sorted()) {
                return Err(format!("after changes {difference}"));
            }
        }
        let spent = seconds.map(|cpu| Spent {
            cpu,
            wall: f64::NAN,
        });
        Ok(Run {
            spent: spent.into(),
            load: Some(load),
        })
    }
}

/// A window that has seen a cluster appear, and what that took.
fn loaded(cluster: &Generated) -> Result<(Window, Spent), String> {
    let mut window = Window::new(None);
    let spent = push(&mut window, |put| events(cluster, put))?;
    Ok((window, spent))
}

/// Seconds of searches in the last evaluation, by the evaluator's clock.
fn searched(evaluator: &Evaluator) -> f64 {
    let searches = evaluator.figures().filter_map(|rule| rule.search_seconds);
    searches.sum()
}

fn wall_seconds() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

fn found(evaluator: &Evaluator, columns: &Columns) -> Bindings {
    let no = |number: u32| rows::number(columns.actor_names().name(number));
    let pairs = |place| {
        let matches = evaluator.matches(place);
        let pairs = matches.filter_map(|row| match row {
            [first, second] => Some((no(*first), no(*second))),
            _ => None,
        });
        pairs.collect()
    };
    Bindings {
        balance: evaluator.matches(0).count() > 0,
        folders: pairs(1),
        sessions: pairs(2),
    }
}

/// Takes events over, and says what that took without making them.
fn push(
    window: &mut Window,
    make: impl FnOnce(&mut Put<'_>) -> Result<(), String>,
) -> Result<Spent, String> {
    let mut spent = Spent::default();
    let mut waiting: Vec<Event> = Vec::with_capacity(EVENTS_AT_ONCE);
    let mut take = |waiting: &mut Vec<Event>| {
        let (taken, result) = Spent::by(|| {
            let mut events = waiting.iter();
            events.try_for_each(|event| window.push(event).map(drop))
        });
        spent += taken;
        waiting.clear();
        result.map_err(|error| error.to_string())
    };
    make(&mut |event| {
        waiting.push(event);
        match waiting.len() {
            EVENTS_AT_ONCE => take(&mut waiting),
            _ => Ok(()),
        }
    })?;
    take(&mut waiting)?;
    Ok(spent)
}

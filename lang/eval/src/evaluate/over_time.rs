//! What is made of several moments: windows and forecasts.

use std::sync::{Arc, Mutex};

use plasma_check::program::{Forecast, OverWindow, Windowed};
use plasma_columns::{NOBODY, NumberSet, UNKNOWN};
use plasma_model::SharedOverTime;

use super::batch::Batch;
use super::measured::Measured;
use super::number::Sampled;
use super::scope::Scope;
use super::shared::lock;
use crate::past::FORECAST_SAMPLES_MAX;
use crate::reference::{forecast_of, made_of};

/// A number made of several moments.
#[derive(Debug)]
pub(crate) struct OverTime {
    pub(crate) sampled: Sampled,
    pub(crate) made: Made,
    /// As it is written.
    pub(crate) text: Arc<str>,
}

/// What is made of the samples.
#[derive(Debug)]
pub(crate) enum Made {
    Window(Windowed),
    Forecast(Forecast),
}

/// What tells one such number of an actor or server from all others.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Window(Measured, OverWindow, f64),
    Forecast(Measured, f64),
}

impl OverTime {
    /// Its value in each row, at a moment. That of an actor or a server is calculated once an evaluation, for
    /// whatever rule and row it is asked first.
    pub(crate) fn values(&self, scope: &Scope<'_>, batch: &Batch, moment: usize) -> Vec<f64> {
        let (measured, subject) = match &self.sampled {
            Sampled::Of(measured, subject) => (*measured, *subject),
            Sampled::Calls(calls) => {
                return self.made(scope, moment, batch.rows(), &|moment| {
                    calls.values(scope, batch, moment)
                });
            }
        };
        let key = match &self.made {
            Made::Window(window) => Key::Window(measured, window.function, window.window_seconds),
            Made::Forecast(forecast) => Key::Forecast(measured, forecast.ahead_seconds),
        };
        let numbers = subject.numbers(scope, batch);
        scope
            .shared
            .over_time
            .values((key, moment), self, &numbers, |missing| {
                self.made(scope, moment, missing.len(), &|moment| {
                    measured.values(scope.frame(moment), missing)
                })
            })
    }

    /// What is made of samples of so many rows, which are told moment by moment.
    fn made(
        &self,
        scope: &Scope<'_>,
        now: usize,
        rows: usize,
        samples: &dyn Fn(usize) -> Vec<f64>,
    ) -> Vec<f64> {
        match &self.made {
            Made::Window(window) => windowed(scope, window, now, rows, samples),
            Made::Forecast(forecast) => forecasts(scope, forecast, now, rows, samples),
        }
    }
}

fn windowed(
    scope: &Scope<'_>,
    window: &Windowed,
    now: usize,
    rows: usize,
    samples: &dyn Fn(usize) -> Vec<f64>,
) -> Vec<f64> {
    let Some(moments) = scope.moments(window.window_seconds, now) else {
        return vec![UNKNOWN; rows];
    };
    let (first, last) = (scope.frame(moments.end - 1), scope.frame(moments.start));
    let first = (first.t, first.period_seconds);
    let columns: Vec<Vec<f64>> = moments.map(samples).collect();
    of_rows(rows, |row| {
        let samples: Option<Vec<f64>> = columns.iter().map(|c| known_at(c, row)).collect();
        made_of(window, samples?, first, last.t)
    })
}

fn forecasts(
    scope: &Scope<'_>,
    forecast: &Forecast,
    now: usize,
    rows: usize,
    samples: &dyn Fn(usize) -> Vec<f64>,
) -> Vec<f64> {
    let end = (now + FORECAST_SAMPLES_MAX).min(scope.frames.len());
    let columns: Vec<Vec<f64>> = (now..end).map(samples).collect();
    let periods = forecast.ahead_seconds / scope.present().period_seconds;
    of_rows(rows, |row| {
        let mut samples: Vec<f64> = columns.iter().map_while(|c| known_at(c, row)).collect();
        samples.reverse();
        forecast_of(&samples, periods)
    })
}

/// The values of so many rows, one by one.
pub(super) fn of_rows(rows: usize, of_row: impl Fn(usize) -> Option<f64>) -> Vec<f64> {
    (0..rows)
        .map(|row| of_row(row).unwrap_or(UNKNOWN))
        .collect()
}

/// The value of a row, if it is known.
pub(super) fn known_at(column: &[f64], row: usize) -> Option<f64> {
    column.get(row).copied().filter(|value| !value.is_nan())
}

/// What one evaluation has calculated of actors and servers over time.
#[derive(Debug, Default)]
pub(crate) struct KnownOverTime {
    columns: Mutex<Vec<KnownColumn>>,
}

/// One number of actors or servers at one moment.
#[derive(Debug)]
struct KnownColumn {
    key: (Key, usize),
    known: Arc<Mutex<Known>>,
}

#[derive(Debug)]
struct Known {
    text: Arc<str>,
    asked: u64,
    calculated: u64,
    /// By number of the actor or server.
    values: Vec<f64>,
    /// Those of which it is calculated.
    known: NumberSet,
}

impl KnownOverTime {
    fn values(
        &self,
        key: (Key, usize),
        number: &OverTime,
        numbers: &[u32],
        calculate: impl FnOnce(&[u32]) -> Vec<f64>,
    ) -> Vec<f64> {
        let known = {
            let mut columns = lock(&self.columns);
            let same = columns.iter().find(|column| column.key == key);
            let known = same.map(|column| Arc::clone(&column.known));
            known.unwrap_or_else(|| {
                let known = Arc::new(Mutex::new(Known::new(Arc::clone(&number.text))));
                columns.push(KnownColumn {
                    key,
                    known: Arc::clone(&known),
                });
                known
            })
        };
        lock(&known).values(numbers, calculate)
    }

    /// What was calculated for the present, in order of its text.
    pub(crate) fn figures(&self) -> Vec<SharedOverTime> {
        let columns = lock(&self.columns);
        let present = columns.iter().filter(|column| column.key.1 == 0);
        let figures = present.map(|column| {
            let known = lock(&column.known);
            SharedOverTime {
                text: known.text.to_string(),
                rows: known.asked,
                calculated: known.calculated,
            }
        });
        let mut figures: Vec<SharedOverTime> = figures.collect();
        figures.sort_by(|left, right| left.text.cmp(&right.text));
        figures
    }

    /// Forgets all of it.
    pub(crate) fn clear(&mut self) {
        lock(&self.columns).clear();
    }
}

impl Known {
    fn new(text: Arc<str>) -> Known {
        Known {
            text,
            asked: 0,
            calculated: 0,
            values: Vec::new(),
            known: NumberSet::default(),
        }
    }

    /// The values of some numbers; `calculate` is asked for those that are not known yet, once each.
    fn values(&mut self, numbers: &[u32], calculate: impl FnOnce(&[u32]) -> Vec<f64>) -> Vec<f64> {
        let real = || numbers.iter().filter(|no| **no != NOBODY);
        let end = real().max().map_or(0, |greatest| *greatest as usize + 1);
        if end > self.values.len() {
            let end = end.max(2 * self.values.len());
            self.values.resize(end, UNKNOWN);
        }
        let missing = real().copied().filter(|no| self.known.insert(*no));
        let missing: Vec<u32> = missing.collect();
        self.asked += numbers.len() as u64;
        self.calculated += missing.len() as u64;
        if !missing.is_empty() {
            for (no, value) in missing.iter().zip(calculate(&missing)) {
                if let Some(place) = self.values.get_mut(*no as usize) {
                    *place = value;
                }
            }
        }
        let value = |no: &u32| self.values.get(*no as usize).copied();
        numbers
            .iter()
            .map(|no| value(no).unwrap_or(UNKNOWN))
            .collect()
    }
}

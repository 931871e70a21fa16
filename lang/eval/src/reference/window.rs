//! Values and conditions over time: the present snapshot and those before it, looked at one by one.

use std::ops::Range;

use plasma_check::program::{Feature, Forecast, OverWindow, Windowed};
use plasma_model::Statistic;

use super::aggregate;
use super::assignment::Assignment;
use super::condition::{Interpreter, Sample};
use super::facts::Facts;
use super::subject::Subject;
use crate::Truth;
use crate::past::{End, FORECAST_SAMPLES_MAX, samples_of};

/// Holt's smoothing of the level.
const LEVEL: f64 = 0.5;

/// Holt's smoothing of the trend.
const TREND: f64 = 0.3;

/// With fewer samples nothing is forecast.
const FORECAST_SAMPLES_MIN: usize = 3;

impl<'a, 's> Interpreter<'a, 's> {
    /// The facts of the snapshot that is being looked at.
    pub(crate) fn then(&self) -> &'a dyn Facts<'s> {
        // Only moments that there are are looked at.
        self.facts.earlier(self.moment.get()).unwrap_or(self.facts)
    }

    /// Looks at the snapshot so many periods before the present.
    pub(crate) fn at_moment<T>(&self, moment: usize, look: impl FnOnce() -> T) -> T {
        let before = self.moment.replace(moment);
        let result = look();
        self.moment.set(before);
        result
    }

    /// The snapshots of a window that ends with the one being looked at, as periods before the
    /// present, newest first; `None` if one of them is missing.
    pub(crate) fn moments(&self, window_seconds: f64) -> Option<Range<usize>> {
        let now = self.moment.get();
        let samples = samples_of(window_seconds, self.facts.period_seconds())?;
        let end = now.checked_add(samples)?;
        self.facts.earlier(end - 1).map(|_| now..end)
    }

    /// What is missing of a window; `None` if nothing is.
    pub(crate) fn missing(&self, window_seconds: f64) -> Option<String> {
        let now = self.moment.get();
        let samples = samples_of(window_seconds, self.facts.period_seconds())?;
        let known = (0..samples)
            .take_while(|before| self.facts.earlier(now + before).is_some())
            .count();
        let cause = match self.facts.end() {
            End::Start => "",
            End::Gap => " since the last gap",
        };
        (known < samples).then(|| format!("only {known} of {samples} snapshots{cause}"))
    }

    /// Whether a condition holds in every snapshot of a window.
    pub(crate) fn sustained(&self, window_seconds: f64, holds: &mut dyn FnMut() -> Truth) -> Truth {
        match self.moments(window_seconds) {
            Some(moments) => Truth::all(moments.map(|moment| self.at_moment(moment, &mut *holds))),
            None => Truth::Unknown,
        }
    }

    /// Whether some value over a window passes the test.
    pub(crate) fn some_windowed(
        &self,
        windowed: &Windowed,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(Sample<'s>) -> Truth,
    ) -> Truth {
        let feature = &windowed.feature;
        self.some_subject(feature, assignment, &mut |subject| {
            let value = self.windowed(windowed, subject, assignment);
            test(self.sample(feature, subject, value))
        })
    }

    fn windowed(
        &self,
        windowed: &Windowed,
        subject: Subject<'s>,
        assignment: &Assignment<'s>,
    ) -> Option<f64> {
        let moments = self.moments(windowed.window_seconds)?;
        let period = |moment| {
            let facts = self.facts.earlier(moment)?;
            Some((facts.t(), facts.period_seconds()))
        };
        let (first, last) = (period(moments.end - 1)?, period(moments.start)?);
        let samples = self.samples(&windowed.feature, subject, assignment, moments)?;
        made_of(windowed, samples, first, last.0)
    }

    /// The values of a feature in some snapshots, newest first; `None` if one is unknown.
    fn samples(
        &self,
        feature: &Feature,
        subject: Subject<'s>,
        assignment: &Assignment<'s>,
        mut moments: Range<usize>,
    ) -> Option<Vec<f64>> {
        moments.try_fold(Vec::new(), |mut samples, moment| {
            let value = self.at_moment(moment, || self.measured(feature, subject, assignment))?;
            samples.push(value);
            Some(samples)
        })
    }

    /// Whether some forecast passes the test.
    pub(crate) fn some_forecast(
        &self,
        forecast: &Forecast,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(Sample<'s>) -> Truth,
    ) -> Truth {
        let feature = &forecast.feature;
        self.some_subject(feature, assignment, &mut |subject| {
            let value = self.forecast(forecast, subject, assignment);
            test(self.sample(feature, subject, value))
        })
    }

    /// Holt's linear method over the samples since the last one that is missing.
    fn forecast(
        &self,
        forecast: &Forecast,
        subject: Subject<'s>,
        assignment: &Assignment<'s>,
    ) -> Option<f64> {
        let now = self.moment.get();
        let moments = (now..now + FORECAST_SAMPLES_MAX)
            .take_while(|moment| self.facts.earlier(*moment).is_some());
        let values = moments.map_while(|moment| {
            self.at_moment(moment, || {
                self.measured(&forecast.feature, subject, assignment)
            })
        });
        let mut samples: Vec<f64> = values.collect();
        samples.reverse();
        forecast_of(
            &samples,
            forecast.ahead_seconds / self.facts.period_seconds(),
        )
    }
}

/// What is made of the samples of a window, newest first. `first` is the time of the oldest one with the
/// length of its period, `last_t` that of the newest.
pub(crate) fn made_of(
    windowed: &Windowed,
    samples: Vec<f64>,
    (first_t, first_period_seconds): (f64, f64),
    last_t: f64,
) -> Option<f64> {
    let are_per_period = are_per_period(&windowed.feature);
    let change = || match are_per_period {
        true => Some(samples.iter().sum()),
        false => Some(samples.first()? - samples.last()?),
    };
    let value = match windowed.function {
        OverWindow::Aggregate(function) => return aggregate::of(function, samples),
        OverWindow::Delta => change()?,
        OverWindow::Rate => {
            let mut seconds = last_t - first_t;
            if are_per_period {
                seconds += first_period_seconds;
            }
            change()? / seconds
        }
    };
    value.is_finite().then_some(value)
}

/// What the last samples, oldest first, will be so many periods later; `None` if they are too few.
pub(crate) fn forecast_of(samples: &[f64], periods: f64) -> Option<f64> {
    if samples.len() < FORECAST_SAMPLES_MIN {
        return None;
    }
    holt(samples, periods).filter(|value| value.is_finite())
}

/// Holt's linear method: what some samples, oldest first, will be so many periods after the last one.
/// The first sample begins the level, the first difference the trend.
///
/// Source: C. C. Holt, Forecasting seasonals and trends by exponentially weighted moving averages
/// (1957; International Journal of Forecasting 20, 2004).
fn holt(samples: &[f64], periods: f64) -> Option<f64> {
    let [first, second, rest @ ..] = samples else {
        return None;
    };
    let (mut level, mut trend) = (*second, second - first);
    for sample in rest {
        let before = level;
        level = LEVEL * sample + (1.0 - LEVEL) * (level + trend);
        trend = TREND * (level - before) + (1.0 - TREND) * trend;
    }
    Some(level + periods * trend)
}

/// Whether a sample is about one period, so that those of a window add up.
fn are_per_period(feature: &Feature) -> bool {
    matches!(
        feature,
        Feature::Calls {
            statistic: Statistic::Count | Statistic::Size,
            ..
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_on() {
        assert_eq!(holt(&[10.0, 20.0, 30.0, 40.0], 3.0), Some(70.0));
        assert_eq!(holt(&[5.0, 5.0, 5.0], 10.0), Some(5.0));
    }

    #[test]
    fn a_step_is_followed_by_halves() {
        // Level 0.5 of the step, trend 0.3 of that: 5, 1.5; then 8.25 and 2.025.
        assert_eq!(holt(&[0.0, 0.0, 10.0], 0.0), Some(5.0));
        assert_eq!(holt(&[0.0, 0.0, 10.0], 2.0), Some(8.0));
        assert_eq!(holt(&[0.0, 0.0, 10.0, 10.0], 1.0), Some(8.25 + 2.025));
    }
}

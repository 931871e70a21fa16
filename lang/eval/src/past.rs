//! The ticks before the present one, as far back as a program looks, and no more of each than it
//! looks at.

use plasma_check::program::{
    BehaviorKind, CalculationKind, CheckedProgram, Condition, Feature, Operand, Range, Rule,
};
use plasma_columns::Frame;

use crate::kept::{Kept, Moment};

/// Most samples that a forecast is made of: older ones weigh next to nothing.
pub(crate) const FORECAST_SAMPLES_MAX: usize = 32;

/// Most snapshots that are kept. A window of more periods is longer than the history: unknown.
pub const PAST_SNAPSHOTS_MAX: usize = 4096;

/// Most actors and call records that are kept in all snapshots together; the oldest ones go first,
/// and windows that reach beyond are unknown.
pub const PAST_ENTRIES_MAX: usize = 50_000_000;

/// The same where it is not known yet what will be asked.
pub const PAST_ENTRIES_UNASKED_MAX: usize = 2_000_000;

/// The ticks before the present one. Frames are those of the same [`Columns`](plasma_columns::Columns) as
/// the present.
#[derive(Clone, Debug)]
pub struct Past<M = Frame> {
    reach: Reach,
    kept: Kept<M>,
    entries_max: usize,
}

/// How far back a program looks, and at what.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reach {
    /// The longest window, with those around it, in seconds; 0 without any.
    seconds: f64,
    /// So many snapshots at least, for forecasts.
    snapshots: usize,
    pub(crate) actors: bool,
    pub(crate) calls: bool,
}

/// Why there are no earlier snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Nothing is known of the time before.
    Start,
    /// A snapshot is missing in between.
    Gap,
}

impl<M> Default for Past<M> {
    /// A past of which nothing is kept.
    fn default() -> Self {
        Past {
            reach: Reach::default(),
            kept: Kept::default(),
            entries_max: PAST_ENTRIES_MAX,
        }
    }
}

impl<M: Moment> Past<M> {
    /// An empty past that keeps what this program looks at.
    pub fn of(program: &CheckedProgram) -> Self {
        Past {
            reach: Reach::of_program(program),
            ..Past::default()
        }
    }

    /// An empty past that keeps everything, as far as there is room: for a prompt, at which anything may
    /// be asked.
    pub fn of_everything() -> Self {
        Past {
            reach: Reach {
                seconds: f64::MAX,
                snapshots: 0,
                actors: true,
                calls: true,
            },
            entries_max: PAST_ENTRIES_UNASKED_MAX,
            ..Past::default()
        }
    }

    /// Whether the program looks back at all.
    pub fn is_needed(&self) -> bool {
        self.reach.seconds > 0.0 || self.reach.snapshots > 0
    }

    /// For how many ticks at most a snapshot is kept, with periods of this length.
    pub fn periods_kept(&self, period_seconds: f64) -> usize {
        match self.is_needed() {
            true => self.reach.snapshots_before(period_seconds),
            false => 0,
        }
    }

    /// Whether older snapshots were given up because all together were too large: windows that reach
    /// so far back are unknown.
    pub fn is_cut(&self) -> bool {
        self.kept.is_cut
    }

    /// How many snapshots are kept.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there is nothing before the present.
    pub fn is_empty(&self) -> bool {
        self.kept.len() == 0
    }

    /// Keeps the present for later, before or after it is evaluated. One that is not later than the last one
    /// begins a new stream: what was before is forgotten.
    pub fn push(&mut self, present: &M) {
        if !self.is_needed() {
            return;
        }
        let needed = self.reach.snapshots_before(present.tick().period_seconds);
        let kept = present.keeping(self.reach);
        self.kept.push(kept, needed, self.entries_max);
    }

    /// The ticks that lead up to the present one without a gap, newest first, and what is before them.
    pub(crate) fn before(&self, present: &M) -> (Vec<&M>, End) {
        self.kept.before(present.tick())
    }
}

/// How far back the condition of a rule looks, in seconds; 0 without windows.
pub fn reach_seconds(rule: &Rule) -> f64 {
    let mut reach = Reach::default();
    reach.add_condition(&rule.condition, 0.0);
    reach.seconds
}

/// How many snapshots a window has, the present one included; `None` if the period is no length.
pub(crate) fn samples_of(window_seconds: f64, period_seconds: f64) -> Option<usize> {
    // A little less, so that 60 s of 0.1 s are 600 samples whatever the last digit.
    let periods = (window_seconds / period_seconds - 1e-9).ceil().max(1.0);
    // Beyond every history: no need to be exact.
    (period_seconds > 0.0 && periods.is_finite()).then_some(periods.min(1e9) as usize)
}

impl Reach {
    fn of_program(program: &CheckedProgram) -> Reach {
        let mut reach = Reach::default();
        for rule in program.rules_and_requirements() {
            reach.add_rule(rule);
        }
        reach
    }

    fn snapshots_before(&self, period_seconds: f64) -> usize {
        let windows = match self.seconds > 0.0 {
            true => samples_of(self.seconds, period_seconds).unwrap_or(0),
            false => 0,
        };
        windows.max(self.snapshots)
    }

    /// Adds what a rule looks at, in its condition and in the texts of its alerts.
    fn add_rule(&mut self, rule: &Rule) {
        self.add_condition(&rule.condition, 0.0);
        for behavior in &rule.behaviors {
            if let BehaviorKind::Alert(message) = &behavior.kind {
                for operand in message.operands() {
                    self.add_operand(operand, 0.0);
                }
            }
        }
        for variable in &rule.variables {
            self.add_range(&variable.range);
        }
    }

    /// Adds what a condition looks at, within windows of together `around` seconds.
    fn add_condition(&mut self, condition: &Condition, around: f64) {
        match condition {
            Condition::Constant(_) => {}
            Condition::And(parts) => parts
                .iter()
                .for_each(|part| self.add_condition(part, around)),
            Condition::Or(sides) => {
                for side in sides {
                    self.add_condition(&side.condition, around);
                }
            }
            Condition::Not(inner) => self.add_condition(inner, around),
            Condition::Sustained {
                condition,
                window_seconds,
                ..
            } => {
                let around = around + window_seconds;
                self.seconds = self.seconds.max(around);
                self.add_condition(condition, around);
            }
            Condition::Atom(atom) => {
                if around > 0.0 {
                    // Whatever it asks of actors.
                    self.actors = true;
                }
                for operand in atom.operands() {
                    self.add_operand(operand, around);
                }
            }
        }
    }

    fn add_range(&mut self, range: &Range) {
        if let Range::Callers {
            window_seconds: Some(seconds),
            ..
        } = range
        {
            self.seconds = self.seconds.max(*seconds);
            self.actors = true;
            self.calls = true;
        }
    }

    fn add_operand(&mut self, operand: &Operand, around: f64) {
        let calculation = match operand {
            Operand::Number(_) => return,
            Operand::Feature(feature) => {
                if around > 0.0 {
                    self.add_feature(feature);
                }
                return;
            }
            Operand::Calculation(calculation) => calculation,
        };
        match &calculation.kind {
            CalculationKind::OverWindow(windowed) => {
                self.seconds = self.seconds.max(around + windowed.window_seconds);
                self.add_feature(&windowed.feature);
            }
            CalculationKind::Forecast(forecast) => {
                self.snapshots = FORECAST_SAMPLES_MAX;
                self.add_feature(&forecast.feature);
            }
            CalculationKind::OverCluster(aggregation) => {
                self.add_condition(&aggregation.filter.condition, around);
            }
            _ => {}
        }
        calculation.for_each_operand(&mut |operand| self.add_operand(operand, around));
    }

    fn add_feature(&mut self, feature: &Feature) {
        match feature {
            Feature::ServerResource { .. } => {}
            Feature::ActorResource { .. } | Feature::Gauge { .. } | Feature::Published { .. } => {
                self.actors = true
            }
            Feature::Calls { .. } => {
                self.actors = true;
                self.calls = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use plasma_model::Snapshot;

    use super::*;

    fn at(t: f64) -> Snapshot {
        Snapshot {
            t,
            period_seconds: 10.0,
            ..Snapshot::default()
        }
    }

    fn looking_back(seconds: f64) -> Past<Snapshot> {
        let reach = Reach {
            seconds,
            ..Reach::default()
        };
        Past {
            reach,
            ..Past::default()
        }
    }

    #[test]
    fn a_window_of_a_minute_is_six_periods_of_ten_seconds() {
        assert_eq!(samples_of(60.0, 10.0), Some(6));
        assert_eq!(samples_of(61.0, 10.0), Some(7));
        assert_eq!(samples_of(0.5, 10.0), Some(1));
        assert_eq!(samples_of(60.0, 0.1), Some(600));
        assert_eq!(samples_of(60.0, 0.0), None);
    }

    #[test]
    fn no_more_is_kept_than_windows_reach_back() {
        let mut past = looking_back(30.0);
        for n in 1..=9 {
            past.push(&at(10.0 * f64::from(n)));
        }
        assert_eq!(past.len(), 3);
        let present = at(100.0);
        let (before, end) = past.before(&present);
        assert_eq!(
            before.iter().map(|s| s.t).collect::<Vec<_>>(),
            [90.0, 80.0, 70.0]
        );
        assert_eq!(end, End::Start);
    }

    #[test]
    fn a_missing_snapshot_ends_the_past() {
        let mut past = looking_back(60.0);
        for t in [10.0, 20.0, 40.0, 50.0] {
            past.push(&at(t));
        }
        let present = at(60.0);
        let (before, end) = past.before(&present);
        assert_eq!(before.iter().map(|s| s.t).collect::<Vec<_>>(), [50.0, 40.0]);
        assert_eq!(end, End::Gap);
    }

    #[test]
    fn a_lost_window_number_is_a_gap_too() {
        let mut past = looking_back(60.0);
        past.push(&Snapshot {
            window: Some(1),
            ..at(10.0)
        });
        let present = Snapshot {
            window: Some(3),
            ..at(20.0)
        };
        assert_eq!(past.before(&present).1, End::Gap);
    }

    #[test]
    fn a_stream_that_begins_anew_has_no_past() {
        let mut past = looking_back(60.0);
        past.push(&at(50.0));
        past.push(&at(10.0));
        assert_eq!(past.len(), 1);
    }

    #[test]
    fn a_program_without_windows_keeps_nothing() {
        let mut past = looking_back(0.0);
        past.push(&at(10.0));
        assert!(past.is_empty());
    }
}

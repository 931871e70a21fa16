//! What a condition says of a cluster that stays as it is: then a mean over a window is the value
//! itself, nothing has changed, and what holds now has held all the time.

use plasma_model::{Aggregate, PERIOD_SECONDS_DEFAULT, Statistic};

use crate::program::{
    Aggregation, Atom, AtomKind, Calculation, CalculationKind, Condition, Feature, Operand, OrSide,
    OverWindow,
};

/// So many snapshots make a forecast.
const FORECAST_SAMPLES: f64 = 3.0;

/// Takes the windows out of conditions.
#[derive(Debug, Default)]
pub(super) struct Steady {
    /// For how long the cluster must have been so, in seconds; 0 where nothing looks back.
    pub(super) seconds: f64,
    /// The windows around the place being looked at, together, in seconds.
    around_seconds: f64,
}

impl Steady {
    /// The condition without windows; `None` where it is not plain what they make of a cluster that
    /// does not change.
    pub(super) fn condition(&mut self, condition: &Condition) -> Option<Condition> {
        Some(match condition {
            Condition::Constant(value) => Condition::Constant(*value),
            Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner)?)),
            Condition::And(parts) => {
                let parts = parts.iter().map(|part| self.condition(part));
                Condition::And(parts.collect::<Option<_>>()?)
            }
            Condition::Or(sides) => {
                let sides = sides.iter().map(|side| self.side(side));
                Condition::Or(sides.collect::<Option<_>>()?)
            }
            Condition::Sustained {
                condition,
                window_seconds,
                ..
            } => {
                self.around_seconds += window_seconds;
                self.look_back(0.0);
                let inner = self.condition(condition);
                self.around_seconds -= window_seconds;
                inner?
            }
            Condition::Atom(atom) => Condition::Atom(self.atom(atom)?),
        })
    }

    fn look_back(&mut self, seconds: f64) {
        self.seconds = self.seconds.max(self.around_seconds + seconds);
    }

    fn side(&mut self, side: &OrSide) -> Option<OrSide> {
        Some(OrSide {
            locals: side.locals.clone(),
            condition: self.condition(&side.condition)?,
        })
    }

    fn atom(&mut self, atom: &Atom) -> Option<Atom> {
        let mut atom = atom.clone();
        if let AtomKind::Compare { left, right, .. } = &mut atom.kind {
            *left = self.operand(left)?;
            *right = self.operand(right)?;
        }
        Some(atom)
    }

    fn operand(&mut self, operand: &Operand) -> Option<Operand> {
        let Operand::Calculation(calculation) = operand else {
            return Some(operand.clone());
        };
        let mut calculation: Calculation = (**calculation).clone();
        match &mut calculation.kind {
            CalculationKind::Negative(inner) | CalculationKind::Absolute(inner) => {
                *inner = self.operand(inner)?;
            }
            CalculationKind::Arithmetic { left, right, .. } => {
                *left = self.operand(left)?;
                *right = self.operand(right)?;
            }
            CalculationKind::OfNumbers(_, values) => {
                for value in values {
                    *value = self.operand(value)?;
                }
            }
            CalculationKind::OverCluster(aggregation) => {
                *aggregation = Aggregation {
                    filter: self.side(&aggregation.filter)?,
                    value: match &aggregation.value {
                        Some(value) => Some(self.operand(value)?),
                        None => None,
                    },
                    ..aggregation.clone()
                };
            }
            CalculationKind::OverWindow(windowed) => {
                self.look_back(windowed.window_seconds);
                return unchanged(windowed.function, &windowed.feature);
            }
            CalculationKind::Forecast(forecast) => {
                self.look_back(FORECAST_SAMPLES * PERIOD_SECONDS_DEFAULT);
                return Some(Operand::Feature(forecast.feature.clone()));
            }
        }
        Some(Operand::Calculation(Box::new(calculation)))
    }
}

/// What a window makes of a value that is the same in each of its snapshots.
fn unchanged(function: OverWindow, feature: &Feature) -> Option<Operand> {
    match function {
        OverWindow::Aggregate(
            Aggregate::Avg
            | Aggregate::Min
            | Aggregate::Max
            | Aggregate::P50
            | Aggregate::P90
            | Aggregate::P99,
        ) => Some(Operand::Feature(feature.clone())),
        OverWindow::Aggregate(Aggregate::Stddev) => Some(Operand::Number(0.0)),
        OverWindow::Delta | OverWindow::Rate if !are_per_period(feature) => {
            Some(Operand::Number(0.0))
        }
        // They depend on how many snapshots there are.
        OverWindow::Aggregate(Aggregate::Count | Aggregate::Sum)
        | OverWindow::Delta
        | OverWindow::Rate => None,
    }
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

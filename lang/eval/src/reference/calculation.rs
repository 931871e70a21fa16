//! Numbers calculated from others. What is unknown makes the result unknown.

use plasma_check::program::{Aggregation, Calculation, CalculationKind, Operand};
use plasma_model::Aggregate;

use super::aggregate;
use super::assignment::Assignment;
use super::condition::{Interpreter, Sample};
use crate::Truth;

impl<'s> Interpreter<'_, 's> {
    /// Whether some value of the calculation passes the test: it has one for each choice of actors
    /// for its bare types.
    pub(crate) fn some_calculation(
        &self,
        calculation: &Calculation,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(Sample<'s>) -> Truth,
    ) -> Truth {
        match &calculation.kind {
            CalculationKind::Negative(inner) => {
                self.some_sample(inner, assignment, &mut |sample| {
                    test(sample.map(|value| -value))
                })
            }
            CalculationKind::Absolute(inner) => {
                self.some_sample(inner, assignment, &mut |sample| test(sample.map(f64::abs)))
            }
            CalculationKind::Arithmetic {
                left,
                operator,
                right,
                scale,
            } => self.some_sample(left, assignment, &mut |left| {
                self.some_sample(right, assignment, &mut |right| {
                    let values = left.value.zip(right.value);
                    let result = values.and_then(|(left, right)| operator.apply(left, right));
                    test(Sample {
                        value: result.map(|result| result * scale),
                        ..self.joined(left, right)
                    })
                })
            }),
            CalculationKind::OfNumbers(function, values) => {
                self.some_of_numbers(*function, values, (&[], Sample::NOTHING), assignment, test)
            }
            CalculationKind::OverWindow(windowed) => self.some_windowed(windowed, assignment, test),
            CalculationKind::Forecast(forecast) => self.some_forecast(forecast, assignment, test),
            CalculationKind::OverCluster(aggregation) => test(Sample {
                value: self.within_aggregate(|| self.aggregated(aggregation, assignment)),
                ..Sample::NOTHING
            }),
        }
    }

    /// Whether an aggregate of some values passes the test; `chosen` are those before them, and
    /// whose they are.
    fn some_of_numbers(
        &self,
        function: Aggregate,
        values: &[Operand],
        (chosen, whose): (&[Option<f64>], Sample<'s>),
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(Sample<'s>) -> Truth,
    ) -> Truth {
        let Some((first, rest)) = values.split_first() else {
            let known: Option<Vec<f64>> = chosen.iter().copied().collect();
            return test(Sample {
                value: known.and_then(|known| aggregate::of(function, known)),
                ..whose
            });
        };
        self.some_sample(first, assignment, &mut |sample| {
            let chosen: Vec<_> = chosen.iter().copied().chain([sample.value]).collect();
            let whose = self.joined(whose, sample);
            self.some_of_numbers(function, rest, (&chosen, whose), assignment, test)
        })
    }

    /// The value of an aggregate over the cluster: of what its variables may stand for, where the
    /// filter is true. Unknown if one of the values is.
    pub(crate) fn aggregated(
        &self,
        aggregation: &Aggregation,
        assignment: &Assignment<'s>,
    ) -> Option<f64> {
        if let Some(known) = self.known_aggregate(aggregation) {
            return known;
        }
        let mut values: Option<Vec<f64>> = Some(Vec::new());
        let mut assignment = assignment.clone();
        let variables = &aggregation.variables;
        self.each_assignment(variables, &mut assignment, &mut |assignment| {
            if values.is_none() || !self.is_kept(aggregation, assignment) {
                return;
            }
            let value = match &aggregation.value {
                Some(operand) => self.value(operand, assignment),
                None => Some(1.0),
            };
            match (&mut values, value) {
                (Some(values), Some(value)) => values.push(value),
                _ => values = None,
            }
        });
        let result = values.and_then(|values| aggregate::of(aggregation.function, values));
        self.keep_aggregate(aggregation, result);
        result
    }

    fn is_kept(&self, aggregation: &Aggregation, assignment: &mut Assignment<'s>) -> bool {
        let filter = &aggregation.filter;
        self.some_truth(&filter.locals, &filter.condition, assignment)
            .is_true()
    }

    /// The one value of an operand without bare types.
    pub(crate) fn value(&self, operand: &Operand, assignment: &Assignment<'s>) -> Option<f64> {
        let mut value = None;
        self.some_sample(operand, assignment, &mut |sample| {
            value = sample.value;
            Truth::True
        });
        value
    }

    /// Whose two values are that are calculated with: an atom about the load of a reserved host is
    /// about it whatever else it is about.
    fn joined(&self, left: Sample<'s>, right: Sample<'s>) -> Sample<'s> {
        let load_of = match self.is_reserved_load(right) {
            true => right.load_of,
            false => left.load_of.or(right.load_of),
        };
        Sample {
            value: None,
            load_of,
            chosen: left.chosen.or(right.chosen),
        }
    }
}

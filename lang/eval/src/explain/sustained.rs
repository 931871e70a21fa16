//! Conditions over time, as a derivation shows them: what was measured now, and in how many
//! snapshots it held.

use plasma_check::program::Condition;

use super::figure::figure;
use super::reading::{AtomReading, Reader};
use crate::Truth;
use crate::reference::Assignment;

impl<'s> Reader<'_, 's> {
    /// Reads `c for 30s`; nothing of any other condition.
    pub(super) fn read_sustained(
        &self,
        condition: &Condition,
        assignment: &Assignment<'s>,
    ) -> Option<AtomReading> {
        let Condition::Sustained {
            condition: inner,
            window_seconds,
            span,
        } = condition
        else {
            return None;
        };
        let now = match inner.as_ref() {
            Condition::Atom(atom) => Some(self.read_atom(atom, inner, assignment)),
            _ => None,
        };
        let length = figure(*window_seconds, "s");
        let threshold = now.as_ref().and_then(|now| now.threshold.as_ref());
        Some(AtomReading {
            text: self.writer.condition(condition),
            span: *span,
            threshold: threshold.map(|threshold| format!("{threshold} for {length}")),
            holds: self.truth(condition, assignment),
            held: now.as_ref().is_some_and(|now| now.held),
            figures: now.as_ref().and_then(|now| now.figures),
            unit: now.as_ref().map_or("", |now| now.unit),
            note: Some(self.counted(inner, *window_seconds, assignment)),
            measured: now.and_then(|now| now.measured),
        })
    }

    /// In how many snapshots of a window a condition holds, or why that is not known.
    fn counted(
        &self,
        condition: &Condition,
        window_seconds: f64,
        assignment: &Assignment<'s>,
    ) -> String {
        let Some(moments) = self.interpreter.moments(window_seconds) else {
            let missing = self.interpreter.missing(window_seconds);
            return missing.unwrap_or_default();
        };
        let count = moments.len();
        let truths: Vec<Truth> = moments
            .map(|moment| {
                let truth = || self.truth(condition, assignment);
                self.interpreter.at_moment(moment, truth)
            })
            .collect();
        let of = |wanted| truths.iter().filter(|truth| **truth == wanted).count();
        let unknown = match of(Truth::Unknown) {
            0 => String::new(),
            unknown => format!(", unknown in {unknown}"),
        };
        format!("held in {} of {count} snapshots{unknown}", of(Truth::True))
    }
}

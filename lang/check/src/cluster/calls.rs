//! `client -> f.open: 500, 4KiB, 2ms`: count, size and latency of the period's calls.

use plasma_diagnostic::{Code, Diagnostic};
use plasma_model::{ActorId, LatencyRecord};
use plasma_syntax::Quantity;
use plasma_syntax::cluster::{CallerName, CallsStatement, Figure};
use plasma_syntax::tree::Name;

use super::{NameKind, Reader, unknown_of};

/// What stands at each place after the colon.
const FIGURES: [(Option<Quantity>, &str); 3] = [
    (None, "the number of calls, without unit"),
    (
        Some(Quantity::Bytes),
        "the size of the calls, such as `4KiB`",
    ),
    (
        Some(Quantity::Duration),
        "the latency of the calls, such as `2ms`",
    ),
];

impl Reader<'_> {
    pub(super) fn calls(&mut self, statement: &CallsStatement) {
        let (Some(callee), Some(function)) = (statement.callee, statement.function) else {
            return;
        };
        let from = match statement.caller {
            CallerName::Client(_) => Some("client".to_owned()),
            CallerName::Actor(name) => {
                let known = self.is_known(name, NameKind::Actor);
                known.then(|| self.tree.name(name).to_owned())
            }
        };
        if !self.is_known(callee, NameKind::Actor) {
            return;
        }
        let Some(from) = from else { return };
        let to = ActorId::from(self.tree.name(callee));
        self.check_function(&to, function);
        let [count, size, latency] = self.figures(&statement.figures);
        let key = (from, to, self.tree.name(function).to_owned());
        let calls = self.changes(0).calls.entry(key).or_default();
        calls.count = count.or(calls.count);
        calls.size = size.or(calls.size);
        if let Some(seconds) = latency {
            calls.latency = Some(LatencyRecord {
                mean: Some(seconds),
                ..LatencyRecord::default()
            });
        }
    }

    fn figures(&mut self, figures: &[Figure]) -> [Option<f64>; 3] {
        let mut values = [None; 3];
        for (place, (quantity, expected)) in FIGURES.into_iter().enumerate() {
            let figure = figures.get(place);
            if let Some((figure, number)) = figure.and_then(|f| f.number.map(|n| (f, n))) {
                values[place] = self.in_unit(number, figure.span, quantity, expected);
            }
        }
        if let Some(extra) = figures.get(FIGURES.len()) {
            let message = "calls have a count, a size and a latency, and no more";
            self.report(Diagnostic::new(Code::SyntaxError, extra.span, message));
        }
        values
    }

    /// With a declared schema, the callee's type must offer the function.
    fn check_function(&mut self, callee: &ActorId, function: Name) {
        let text = self.tree.name(function);
        let Some(schema) = self.schema else { return };
        let type_name = self.introduced.actors.get(callee.as_str());
        let of_type = type_name.and_then(|name| schema.find(name));
        if let Some((_, of_type)) = of_type
            && of_type.function(text).is_none()
        {
            let message = format!("actor type `{}` has no function `{text}`", of_type.name);
            let right = of_type.functions.iter().map(|f| f.name.as_ref());
            let unknown = unknown_of(Code::UnknownFunction, function, text, message, right);
            self.report(unknown);
        }
    }
}

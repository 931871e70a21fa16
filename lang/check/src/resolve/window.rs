//! Values and conditions over time: `over`, `for`, and the functions over a window.

use plasma_diagnostic::Span;
use plasma_model::{Aggregate, WindowFunction, WindowFunctionRow};
use plasma_syntax::Number;
use plasma_syntax::tree::{ExprId, ExprKind, ExprList};

use super::RuleChecker;
use super::operand::Operand;
use super::unit::Unit;
use crate::error::wrong_argument::window;
use crate::program::{
    CalculationKind, Condition, Feature, Forecast, Operand as Checked, OverWindow, Windowed,
};

/// A sampled value.
struct Sampled {
    feature: Feature,
    operand: Operand,
    unit: Unit,
}

impl RuleChecker<'_, '_> {
    /// What is made of the samples of `of` in a window.
    pub(super) fn over_window(
        &mut self,
        function: OverWindow,
        of: ExprId,
        window: ExprId,
        span: Span,
    ) -> Option<Operand> {
        let window_seconds = self.window_length(window);
        let around = self.window_seconds;
        self.window_seconds += window_seconds.unwrap_or(0.0);
        let sampled = self.sampled(of);
        self.window_seconds = around;
        let (window_seconds, sampled) = (window_seconds?, sampled?);
        let unit = match function {
            OverWindow::Aggregate(Aggregate::Count) => Some(""),
            OverWindow::Aggregate(_) | OverWindow::Delta => sampled.unit,
            OverWindow::Rate => sampled.unit.map(per_second),
        };
        let kind = CalculationKind::OverWindow(Windowed {
            function,
            feature: sampled.feature,
            window_seconds,
        });
        let mut value = self.value(kind, unit, span);
        if let (true, Operand::Feature(measured)) = (function.keeps_range(), sampled.operand) {
            value.like = Some(Box::new(super::operand::Measured { span, ..measured }));
        }
        Some(Operand::Value(value))
    }

    /// `rate(x over 60s)`, `delta(x over 60s)`, `forecast(x, 60s)`.
    pub(super) fn window_function(
        &mut self,
        row: &WindowFunctionRow,
        args: ExprList,
        span: Span,
    ) -> Option<Operand> {
        let tree = self.checker.tree;
        let given = tree.list(args);
        if given.iter().any(|id| *tree.kind(*id) == ExprKind::Hole) {
            return self.hole();
        }
        let function = match (row.function, given) {
            (WindowFunction::Forecast, [of, ahead]) => return self.forecast(*of, *ahead, span),
            (WindowFunction::Delta, _) => OverWindow::Delta,
            (WindowFunction::Rate, _) => OverWindow::Rate,
            (WindowFunction::Forecast, _) => {
                self.fail(window::function(span, row, given.len()));
                return None;
            }
        };
        let [argument] = given else {
            self.fail(window::function(span, row, given.len()));
            return None;
        };
        let Some((of, window)) = self.window_of(*argument) else {
            let argument = tree.expr(*argument).span;
            let text = tree.text(argument);
            self.fail(window::without_window(argument, text, row.name));
            return None;
        };
        self.over_window(function, of, window, span)
    }

    fn forecast(&mut self, of: ExprId, ahead: ExprId, span: Span) -> Option<Operand> {
        let ahead_seconds = self.window_length(ahead);
        let sampled = self.sampled(of);
        let (ahead_seconds, sampled) = (ahead_seconds?, sampled?);
        let kind = CalculationKind::Forecast(Forecast {
            feature: sampled.feature,
            ahead_seconds,
        });
        Some(Operand::Value(self.value(kind, sampled.unit, span)))
    }

    /// `c for 30s`.
    pub(super) fn sustained(
        &mut self,
        condition: ExprId,
        window: ExprId,
        span: Span,
    ) -> Option<Condition> {
        let window_seconds = self.window_length(window);
        let around = self.window_seconds;
        self.window_seconds += window_seconds.unwrap_or(0.0);
        let condition = self.condition(condition);
        self.window_seconds = around;
        Some(Condition::Sustained {
            condition: Box::new(condition?),
            window_seconds: window_seconds?,
            span,
        })
    }

    /// The two sides of `x over 60s`, if an expression is that.
    pub(super) fn window_of(&self, id: ExprId) -> Option<(ExprId, ExprId)> {
        let tree = self.checker.tree;
        match *tree.kind(tree.unparenthesized(id)) {
            ExprKind::Windowed { of, window } => Some((of, window)),
            _ => None,
        }
    }

    /// Where `over` stands in `x over 80`, whose number is without a unit.
    pub(super) fn word_over(&self, id: ExprId) -> Option<Span> {
        let tree = self.checker.tree;
        let (of, window) = self.window_of(id)?;
        let ExprKind::Number(Number { unit: None, .. }) = *tree.kind(window) else {
            return None;
        };
        let (of, window) = (tree.expr(of).span, tree.expr(window).span);
        let between = Span::new(of.file, of.end, window.start);
        let text = tree.text(between);
        let start = of.end + u32::try_from(text.find("over")?).ok()?;
        Some(Span::new(of.file, start, start + 4))
    }

    /// A length of time, in seconds.
    fn window_length(&mut self, id: ExprId) -> Option<f64> {
        let expr = self.checker.tree.expr(id);
        let seconds = match expr.kind {
            ExprKind::Number(_) | ExprKind::Word(_) | ExprKind::Hole => {
                self.checker.duration(id, "a window")
            }
            _ => {
                let text = self.checker.tree.text(expr.span);
                self.fail(window::no_length(expr.span, text));
                None
            }
        };
        self.is_broken |= seconds.is_none();
        seconds
    }

    /// What can be sampled: a measured or published number, and nothing calculated.
    fn sampled(&mut self, id: ExprId) -> Option<Sampled> {
        let span = self.checker.tree.expr(id).span;
        let text = self.checker.tree.text(span);
        let operand = self.operand(id)?;
        let operand = self.number(operand)?;
        let unit = operand.unit();
        let feature = match &operand {
            Operand::Feature(measured) => Some(measured.feature.clone()),
            Operand::Value(value) => match &value.checked {
                Checked::Feature(feature) => Some(feature.clone()),
                _ => None,
            },
            _ => None,
        };
        let Some(feature) = feature else {
            self.fail(window::of_no_feature(
                span,
                text,
                self.window_of(id).is_some(),
            ));
            return None;
        };
        Some(Sampled {
            feature,
            operand,
            unit,
        })
    }
}

/// The unit of a change per second.
fn per_second(unit: &'static str) -> &'static str {
    match unit {
        "%" => "%/s",
        "B" => "B/s",
        "B/s" => "B/s\u{b2}",
        "/s" => "/s\u{b2}",
        "cores" => "cores/s",
        // Seconds per second are a plain number.
        "s" => "",
        // So many of something per second.
        _ => "/s",
    }
}

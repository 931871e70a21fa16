//! Where the parts of a rule lie in a text that was changed somewhere else.

use plasma_diagnostic::{FileId, TextChange};

use super::{
    Aggregation, Atom, AtomKind, BehaviorCall, BehaviorKind, CalculationKind, Condition, Message,
    MessagePiece, Operand, OrSide, Rule,
};

impl Rule {
    /// Moves its places in a file to where they lie after a change of the text.
    pub(crate) fn move_spans(&mut self, file: FileId, change: &TextChange) {
        change.move_span(file, &mut self.span);
        for variable in &mut self.variables {
            change.move_span(file, &mut variable.span);
        }
        self.condition.move_spans(file, change);
        for behavior in &mut self.behaviors {
            behavior.move_spans(file, change);
        }
    }
}

impl Condition {
    fn move_spans(&mut self, file: FileId, change: &TextChange) {
        match self {
            Condition::Constant(_) => {}
            Condition::And(parts) => {
                for part in parts {
                    part.move_spans(file, change);
                }
            }
            Condition::Or(sides) => {
                for side in sides {
                    side.move_spans(file, change);
                }
            }
            Condition::Not(inner) => inner.move_spans(file, change),
            Condition::Sustained {
                condition, span, ..
            } => {
                condition.move_spans(file, change);
                change.move_span(file, span);
            }
            Condition::Atom(atom) => atom.move_spans(file, change),
        }
    }
}

impl OrSide {
    fn move_spans(&mut self, file: FileId, change: &TextChange) {
        self.condition.move_spans(file, change);
    }
}

impl Atom {
    fn move_spans(&mut self, file: FileId, change: &TextChange) {
        change.move_span(file, &mut self.span);
        match &mut self.kind {
            AtomKind::Compare { left, right, .. } => {
                left.move_spans(file, change);
                right.move_spans(file, change);
            }
            AtomKind::Same { .. }
            | AtomKind::InRef { .. }
            | AtomKind::On { .. }
            | AtomKind::Published { .. }
            | AtomKind::CompareText { .. } => {}
        }
    }
}

impl Operand {
    fn move_spans(&mut self, file: FileId, change: &TextChange) {
        let calculation = match self {
            Operand::Number(_) | Operand::Feature(_) => return,
            Operand::Calculation(calculation) => calculation,
        };
        match &mut calculation.kind {
            CalculationKind::Negative(inner) | CalculationKind::Absolute(inner) => {
                inner.move_spans(file, change);
            }
            CalculationKind::Arithmetic { left, right, .. } => {
                left.move_spans(file, change);
                right.move_spans(file, change);
            }
            CalculationKind::OfNumbers(_, values) => {
                for value in values {
                    value.move_spans(file, change);
                }
            }
            CalculationKind::OverCluster(aggregation) => aggregation.move_spans(file, change),
            CalculationKind::OverWindow(_) | CalculationKind::Forecast(_) => {}
        }
    }
}

impl Aggregation {
    fn move_spans(&mut self, file: FileId, change: &TextChange) {
        self.filter.move_spans(file, change);
        if let Some(value) = &mut self.value {
            value.move_spans(file, change);
        }
    }
}

impl BehaviorCall {
    fn move_spans(&mut self, file: FileId, change: &TextChange) {
        change.move_span(file, &mut self.span);
        if let BehaviorKind::Alert(Message { pieces }) = &mut self.kind {
            for piece in pieces {
                if let MessagePiece::Number { operand, .. } = piece {
                    operand.move_spans(file, change);
                }
            }
        }
    }
}

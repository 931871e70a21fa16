//! Comparisons of what is calculated from one value by constants, as comparisons of that value itself:
//! `2 * f.cpu.perc > 80` asks for `f.cpu.perc > 40`.
//!
//! Each step (a sum, a difference, a product, a quotient by a constant, a change of sign) is monotone in the value,
//! also as floating-point numbers are rounded, and so is what they make together. So the values for which it
//! compares so are those from some number on, or up to one, and that number is found exactly, by bisection over
//! all numbers there are: what is compared afterwards is true, false and unknown where it was before.

use crate::program::{
    Atom, AtomKind, CalculationKind, Comparison, Condition, Feature, Operand, Operator,
};

/// No measured value is further from zero.
const MEASURED_MAX: f64 = 1e200;

/// Writes every comparison that can be written so as one of the value itself. What stands in aggregates stays.
pub(super) fn simplify(condition: &mut Condition) {
    match condition {
        Condition::Constant(_) => {}
        Condition::And(parts) => parts.iter_mut().for_each(simplify),
        Condition::Or(sides) => {
            for side in sides {
                simplify(&mut side.condition);
            }
        }
        Condition::Not(inner) => simplify(inner),
        Condition::Sustained { condition, .. } => simplify(condition),
        Condition::Atom(atom) => {
            if let Some(kind) = simpler(atom) {
                atom.kind = kind;
            }
        }
    }
}

fn simpler(atom: &Atom) -> Option<AtomKind> {
    let (calculated, comparison, limit) = atom.kind.against_number()?;
    let chain = Chain::of(calculated)?;
    let (comparison, limit) = chain.turned(comparison, limit)?;
    Some(AtomKind::Compare {
        left: chain.value.clone(),
        comparison,
        right: Operand::Number(limit),
    })
}

/// One step of a calculation.
#[derive(Clone, Copy, Debug)]
enum Step {
    Negative,
    /// A constant on the right, and what the result is multiplied by.
    With(Operator, f64, f64),
    /// A constant on the left.
    From(Operator, f64, f64),
}

impl Step {
    fn apply(self, value: f64) -> Option<f64> {
        let result = match self {
            Step::Negative => -value,
            Step::With(operator, constant, scale) => operator.apply(value, constant)? * scale,
            Step::From(operator, constant, scale) => operator.apply(constant, value)? * scale,
        };
        result.is_finite().then_some(result)
    }

    /// Whether the result grows where the value does; `None` if it does neither that nor the opposite.
    fn is_growing(self) -> Option<bool> {
        let by = |factor: f64| (factor != 0.0 && factor.is_finite()).then_some(factor > 0.0);
        let (of_step, scale) = match self {
            Step::Negative => return Some(false),
            Step::With(Operator::Add | Operator::Subtract, _, scale)
            | Step::From(Operator::Add, _, scale) => (true, scale),
            Step::From(Operator::Subtract, _, scale) => (false, scale),
            Step::With(Operator::Multiply | Operator::Divide, constant, scale)
            | Step::From(Operator::Multiply, constant, scale) => (by(constant)?, scale),
            // It jumps where the value is zero.
            Step::From(Operator::Divide, ..) => return None,
        };
        Some(of_step == by(scale)?)
    }
}

/// A value and what is made of it by constants, step by step.
struct Chain<'o> {
    value: &'o Operand,
    /// The last one first.
    steps: Vec<Step>,
    is_growing: bool,
    /// All values are between this and its negative.
    most: f64,
}

impl<'o> Chain<'o> {
    /// Of an operand that is calculated so, without ever becoming too large for a number.
    fn of(operand: &'o Operand) -> Option<Chain<'o>> {
        let mut value = operand;
        let mut steps = Vec::new();
        while let Operand::Calculation(calculation) = value {
            let (step, inner) = match &calculation.kind {
                CalculationKind::Negative(inner) => (Step::Negative, inner),
                CalculationKind::Arithmetic {
                    left,
                    operator,
                    right,
                    scale,
                } => match (left, right) {
                    (inner, Operand::Number(constant)) => {
                        (Step::With(*operator, *constant, *scale), inner)
                    }
                    (Operand::Number(constant), inner) => {
                        (Step::From(*operator, *constant, *scale), inner)
                    }
                    _ => break,
                },
                _ => break,
            };
            steps.push(step);
            value = inner;
        }
        if steps.is_empty() || matches!(value, Operand::Number(_)) {
            return None;
        }
        let is_growing = steps
            .iter()
            .try_fold(true, |growing, step| Some(growing == step.is_growing()?))?;
        let is_measured = matches!(value, Operand::Feature(feature) if !matches!(feature, Feature::Published { .. }));
        let chain = Chain {
            value,
            steps,
            is_growing,
            most: if is_measured { MEASURED_MAX } else { f64::MAX },
        };
        (chain.apply(chain.most).is_some() && chain.apply(-chain.most).is_some()).then_some(chain)
    }

    fn apply(&self, value: f64) -> Option<f64> {
        let mut steps = self.steps.iter().rev();
        steps.try_fold(value, |value, step| step.apply(value))
    }

    /// How the value itself must compare, so that what is made of it compares so with `limit`.
    fn turned(&self, comparison: Comparison, limit: f64) -> Option<(Comparison, f64)> {
        let holds = |value: f64| {
            let result = self.apply(value);
            result.is_some_and(|result| comparison.holds(result, limit))
        };
        match comparison {
            Comparison::Greater
            | Comparison::GreaterOrEqual
            | Comparison::Less
            | Comparison::LessOrEqual => {}
            // Several values may be rounded to one result.
            Comparison::Equal | Comparison::NotEqual => return None,
        }
        let is_upward = matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual);
        if is_upward == self.is_growing {
            let first = first(-self.most, self.most, &holds)?;
            let before = first.next_down();
            return Some(match is_shorter(before, first) {
                true => (Comparison::Greater, before),
                false => (Comparison::GreaterOrEqual, first),
            });
        }
        // The first for which it does not hold any more.
        let end = first(-self.most, self.most, &|value| !holds(value))?;
        let last = end.next_down();
        Some(match is_shorter(last, end) {
            true => (Comparison::LessOrEqual, last),
            false => (Comparison::Less, end),
        })
    }
}

fn is_shorter(one: f64, other: f64) -> bool {
    one.to_string().len() < other.to_string().len()
}

/// The least number between two for which a condition holds that holds for all greater ones; `None` if it holds for
/// all of them, or for none.
fn first(least: f64, most: f64, holds: &dyn Fn(f64) -> bool) -> Option<f64> {
    if holds(least) || !holds(most) {
        return None;
    }
    let (mut below, mut from) = (ordered(least), ordered(most));
    while from - below > 1 {
        let middle = below + (from - below) / 2;
        match holds(number(middle)) {
            true => from = middle,
            false => below = middle,
        }
    }
    // Of the two zeros the usual one.
    Some(number(from) + 0.0)
}

/// Numbers in the order of whole numbers: the bits of a floating-point number are ordered as it is, but for the
/// sign.
fn ordered(number: f64) -> i128 {
    let bits = i128::from(number.abs().to_bits());
    if number.is_sign_negative() {
        -bits - 1
    } else {
        bits
    }
}

fn number(ordered: i128) -> f64 {
    let bits = |bits: i128| u64::try_from(bits).unwrap_or(0);
    match ordered < 0 {
        true => -f64::from_bits(bits(-ordered - 1)),
        false => f64::from_bits(bits(ordered)),
    }
}

#[cfg(test)]
mod tests {
    use plasma_diagnostic::SourceMap;
    use proptest::prelude::*;

    use super::*;
    use crate::{Environment, check_source};

    const SIGNS: [&str; 4] = ["<", "<=", ">", ">="];

    /// The comparison of a condition about `f.cpu.perc`, and the simpler one.
    fn compared(condition: &str) -> (Atom, Option<AtomKind>) {
        let text = format!("{condition} => pin(Folder(f));");
        let (_, file) = SourceMap::single("policy", text.as_str());
        let checked = check_source(file, text.as_str(), &Environment::default());
        let rule = checked.program.rules.first().expect("there is a rule");
        let Condition::Atom(atom) = &rule.condition else {
            panic!("{condition} is no atom");
        };
        (atom.clone(), simpler(atom))
    }

    fn simple(condition: &str) -> String {
        match compared(condition).1 {
            Some(AtomKind::Compare {
                comparison,
                right: Operand::Number(limit),
                ..
            }) => format!("{} {limit}", comparison.sign()),
            _ => "as it is".to_owned(),
        }
    }

    #[test]
    fn a_constant_goes_to_the_other_side() {
        assert_eq!(simple("2 * Folder(f).cpu.perc > 80"), "> 40");
        assert_eq!(simple("Folder(f).cpu.perc / 4 >= 20"), ">= 80");
        assert_eq!(simple("-Folder(f).cpu.perc < -80"), "> 80");
        assert_eq!(simple("100 - Folder(f).cpu.perc < 20"), "> 80");
        assert_eq!(simple("80 < Folder(f).cpu.perc + 10"), "> 70");
        assert_eq!(simple("(Folder(f).cpu.perc - 50) * 2 <= 20"), "<= 60");
        assert_eq!(
            simple("2 * forecast(Folder(f).cpu.perc, 60s) > 80"),
            "as it is"
        );
        assert_eq!(simple("forecast(Folder(f).cpu.perc, 60s) / 2 > 40"), "> 80");
    }

    /// Of numbers a little above ten the sum is rounded down to 80.
    #[test]
    fn what_rounding_does_is_kept() {
        assert_eq!(
            simple("Folder(f).cpu.perc + 70 > 80"),
            ">= 10.000000000000009"
        );
        assert_eq!(simple("Folder(f).cpu.perc * 0.1 > 3"), "> 30");
    }

    #[test]
    fn what_is_not_monotone_or_has_two_values_stays() {
        for condition in [
            "100 / Folder(f).cpu.perc > 5",
            "0 * Folder(f).cpu.perc > 5",
            "abs(Folder(f).cpu.perc - 50) > 5",
            "Folder(f).cpu.perc + f.mem.perc > 5",
            "Folder(f).cpu.perc + 1 == 5",
            "Folder(f).cpu.perc > 5",
        ] {
            assert_eq!(simple(condition), "as it is", "{condition}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn it_is_true_and_false_of_the_same_values(
            steps in prop::collection::vec((0..6u8, 1..2000u32), 1..4),
            sign in prop::sample::select(&SIGNS[..]),
            limit in 0..400u32,
            values in prop::collection::vec(prop_oneof![0.0..200.0f64, (0..200u32).prop_map(f64::from)], 8),
        ) {
            let mut text = "Folder(f).cpu.perc".to_owned();
            for (step, constant) in &steps {
                let constant = f64::from(*constant) / 10.0;
                text = match step {
                    0 => format!("({text} + {constant})"),
                    1 => format!("({text} - {constant})"),
                    2 => format!("({text} * {constant})"),
                    3 => format!("({text} / {constant})"),
                    4 => format!("({constant} - {text})"),
                    _ => format!("(-{text})"),
                };
            }
            let condition = format!("{text} {sign} {limit}");
            let (atom, simpler) = compared(&condition);
            let AtomKind::Compare { left, comparison, right: Operand::Number(number) } = &atom.kind else {
                return Ok(());
            };
            let chain = Chain::of(left).expect("it is one");
            let Some(AtomKind::Compare { comparison: simple, right: Operand::Number(at), .. }) = simpler else {
                return Ok(());
            };
            let near = [at, at.next_up(), at.next_down(), at + 1e-9, at - 1e-9];
            for value in values.into_iter().chain(near) {
                let result = chain.apply(value).expect("it is a number");
                prop_assert_eq!(simple.holds(value, at), comparison.holds(result, *number), "{} at {}", condition, value);
            }
        }
    }
}

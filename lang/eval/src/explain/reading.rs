//! The derivation of one firing: each atom with what was measured.

use std::fmt;
use std::sync::Arc;

use plasma_check::program::{
    ActorRef, Atom, AtomKind, Calculation, CalculationKind, CheckedProgram, Comparison, Condition,
    Operand, OrSide, Rule, Span, VariableId,
};

use plasma_check::schema::Schema;
use plasma_columns::Columns;
use plasma_model::{Binding, Reservations};

use super::figure::{figure, figures};
use super::links::count_broken;
use super::text::{Writer, operand_unit};
use crate::evaluate::looking_at;
use crate::reference::{Assignment, Facts, Interpreter, Sample, implicit_server};
use crate::{Past, Truth};

/// Why a rule fires, or does not, for one binding.
#[derive(Clone, Debug, PartialEq)]
pub struct Derivation {
    /// Name of the rule.
    pub rule: Arc<str>,
    /// The binding asked about.
    pub binding: Binding,
    /// What stands for the variables that are not part of the binding: a bare `server` of a rule
    /// without actors, variables of one side of an `or`.
    pub witnesses: Binding,
    /// Whether the condition holds.
    pub holds: Truth,
    /// Its atoms, in text order.
    pub atoms: Vec<AtomReading>,
    /// How many of the conditions that link its variables do not hold.
    pub links_broken: usize,
}

/// One atom with what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct AtomReading {
    /// The atom in the language's form.
    pub text: String,
    /// Where it stands in the policy.
    pub span: Span,
    /// Left of the sign, and its value; `None` for memberships.
    pub measured: Option<(String, String)>,
    /// Sign and right side: `> 80 %`; `None` for memberships.
    pub threshold: Option<String>,
    /// Whether it holds.
    pub holds: Truth,
    /// Whether it counts as satisfied because the firing holds a reservation.
    pub held: bool,
    /// The numbers compared, where both are known and the right one is a constant: what was measured, and
    /// the threshold.
    pub figures: Option<(f64, f64)>,
    /// The unit of these, as METRICS names it.
    pub unit: &'static str,
    /// Of a condition over time: in how many snapshots it held, or why that is not known.
    pub note: Option<String>,
}

impl fmt::Display for AtomReading {
    /// As in `server.cpu.perc = 91.2 %, > 80 %`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.measured, &self.threshold) {
            (Some((feature, value)), Some(threshold)) => {
                let needs = if self.holds.is_true() { "" } else { "needs " };
                write!(f, "{feature} = {value}, {needs}{threshold}")?;
            }
            _ => match self.holds {
                Truth::True => write!(f, "{}", self.text)?,
                Truth::False => write!(f, "{}: does not hold", self.text)?,
                Truth::Unknown => write!(f, "{}: unknown", self.text)?,
            },
        }
        if let Some(note) = &self.note {
            write!(f, " ({note})")?;
        }
        match self.held {
            true => write!(f, " (counts as satisfied: reserved)"),
            false => Ok(()),
        }
    }
}

/// The derivation of a rule for one binding; `None` if there is no such rule, or the binding is
/// not possible at this tick.
pub fn explain(
    program: &CheckedProgram,
    world: (&Columns, &Past),
    reservations: &Reservations,
    rule_index: usize,
    binding: &Binding,
) -> Option<Derivation> {
    let rule = program.rule(rule_index)?;
    let schema = &program.schema;
    looking_at(world, schema, |facts| {
        let assignment = Interpreter::new(facts, rule).assignment_of(binding)?;
        Some(derive(schema, facts, reservations, rule, assignment))
    })
}

impl AtomReading {
    /// How far what was measured is from the threshold, with its unit: `1.8 %`. `None` where it holds, and where
    /// one of the two is not known or no constant.
    pub fn distance(&self) -> Option<String> {
        let (value, threshold) = self.figures.filter(|_| !self.holds.is_true())?;
        Some(
            figure(value - threshold, self.unit)
                .trim_start_matches('-')
                .to_owned(),
        )
    }
}

/// The derivation of a rule for one assignment of its variables.
pub(super) fn derive<'s>(
    schema: &Schema,
    facts: &dyn Facts<'s>,
    reservations: &Reservations,
    rule: &Rule,
    mut assignment: Assignment<'s>,
) -> Derivation {
    let binding = assignment.binding(rule);
    let interpreter = match reservations.holds(rule.index, &binding) {
        true => Interpreter::holding(facts, rule, &assignment),
        false => Interpreter::new(facts, rule),
    };
    // Which server a bare `server` is, may be asked about.
    let server = implicit_server(rule);
    let given = server.and_then(|server| assignment.get(server));
    let holds = match given {
        Some(_) => interpreter.truth(&rule.condition, &mut assignment),
        None => interpreter.rule_truth(&mut assignment),
    };
    let mut reader = Reader {
        interpreter: &interpreter,
        writer: Writer {
            schema,
            variables: &rule.variables,
        },
        rule,
        witnesses: Vec::new(),
        atoms: Vec::new(),
    };
    match server.zip(given) {
        Some((server, _)) => {
            reader.add_witness(server, &assignment);
            reader.read(&rule.condition, &assignment);
        }
        None => {
            let server: Vec<VariableId> = server.into_iter().collect();
            reader.read_with(&server, &rule.condition, &assignment);
        }
    }
    Derivation {
        rule: Arc::clone(&rule.name),
        binding,
        witnesses: reader.witnesses,
        holds,
        links_broken: count_broken(rule, &reader.atoms),
        atoms: reader.atoms,
    }
}

pub(super) struct Reader<'a, 's> {
    pub(super) interpreter: &'a Interpreter<'a, 's>,
    pub(super) writer: Writer<'a>,
    rule: &'a Rule,
    witnesses: Binding,
    atoms: Vec<AtomReading>,
}

impl<'s> Reader<'_, 's> {
    /// Reads a condition with the first values of `variables` for which it is most nearly true.
    fn read_with(
        &mut self,
        variables: &[VariableId],
        condition: &Condition,
        assignment: &Assignment<'s>,
    ) {
        let mut best: Option<(Truth, Assignment<'s>)> = None;
        let mut scratch = assignment.clone();
        self.interpreter
            .each_assignment(variables, &mut scratch, &mut |candidate| {
                let truth = self.interpreter.truth(condition, candidate);
                if best.as_ref().is_none_or(|(found, _)| truth > *found) {
                    best = Some((truth, candidate.clone()));
                }
            });
        let Some((_, assignment)) = best else {
            return;
        };
        for variable in variables {
            self.add_witness(*variable, &assignment);
        }
        self.read(condition, &assignment);
    }

    fn add_witness(&mut self, variable: VariableId, assignment: &Assignment<'s>) {
        let name = self.rule.variables.get(variable.0 as usize);
        if let Some((name, value)) = name.zip(assignment.get(variable)) {
            let witness = (Arc::clone(&name.name), value.entity());
            self.witnesses.push(witness);
        }
    }

    fn read(&mut self, condition: &Condition, assignment: &Assignment<'s>) {
        match condition {
            Condition::Constant(_) => {}
            Condition::And(parts) => {
                for part in parts {
                    self.read(part, assignment);
                }
            }
            Condition::Or(sides) => {
                for OrSide { locals, condition } in sides {
                    self.read_with(locals, condition, assignment);
                }
            }
            // What a negation denies is one thing to the reader.
            Condition::Not(inner) => {
                let span = first_span(inner);
                let reading = AtomReading {
                    text: self.writer.condition(condition),
                    span,
                    measured: None,
                    threshold: None,
                    holds: self.truth(condition, assignment),
                    held: false,
                    figures: None,
                    unit: "",
                    note: None,
                };
                self.atoms.push(reading);
            }
            Condition::Sustained { .. } => {
                let reading = self.read_sustained(condition, assignment);
                self.atoms.extend(reading);
            }
            Condition::Atom(atom) => {
                let reading = self.read_atom(atom, condition, assignment);
                self.atoms.push(reading);
            }
        }
    }

    pub(super) fn read_atom(
        &self,
        atom: &Atom,
        condition: &Condition,
        assignment: &Assignment<'s>,
    ) -> AtomReading {
        let mut reading = AtomReading {
            text: self.writer.atom(atom),
            span: atom.span,
            measured: None,
            threshold: None,
            holds: self.truth(condition, assignment),
            held: false,
            figures: None,
            unit: "",
            note: None,
        };
        if let AtomKind::Compare {
            left,
            comparison,
            right,
        } = &atom.kind
            && let Some((left_sample, right_sample)) =
                self.telling_samples(left, *comparison, right, assignment)
        {
            reading.held = self.interpreter.is_reserved_load(left_sample)
                || self.interpreter.is_reserved_load(right_sample);
            if let Operand::Number(_) = right {
                reading.figures = left_sample.value.zip(right_sample.value);
            }
            let unit = operand_unit(left, right);
            reading.unit = unit;
            let (value, limit) = value_texts(left_sample, right_sample, unit);
            let chosen = |sample: Sample<'_>| match sample.chosen {
                Some(at) => format!(" ({})", at.id),
                None => String::new(),
            };
            let limit = match right {
                Operand::Number(_) => limit,
                Operand::Feature(_) | Operand::Calculation(_) => {
                    format!("{} = {limit}", self.writer.operand(right, unit))
                }
            };
            let limit = format!(
                "{} {limit}{}{}",
                comparison.sign(),
                chosen(right_sample),
                self.unknown_parts(right, assignment)
            );
            let value = format!(
                "{value}{}{}",
                chosen(left_sample),
                self.unknown_parts(left, assignment)
            );
            reading.measured = Some((self.writer.operand(left, unit), value));
            reading.threshold = Some(limit);
        }
        if let AtomKind::On {
            actor: ActorRef::Variable(actor),
            ..
        } = &atom.kind
            && let (Some(at), false) = (assignment.actor(*actor), reading.holds.is_true())
        {
            reading.note = Some(format!("it is on {}", at.actor.server));
        }
        reading
    }

    /// What makes a calculation unknown, behind its value; empty if nothing does.
    fn unknown_parts(&self, operand: &Operand, assignment: &Assignment<'s>) -> String {
        let mut parts = Vec::new();
        if let Operand::Calculation(calculation) = operand
            && !self.is_known(operand, assignment)
        {
            self.add_unknown(calculation, assignment, &mut parts);
        }
        match parts.is_empty() {
            true => String::new(),
            false => format!(" ({})", parts.join(", ")),
        }
    }

    fn is_known(&self, operand: &Operand, assignment: &Assignment<'s>) -> bool {
        let known = self
            .interpreter
            .some_sample(operand, assignment, &mut |sample| {
                Truth::from(sample.value.is_some())
            });
        known.is_true()
    }

    fn add_unknown(
        &self,
        calculation: &Calculation,
        assignment: &Assignment<'s>,
        parts: &mut Vec<String>,
    ) {
        match &calculation.kind {
            // What an aggregate is of has no value outside of it.
            CalculationKind::OverCluster(_) => return,
            CalculationKind::OverWindow(windowed) => {
                let note = self.interpreter.missing(windowed.window_seconds);
                let part = note.unwrap_or_else(|| {
                    let feature = self.writer.feature(&windowed.feature);
                    format!("{feature} is not known in all of them")
                });
                return parts.push(part);
            }
            CalculationKind::Forecast(_) => {
                return parts.push("fewer than three samples".to_owned());
            }
            _ => {}
        }
        calculation.for_each_operand(&mut |operand| match operand {
            _ if self.is_known(operand, assignment) => {}
            Operand::Number(_) => {}
            Operand::Calculation(inner) => {
                let before = parts.len();
                self.add_unknown(inner, assignment, parts);
                if parts.len() == before {
                    parts.push(inner.text.to_string());
                }
            }
            Operand::Feature(feature) => parts.push(self.writer.feature(feature)),
        });
    }

    /// The values to show for a comparison: those that make it true, else those nearest to it.
    fn telling_samples(
        &self,
        left: &Operand,
        comparison: Comparison,
        right: &Operand,
        assignment: &Assignment<'s>,
    ) -> Option<(Sample<'s>, Sample<'s>)> {
        let mut best: Option<(f64, Sample<'s>, Sample<'s>)> = None;
        let interpreter = self.interpreter;
        interpreter.some_sample(left, assignment, &mut |l| {
            interpreter.some_sample(right, assignment, &mut |r| {
                let distance = distance(l, comparison, r);
                if best.as_ref().is_none_or(|(least, _, _)| distance < *least) {
                    best = Some((distance, l, r));
                }
                Truth::False
            })
        });
        best.map(|(_, left, right)| (left, right))
    }

    pub(super) fn truth(&self, condition: &Condition, assignment: &Assignment<'s>) -> Truth {
        self.interpreter.truth(condition, &mut assignment.clone())
    }
}

/// How far a comparison is from being true: below zero if it is, infinite if it is unknown.
fn distance(left: Sample<'_>, comparison: Comparison, right: Sample<'_>) -> f64 {
    match (left.value, right.value) {
        (Some(l), Some(r)) if comparison.holds(l, r) => -1.0,
        (Some(l), Some(r)) => (l - r).abs(),
        _ => f64::INFINITY,
    }
}

fn value_texts(left: Sample<'_>, right: Sample<'_>, unit: &str) -> (String, String) {
    let alone = |value: Option<f64>| match value {
        Some(value) => figure(value, unit),
        None => "unknown".to_owned(),
    };
    match (left.value, right.value) {
        (Some(left), Some(right)) => figures(left, right, unit),
        (left, right) => (alone(left), alone(right)),
    }
}

/// Whether a condition is a comparison of something measured with a constant.
pub(super) fn has_threshold(condition: &Condition) -> bool {
    let Condition::Atom(atom) = condition else {
        return false;
    };
    matches!(
        &atom.kind,
        AtomKind::Compare {
            left: Operand::Feature(_) | Operand::Calculation(_),
            right: Operand::Number(_),
            ..
        }
    )
}

pub(super) fn first_span(condition: &Condition) -> Span {
    match condition {
        Condition::Constant(_) => Span::default(),
        Condition::And(parts) => parts.first().map(first_span).unwrap_or_default(),
        Condition::Or(sides) => sides
            .first()
            .map(|side| first_span(&side.condition))
            .unwrap_or_default(),
        Condition::Not(inner) => first_span(inner),
        Condition::Sustained { span, .. } => *span,
        Condition::Atom(atom) => atom.span,
    }
}

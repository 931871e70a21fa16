//! Expressions that are watched: in the language, about the moment that is looked at, and the binding of a frame.
//!
//! A rule's variables are known in its frames. An expression is checked by itself, so each of them is introduced there:
//! `f.cpu.perc` becomes `Folder(f).cpu.perc`; of the rows for all folders the one of the frame is shown.

use std::sync::Arc;

use plasma_check::program::{Expression as Checked, Rule, VariableId};
use plasma_check::{CheckedExpression, check_expression, standing_alone};
use plasma_diagnostic::SourceMap;
use plasma_eval::{
    Allowance, Derivation, Expression, RowValue, Stop, Table, Truth, figure, judge, tabulate,
};
use plasma_model::Entity;
use plasma_syntax::{ReplStatus, parse_repl_input};

use crate::debuggee::Debuggee;
use crate::timeline::Moment;

/// Rows that are kept of an expression about all actors.
const ROWS_MAX: usize = 1000;

/// Actors and servers that are tried for one expression.
const CANDIDATES_MAX: u64 = 2_000_000;

/// What is said of an empty expression.
const EXPECTED: &str = "an expression is expected";

/// A variable, and what it stands for.
type Pair = (Arc<str>, Entity);

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Watched {
    /// In one line.
    pub(crate) text: String,
    /// Name and value of each part: the conditions that a condition consists of, or the bindings of a number.
    pub(crate) parts: Vec<(String, String)>,
    truth: Option<Truth>,
}

impl Watched {
    /// Whether it is a condition that holds.
    pub(crate) fn is_true(&self) -> bool {
        self.truth.is_some_and(Truth::is_true)
    }
}

/// An expression, checked once.
#[derive(Clone, Debug)]
pub(crate) struct Watch(CheckedExpression);

impl Watch {
    /// Checks an expression in the frames of a rule, or by itself.
    pub(crate) fn new(
        debuggee: &Debuggee,
        text: &str,
        rule: Option<&Rule>,
    ) -> Result<Watch, String> {
        let text = match rule {
            Some(rule) => standing_alone(&debuggee.program.schema, rule, text),
            None => text.to_owned(),
        };
        let mut sources = SourceMap::new();
        let file = sources.add("expression", text.as_str());
        let input = parse_repl_input(file, text.as_str());
        let id = match (input.status, input.expression) {
            (ReplStatus::Complete, Some(id)) => id,
            (ReplStatus::Complete, None) => return Err(EXPECTED.to_owned()),
            _ => return Err(first_message(input.diagnostics.first())),
        };
        let checked = check_expression(&input.tree, id, &debuggee.tree, &debuggee.environment);
        match checked.expression {
            Some(_) => Ok(Watch(checked)),
            None => {
                let mut mistakes = checked.diagnostics.iter().filter(|d| d.is_error());
                Err(first_message(mistakes.next()))
            }
        }
    }

    /// Its value at a moment, for the binding of a frame, or for all.
    pub(crate) fn value(&self, moment: &Moment, bound: &[Pair]) -> Result<Watched, String> {
        let Watch(checked) = self;
        let Some((scope, expression)) = &checked.expression else {
            return Err(EXPECTED.to_owned());
        };
        match expression {
            Checked::Condition(condition) => {
                let known = (0..).map(VariableId).zip(&scope.variables);
                let known = known.filter_map(|(id, variable)| {
                    let (_, entity) = bound.iter().find(|(name, _)| *name == variable.name)?;
                    Some((id, entity.clone()))
                });
                let known: Vec<(VariableId, Entity)> = known.collect();
                let judged = judge(&checked.schema, scope, condition, &known, moment.world());
                judged
                    .map(|judged| condition_of(&judged))
                    .ok_or_else(|| "it is about somebody who is not there".to_owned())
            }
            Checked::Number(operand) => {
                let rows_max = match bound.is_empty() {
                    true => ROWS_MAX,
                    false => usize::MAX,
                };
                let allowance = Allowance {
                    rows_max,
                    candidates_max: CANDIDATES_MAX,
                    is_called_off: &|| false,
                };
                let number = Expression::Number(operand);
                let table = tabulate(&checked.schema, scope, number, moment.world(), allowance);
                Ok(number_of(&table, bound))
            }
        }
    }
}

/// A condition that was looked at, with its parts.
fn condition_of(judged: &Derivation) -> Watched {
    let parts = judged.atoms.iter().map(|atom| {
        let distance = atom.distance();
        let away = distance.map_or(String::new(), |by| format!(": {by} away"));
        (atom.text.clone(), format!("{atom}{away}"))
    });
    let parts: Vec<(String, String)> = parts.collect();
    let told: Vec<&str> = parts.iter().map(|(_, told)| told.as_str()).collect();
    Watched {
        text: format!("{}: {}", judged.holds, told.join("; ")),
        truth: Some(judged.holds),
        parts,
    }
}

fn first_message(diagnostic: Option<&plasma_diagnostic::Diagnostic>) -> String {
    diagnostic.map_or_else(
        || "it is not complete".to_owned(),
        |diagnostic| diagnostic.message.clone(),
    )
}

/// A number for one binding, or those for all.
fn number_of(table: &Table, bound: &[Pair]) -> Watched {
    let is_of_frame = |entities: &[Entity]| {
        let mut columns = table.columns.iter().zip(entities);
        columns.all(|(name, entity)| {
            let known = bound.iter().find(|(of, _)| of == name);
            known.is_none_or(|(_, known)| known == entity)
        })
    };
    let told = |value: &RowValue| match value {
        RowValue::Measured(Some(value)) => figure(*value, table.unit),
        RowValue::Measured(None) => "unknown".to_owned(),
        RowValue::Holds(truth) => truth.to_string(),
    };
    let rows = table.rows.iter().filter(|row| is_of_frame(&row.entities));
    let parts = rows.map(|row| {
        let entities = table.columns.iter().zip(&row.entities);
        let open = entities.filter(|(name, _)| bound.iter().all(|(of, _)| of != *name));
        let named = open.map(|(name, entity)| match name.is_empty() {
            true => entity.to_string(),
            false => format!("{name} = {entity}"),
        });
        (named.collect::<Vec<_>>().join(", "), told(&row.value))
    });
    let mut parts: Vec<(String, String)> = parts.collect();
    if let [(_, only)] = parts.as_slice() {
        return Watched {
            text: only.clone(),
            parts: Vec::new(),
            truth: None,
        };
    }
    let stopped = match table.stop {
        None | Some(Stop::CalledOff) => "",
        Some(_) => ", and more that were not looked at",
    };
    let found = if bound.is_empty() {
        table.rows_total
    } else {
        parts.len()
    };
    parts.truncate(ROWS_MAX);
    Watched {
        text: match found {
            0 => "nobody that it could be about".to_owned(),
            found => format!("{found} values{stopped}"),
        },
        parts,
        truth: None,
    }
}

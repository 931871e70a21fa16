//! The values of an expression of a rule in the attached cluster, over all that its variables may stand for.

use std::cmp::Ordering;

use plasma_check::program::{Expression as Checked, Rule};
use plasma_check::{check_expression, standing_alone};
use plasma_diagnostic::SourceMap;
use plasma_eval::{Allowance, Expression, Row, RowValue, Stop, Table, figure, tabulate};
use plasma_syntax::{ReplStatus, parse_repl_input};

use super::Attached;
use crate::Analysis;

/// Values that are kept: beyond that the greatest and the least may be others.
const ROWS_MAX: usize = 100_000;

/// Actors and servers that are tried for one expression: some milliseconds.
const CANDIDATES_MAX: u64 = 200_000;

/// The greatest values that are named.
const NAMED_MAX: usize = 3;

/// What an expression of a rule comes to in the attached cluster, in markdown; `None` if it is no number.
pub(super) fn values_of(
    analysis: &Analysis,
    rule: &Rule,
    text: &str,
    attached: &Attached,
) -> Option<String> {
    let alone = standing_alone(analysis.schema(), rule, text);
    let mut sources = SourceMap::new();
    let file = sources.add("expression", alone.as_str());
    let input = parse_repl_input(file, alone.as_str());
    let id = input
        .expression
        .filter(|_| input.status == ReplStatus::Complete)?;
    let checked = check_expression(&input.tree, id, analysis.tree(), analysis.environment());
    let (scope, expression) = checked.expression?;
    let Checked::Number(operand) = expression else {
        return None;
    };
    let allowance = Allowance {
        rows_max: ROWS_MAX,
        candidates_max: CANDIDATES_MAX,
        is_called_off: &|| false,
    };
    let world = (&*attached.columns, &*attached.past);
    let table = tabulate(
        &checked.schema,
        &scope,
        Expression::Number(&operand),
        world,
        allowance,
    );
    Some(summary(&table))
}

/// How many there are, from the least to the greatest, and who has the greatest.
fn summary(table: &Table) -> String {
    let value = |row: &Row| match row.value {
        RowValue::Measured(value) => value,
        RowValue::Holds(_) => None,
    };
    let mut known: Vec<(f64, &Row)> = table
        .rows
        .iter()
        .filter_map(|row| Some((value(row)?, row)))
        .collect();
    known.sort_by(|(a, _), (b, _)| b.partial_cmp(a).unwrap_or(Ordering::Equal));
    let shown = |value: f64| figure(value, table.unit);
    let unknown = table.rows.len() - known.len();
    let unknown = match unknown {
        0 => String::new(),
        unknown => format!(", {unknown} unknown"),
    };
    let stopped = match table.stop {
        None | Some(Stop::CalledOff) => "",
        Some(_) => ", and more that were not looked at",
    };
    let (Some((greatest, _)), Some((least, _))) = (known.first(), known.last()) else {
        return match table.rows_total {
            0 => "there is nobody that it could be about".to_owned(),
            total => format!("{total} values, all unknown"),
        };
    };
    if let [(only, row)] = known.as_slice() {
        return format!("{}{}{unknown}{stopped}", shown(*only), of(row));
    }
    let middle = known
        .get(known.len() / 2)
        .map_or(*greatest, |(value, _)| *value);
    let named: Vec<String> = known
        .iter()
        .take(NAMED_MAX)
        .map(|(value, row)| format!("{}{}", shown(*value), of(row)))
        .collect();
    format!(
        "{} values from {} to {}, median {}{unknown}{stopped}; greatest: {}",
        table.rows_total,
        shown(*least),
        shown(*greatest),
        shown(middle),
        named.join(", ")
    )
}

/// ` (fo1)`
fn of(row: &Row) -> String {
    let names: Vec<String> = row.entities.iter().map(ToString::to_string).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(" ({})", names.join(", ")),
    }
}

//! Values as a table: aligned, with units, within the width of the terminal, the rest counted.

use plasma_eval::{Row, RowValue, Stop, Table, Truth, figure};
use plasma_model::Entity;
use plasma_scenario::visible;
use serde_json::{Map, Value as Json, json};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::options::Layout;
use crate::natural_order;

/// At most so many rows are brought into the order in which people count; of more, the first are shown by id.
pub(super) const ROWS_ORDERED_MAX: usize = 100_000;

/// At most so many actors and servers are tried for one table: some seconds. Expressions over
/// several variables have as many rows as there are combinations.
pub(super) const CANDIDATES_MAX: u64 = 5_000_000;

/// No column is made narrower.
const COLUMN_WIDTH_MIN: usize = 3;

/// Between two columns.
const GAP: usize = 2;

/// Brings the rows into the order in which people count: `s2` before `s10`; if they are all there.
pub(super) fn order(table: &mut Table) {
    if table.rows.len() < table.rows_total || table.stop.is_some() {
        return;
    }
    let name = |entity: &Entity| entity.to_string();
    let mut rows: Vec<(Vec<String>, Row)> = std::mem::take(&mut table.rows)
        .into_iter()
        .map(|row| (row.entities.iter().map(name).collect(), row))
        .collect();
    rows.sort_by(|(left, _), (right, _)| {
        let pairs = left.iter().zip(right);
        let mut orders = pairs.map(|(left, right)| natural_order::compare(left, right));
        orders
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    table.rows = rows.into_iter().map(|(_, row)| row).collect();
}

/// The text of a table.
pub(super) fn text(table: &Table, layout: Layout) -> String {
    let mut text = match table.rows.is_empty() {
        true => String::new(),
        false => aligned(grid(table, layout.rows_max), layout.width),
    };
    text.push_str(&ending(table, layout.rows_max));
    text
}

/// The same for programs: `{"columns","unit","rows":[[..]],"total","complete"}`.
pub(super) fn document(table: &Table, rows_max: usize) -> Json {
    let row = |row: &Row| {
        let mut cells: Vec<Json> = row.entities.iter().map(|e| e.to_string().into()).collect();
        cells.resize(table.columns.len(), Json::Null);
        cells.push(match row.value {
            RowValue::Measured(value) => json!(value),
            RowValue::Holds(Truth::True) => Json::Bool(true),
            RowValue::Holds(Truth::False) => Json::Bool(false),
            RowValue::Holds(Truth::Unknown) => Json::Null,
        });
        Json::Array(cells)
    };
    let columns: Vec<&str> = table.columns.iter().map(AsRef::as_ref).collect();
    let mut fields = Map::new();
    fields.insert("columns".to_owned(), json!(columns));
    fields.insert("unit".to_owned(), json!(table.unit));
    let rows = table.rows.iter().take(rows_max).map(row).collect();
    fields.insert("rows".to_owned(), Json::Array(rows));
    fields.insert("total".to_owned(), json!(table.rows_total));
    fields.insert("complete".to_owned(), json!(table.stop.is_none()));
    Json::Object(fields)
}

/// What is below the rows: how many more there are, as far as that is known.
fn ending(table: &Table, rows_max: usize) -> String {
    let total = table.rows_total;
    let more = total.saturating_sub(table.rows.len().min(rows_max));
    match table.stop {
        Some(Stop::Bound) => format!(
            "stopped counting at {total} rows, after trying {CANDIDATES_MAX} actors and servers: \
             there may be more\n"
        ),
        Some(Stop::CalledOff) => format!("interrupted at {total} rows: there may be more\n"),
        None if total == 0 => "no rows: nothing in the cluster matches\n".to_owned(),
        None if more == 1 => "and 1 more row\n".to_owned(),
        None if more > 0 => format!("and {more} more rows\n"),
        None => String::new(),
    }
}

fn grid(table: &Table, rows_max: usize) -> Vec<Vec<String>> {
    let mut grid: Vec<Vec<String>> = Vec::new();
    let has_head = table.columns.iter().any(|name| !name.is_empty());
    if has_head {
        let mut head: Vec<String> = table.columns.iter().map(ToString::to_string).collect();
        head.push("value".to_owned());
        grid.push(head);
    }
    let rows = table.rows.iter().take(rows_max);
    grid.extend(rows.map(|row| cells(row, table)));
    grid
}

fn cells(row: &Row, table: &Table) -> Vec<String> {
    let names = row.entities.iter().map(ToString::to_string);
    let mut cells: Vec<String> = names.map(|name| visible(&name).into_owned()).collect();
    cells.resize(table.columns.len(), String::new());
    cells.push(value(row.value, table.unit));
    cells
}

/// A value with its unit.
fn value(value: RowValue, unit: &str) -> String {
    match value {
        RowValue::Measured(Some(value)) => figure(value, unit),
        RowValue::Measured(None) | RowValue::Holds(Truth::Unknown) => "unknown".to_owned(),
        RowValue::Holds(Truth::True) => "true".to_owned(),
        RowValue::Holds(Truth::False) => "false".to_owned(),
    }
}

/// Columns aligned as a terminal shows them: names to the left, the value to the right. Where they do not
/// fit, names lose their middle.
pub(super) fn aligned(mut grid: Vec<Vec<String>>, width_max: Option<usize>) -> String {
    let columns = grid.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = grid.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..columns).map(width).collect();
    if let Some(width_max) = width_max {
        narrow(&mut widths, width_max);
        for row in &mut grid {
            let names = row.len().saturating_sub(1);
            for (cell, width) in row.iter_mut().take(names).zip(&widths) {
                shorten(cell, *width);
            }
        }
    }
    let mut text = String::new();
    for row in &grid {
        let last = row.len().saturating_sub(1);
        for (column, cell) in row.iter().enumerate() {
            let width = widths.get(column).copied().unwrap_or(0);
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            match column == last {
                true => text.extend([&blanks, cell.as_str()]),
                false => text.extend([cell.as_str(), &blanks, &" ".repeat(GAP)]),
            }
        }
        text.push('\n');
    }
    text
}

/// Takes from the widest columns but the last, which holds the values, until all together fit.
fn narrow(widths: &mut [usize], width_max: usize) {
    let gaps = GAP * widths.len().saturating_sub(1);
    let Some((_, names)) = widths.split_last() else {
        return;
    };
    let names = names.len();
    while widths.iter().sum::<usize>() + gaps > width_max {
        let widest = widths.iter_mut().take(names).max();
        match widest {
            Some(width) if *width > COLUMN_WIDTH_MIN => *width -= 1,
            _ => return,
        }
    }
}

/// Leaves out the middle of a name that is wider.
fn shorten(name: &mut String, width: usize) {
    if name.width() <= width {
        return;
    }
    let head_width = width.saturating_sub(1).div_ceil(2);
    let tail_width = width.saturating_sub(1) - head_width;
    let head = taken(name.chars(), head_width);
    let tail: String = taken(name.chars().rev(), tail_width)
        .chars()
        .rev()
        .collect();
    *name = format!("{head}…{tail}");
}

/// The first characters that fit.
fn taken(characters: impl Iterator<Item = char>, width: usize) -> String {
    let mut used = 0;
    let fits = |character: &char| {
        used += character.width().unwrap_or(0);
        used <= width
    };
    characters.take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use plasma_eval::{Row, RowValue, Stop, Table};
    use plasma_model::{ActorId, Entity};

    use super::{document, order, text};
    use crate::command::repl::options::Layout;

    const WIDE: Layout = Layout {
        rows_max: 50,
        width: None,
    };

    fn table(names: &[&str], rows_total: usize, stop: Option<Stop>) -> Table {
        let row = |name: &&str| Row {
            entities: vec![Entity::Actor(ActorId::from(*name))],
            value: RowValue::Measured(Some(12.5)),
        };
        Table {
            columns: vec![Arc::from("f")],
            unit: "%",
            rows: names.iter().map(row).collect(),
            rows_total,
            stop,
        }
    }

    #[test]
    fn names_of_any_width_are_aligned_and_none_is_obeyed() {
        let table = table(&["フォルダ", "fo\u{1b}[31m", "f"], 3, None);
        insta::assert_snapshot!(text(&table, WIDE), @r"
        f              value
        フォルダ      12.5 %
        fo\u{1b}[31m  12.5 %
        f             12.5 %
        ");
    }

    #[test]
    fn what_does_not_fit_loses_its_middle() {
        let layout = Layout {
            width: Some(20),
            ..WIDE
        };
        let long = ["folder-of-the-year-2026", "フォルダフォルダフォルダ", "f"];
        let text = text(&table(&long, 3, None), layout);
        insta::assert_snapshot!(text, @r"
        f              value
        folder…-2026  12.5 %
        フォル…ルダ   12.5 %
        f             12.5 %
        ");
    }

    #[test]
    fn rows_stand_as_people_count() {
        let mut table = table(&["f1", "f10", "f2"], 3, None);
        order(&mut table);
        let two = Layout {
            rows_max: 2,
            ..WIDE
        };
        insta::assert_snapshot!(text(&table, two), @r"
        f    value
        f1  12.5 %
        f2  12.5 %
        and 1 more row
        ");
        assert_eq!(
            document(&table, 1).to_string(),
            r#"{"columns":["f"],"complete":true,"rows":[["f1",12.5]],"total":3,"unit":"%"}"#
        );
    }

    #[test]
    fn what_is_not_shown_is_counted_or_said_not_to_be() {
        let ending = |rows_total, stop| {
            let text = text(&table(&["f"], rows_total, stop), WIDE);
            text.lines().skip(2).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(ending(1, None), "");
        assert_eq!(ending(2, None), "and 1 more row");
        assert_eq!(ending(70, None), "and 69 more rows");
        assert_eq!(
            ending(70, Some(Stop::Bound)),
            "stopped counting at 70 rows, after trying 5000000 actors and servers: \
             there may be more"
        );
        assert_eq!(
            ending(70, Some(Stop::CalledOff)),
            "interrupted at 70 rows: there may be more"
        );
        assert_eq!(
            text(&table(&[], 0, None), WIDE),
            "no rows: nothing in the cluster matches\n"
        );
    }
}

//! Values as a table: aligned, with units, the rest counted.

use plasma_eval::{Row, RowValue, Stop, Table, Truth, figure};
use unicode_width::UnicodeWidthStr as _;

use plasma_scenario::visible;

/// At most so many rows are shown.
pub(super) const ROWS_SHOWN_MAX: usize = 50;

/// At most so many actors and servers are tried for one table: some seconds. Expressions over
/// several variables have as many rows as there are combinations.
pub(super) const CANDIDATES_MAX: u64 = 5_000_000;

/// The text of a table.
pub(super) fn text(table: &Table) -> String {
    let mut text = match table.rows.is_empty() {
        true => String::new(),
        false => aligned(&grid(table)),
    };
    text.push_str(&ending(table));
    text
}

/// What is below the rows: how many more there are, as far as that is known.
fn ending(table: &Table) -> String {
    let total = table.rows_total;
    let more = total.saturating_sub(table.rows.len());
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

fn grid(table: &Table) -> Vec<Vec<String>> {
    let mut grid: Vec<Vec<String>> = Vec::new();
    let has_head = table.columns.iter().any(|name| !name.is_empty());
    if has_head {
        let mut head: Vec<String> = table.columns.iter().map(ToString::to_string).collect();
        head.push("value".to_owned());
        grid.push(head);
    }
    grid.extend(table.rows.iter().map(|row| cells(row, table)));
    grid
}

fn cells(row: &Row, table: &Table) -> Vec<String> {
    let names = row.entities.iter().map(ToString::to_string);
    let mut cells: Vec<String> = names.map(|name| visible(&name).into_owned()).collect();
    cells.resize(table.columns.len(), String::new());
    cells.push(match row.value {
        RowValue::Measured(Some(value)) => figure(value, table.unit),
        RowValue::Measured(None) | RowValue::Holds(Truth::Unknown) => "unknown".to_owned(),
        RowValue::Holds(Truth::True) => "true".to_owned(),
        RowValue::Holds(Truth::False) => "false".to_owned(),
    });
    cells
}

/// Columns aligned as a terminal shows them: names to the left, the value to the right.
fn aligned(grid: &[Vec<String>]) -> String {
    let columns = grid.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        grid.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in grid {
        let last = row.len().saturating_sub(1);
        for (column, cell) in row.iter().enumerate() {
            let width = widths.get(column).copied().unwrap_or(0);
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            match column == last {
                true => text.extend([&blanks, cell.as_str()]),
                false => text.extend([cell.as_str(), &blanks, "  "]),
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use plasma_eval::{Row, RowValue, Stop, Table};
    use plasma_model::{ActorId, Entity};

    use super::text;

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
        insta::assert_snapshot!(text(&table), @r"
        f              value
        フォルダ      12.5 %
        fo\u{1b}[31m  12.5 %
        f             12.5 %
        ");
    }

    #[test]
    fn what_is_not_shown_is_counted_or_said_not_to_be() {
        let ending = |rows_total, stop| {
            let text = text(&table(&["f"], rows_total, stop));
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
            text(&table(&[], 0, None)),
            "no rows: nothing in the cluster matches\n"
        );
    }
}

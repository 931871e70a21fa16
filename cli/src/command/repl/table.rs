//! Values as a table: aligned, with units, the rest counted.

use plasma_eval::{Row, RowValue, Table, Truth, figure};

/// At most so many rows are shown.
const ROWS_SHOWN_MAX: usize = 50;

/// The text of a table.
pub(super) fn text(table: &Table) -> String {
    if table.rows.is_empty() {
        return "no rows: nothing in the cluster matches\n".to_owned();
    }
    let mut grid: Vec<Vec<String>> = Vec::new();
    let has_head = table.columns.iter().any(|name| !name.is_empty());
    if has_head {
        let mut head: Vec<String> = table.columns.iter().map(ToString::to_string).collect();
        head.push("value".to_owned());
        grid.push(head);
    }
    grid.extend(
        table
            .rows
            .iter()
            .take(ROWS_SHOWN_MAX)
            .map(|row| cells(row, table)),
    );
    let mut text = aligned(&grid);
    let more = table.rows.len().saturating_sub(ROWS_SHOWN_MAX);
    if more > 0 {
        text.push_str(&format!("and {more} more rows\n"));
    }
    text
}

fn cells(row: &Row, table: &Table) -> Vec<String> {
    let mut cells: Vec<String> = row.entities.iter().map(ToString::to_string).collect();
    cells.resize(table.columns.len(), String::new());
    cells.push(match row.value {
        RowValue::Measured(Some(value)) => figure(value, table.unit),
        RowValue::Measured(None) | RowValue::Holds(Truth::Unknown) => "unknown".to_owned(),
        RowValue::Holds(Truth::True) => "true".to_owned(),
        RowValue::Holds(Truth::False) => "false".to_owned(),
    });
    cells
}

/// Columns aligned: names to the left, the value to the right.
fn aligned(grid: &[Vec<String>]) -> String {
    let columns = grid.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        grid.iter()
            .filter_map(|row| row.get(column))
            .map(|c| c.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in grid {
        let last = row.len().saturating_sub(1);
        for (column, cell) in row.iter().enumerate() {
            let width = widths.get(column).copied().unwrap_or(0);
            match column == last {
                true => text.push_str(&format!("{cell:>width$}")),
                false => text.push_str(&format!("{cell:width$}  ")),
            }
        }
        text.push('\n');
    }
    text
}

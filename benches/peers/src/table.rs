//! Tables in Markdown, in columns that also read well as text.

/// A table: its head and its rows.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with this head.
    pub(crate) fn new(head: &[&str]) -> Self {
        let mut table = Table::default();
        table.row(head.iter().map(|cell| (*cell).to_owned()));
        table
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table as text: the first column flush left, numbers flush right.
    pub(crate) fn text(&self) -> String {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for (place, row) in self.rows.iter().enumerate() {
            for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
                text += &match column {
                    0 => format!("| {cell:<width$} |"),
                    _ => format!(" {cell:>width$} |"),
                };
            }
            text.push('\n');
            if place == 0 {
                for (column, width) in widths.iter().enumerate() {
                    let line = "-".repeat(*width);
                    text += &match column {
                        0 => format!("|-{line}-|"),
                        _ => format!("-{line}:|"),
                    };
                }
                text.push('\n');
            }
        }
        text
    }
}

/// A figure with three digits that count; a dash for none.
pub(crate) fn figure(value: f64) -> String {
    match value {
        value if !value.is_finite() => "–".to_owned(),
        0.0 => "0".to_owned(),
        value => {
            let digits = 2 - value.abs().log10().floor() as i32;
            format!("{value:.*}", digits.clamp(0, 6) as usize)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Table, figure};

    #[test]
    fn columns_are_aligned() {
        let mut table = Table::new(&["engine", "ms"]);
        table.row(["x".to_owned(), figure(12.345)]);
        table.row(["longer name".to_owned(), figure(f64::NAN)]);
        assert_eq!(
            table.text(),
            "| engine      |   ms |\n|-------------|-----:|\n| x           | 12.3 |\n| longer name |    – |\n"
        );
    }

    #[test]
    fn three_digits_count() {
        let figures = [0.001234, 0.1, 1.0, 99.96, 1234.5, 0.0].map(figure);
        assert_eq!(figures, ["0.00123", "0.100", "1.00", "100.0", "1234", "0"]);
    }
}

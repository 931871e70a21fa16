//! Prints documents: chooses which groups stand on one line.
//!
//! Blanks and line breaks are only noted when they come up and written before the next text. So those
//! that meet become one, no line ends with blanks, and a comment can still join the line before.

use super::doc::{Doc, Kind};

/// Text being printed.
#[derive(Debug, Default)]
pub(super) struct Printer {
    out: String,
    /// Characters in the last line of `out`.
    column: usize,
    due: Due,
}

/// What has to be written before the next text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Due {
    #[default]
    Nothing,
    Blank,
    LineBreak {
        indent: usize,
        with_blank_line: bool,
    },
}

/// Whether the lines of a group are broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

/// A piece still to be printed.
type Piece<'d, 't> = (usize, Mode, &'d Doc<'t>);

impl Printer {
    /// Prints a piece at the left margin.
    pub(super) fn print(&mut self, doc: &Doc<'_>) {
        let mut rest = vec![(0, Mode::Broken, doc)];
        while let Some((indent, mode, doc)) = rest.pop() {
            match &doc.kind {
                Kind::Concat(parts) => {
                    rest.extend(parts.iter().rev().map(|part| (indent, mode, part)));
                }
                Kind::Text(text) => self.text(text),
                Kind::Behind { text, ends_line } => self.behind(text, *ends_line, indent),
                Kind::Space => self.blank(),
                Kind::Line if mode == Mode::Flat => self.blank(),
                Kind::SoftLine if mode == Mode::Flat => {}
                Kind::Line | Kind::SoftLine | Kind::HardLine => self.line_break(indent),
                Kind::BlankLine => {
                    if let Due::LineBreak {
                        with_blank_line, ..
                    } = &mut self.due
                    {
                        *with_blank_line = true;
                    }
                }
                Kind::Indent(columns, inner) => rest.push((indent + columns, mode, inner)),
                Kind::Group(columns, inner) => {
                    let is_flat =
                        mode == Mode::Flat || !doc.breaks && self.fits(inner, &rest, *columns);
                    let mode = if is_flat { Mode::Flat } else { Mode::Broken };
                    rest.push((indent, mode, inner));
                }
            }
        }
    }

    /// All that was printed, with its last line ended.
    pub(super) fn finish(mut self) -> String {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }

    fn blank(&mut self) {
        if self.due == Due::Nothing {
            self.due = Due::Blank;
        }
    }

    fn line_break(&mut self, indent: usize) {
        let with_blank_line = match self.due {
            Due::LineBreak {
                with_blank_line, ..
            } => with_blank_line,
            Due::Nothing | Due::Blank => false,
        };
        self.due = Due::LineBreak {
            indent,
            with_blank_line,
        };
    }

    fn text(&mut self, text: &str) {
        match std::mem::take(&mut self.due) {
            Due::LineBreak {
                indent,
                with_blank_line,
            } => {
                if !self.out.is_empty() {
                    self.out
                        .push_str(if with_blank_line { "\n\n" } else { "\n" });
                }
                self.out.extend(std::iter::repeat_n(' ', indent));
                self.column = indent;
            }
            Due::Blank if self.column > 0 => self.write(" "),
            Due::Nothing | Due::Blank => {}
        }
        self.write(text);
    }

    fn behind(&mut self, text: &str, ends_line: bool, indent: usize) {
        if self.out.is_empty() {
            self.text(text);
        } else {
            self.write(" ");
            self.write(text);
        }
        if ends_line && !matches!(self.due, Due::LineBreak { .. }) {
            self.line_break(indent);
        }
    }

    fn write(&mut self, text: &str) {
        self.out.push_str(text);
        self.column = match text.rsplit_once('\n') {
            Some((_, last)) => width(last),
            None => self.column + width(text),
        };
    }

    /// Whether a piece on one line, with what follows it up to the next possible break, ends before
    /// a column.
    fn fits(&self, doc: &Doc<'_>, rest: &[Piece<'_, '_>], columns: usize) -> bool {
        let (mut column, mut has_blank) = match self.due {
            Due::Nothing => (self.column, false),
            Due::Blank => (self.column, true),
            Due::LineBreak { indent, .. } => (indent, false),
        };
        let mut rest = rest.iter().rev();
        let mut pieces = vec![(Mode::Flat, doc)];
        while let Some((mode, doc)) = pieces
            .pop()
            .or_else(|| rest.next().map(|(_, mode, doc)| (*mode, *doc)))
        {
            match &doc.kind {
                Kind::Concat(parts) => pieces.extend(parts.iter().rev().map(|part| (mode, part))),
                Kind::Text(text) => {
                    let line = text.split('\n').next().unwrap_or("");
                    column += usize::from(has_blank) + width(line);
                    has_blank = false;
                    if column > columns {
                        return false;
                    }
                    if line.len() < text.len() {
                        return true;
                    }
                }
                Kind::Behind {
                    ends_line: true, ..
                }
                | Kind::HardLine => return true,
                Kind::Behind { text, .. } => column += 1 + width(text),
                Kind::Space => has_blank = true,
                Kind::Line | Kind::SoftLine if mode == Mode::Broken => return true,
                Kind::Line => has_blank = true,
                Kind::SoftLine | Kind::BlankLine => {}
                Kind::Indent(_, inner) | Kind::Group(_, inner) => pieces.push((mode, inner)),
            }
        }
        true
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

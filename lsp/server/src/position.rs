//! Positions of the protocol, a line and a character in it, and bytes of a text.

use std::sync::Arc;

use plasma_diagnostic::{FileId, Span};
use plasma_ide::Analysis;

use crate::lsp_types::{Position, PositionEncodingKind, Range};

/// The unit in which characters of a line are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16, what every editor understands.
    Utf16,
}

impl Encoding {
    /// Its name in the protocol.
    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 => c.len_utf16(),
        }
    }

    /// How long a text is. Most are a part of a line in plain letters, of which there are many.
    fn length(self, text: &str) -> usize {
        match self {
            Encoding::Utf16 if !text.is_ascii() => text.encode_utf16().count(),
            Encoding::Utf8 | Encoding::Utf16 => text.len(),
        }
    }
}

/// A text in its lines as the protocol counts them: `\n`, `\r\n` and a lone `\r` end one.
pub(crate) struct Lines<'t> {
    text: &'t str,
    encoding: Encoding,
    /// First byte of each line; never empty, begins with 0.
    starts: Arc<[usize]>,
}

impl<'t> Lines<'t> {
    /// The lines of a text.
    pub(crate) fn new(text: &'t str, encoding: Encoding) -> Lines<'t> {
        Lines {
            text,
            encoding,
            starts: plasma_ide::line_starts(text).into(),
        }
    }

    /// The lines of a document, which are looked for once.
    pub(crate) fn of(analysis: &'t Analysis, encoding: Encoding) -> Lines<'t> {
        Lines {
            text: analysis.text(),
            encoding,
            starts: Arc::clone(analysis.line_starts()),
        }
    }

    /// The byte at a position; one beyond the end of a line or of the text counts as that end, one
    /// within a character as its beginning.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line) else {
            return self.text.len();
        };
        let character = position.character as usize;
        let text = self.line(line);
        let mut counted = 0;
        let within = text.char_indices().find_map(|(at, c)| {
            counted += self.encoding.width(c);
            (counted > character).then_some(at)
        });
        start + within.unwrap_or(text.len())
    }

    /// The position of a byte; one within a line's end is that end.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let start = self.starts.get(line).copied().unwrap_or(0);
        let text = self.line(line);
        let before = text.floor_char_boundary(offset.saturating_sub(start));
        let before = text.get(..before).unwrap_or("");
        Position {
            line: line as u32,
            character: self.encoding.length(before) as u32,
        }
    }

    /// The range of a span of this text.
    pub(crate) fn range(&self, span: Span) -> Range {
        Range {
            start: self.position(span.start as usize),
            end: self.position(span.end as usize),
        }
    }

    /// The span of a range of this text.
    pub(crate) fn span(&self, file: FileId, range: Range) -> Span {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span::new(file, start.min(end) as u32, start.max(end) as u32)
    }

    /// A line (from 0) without its end.
    fn line(&self, line: usize) -> &'t str {
        let start = self.starts.get(line).copied();
        let end = self.starts.get(line + 1).copied();
        let range = start.unwrap_or(self.text.len())..end.unwrap_or(self.text.len());
        let line = self.text.get(range).unwrap_or("");
        line.trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_line_end_ends_a_line() {
        let lines = Lines::new("a\nb\r\nc\rd\r\r\n", Encoding::Utf16);
        let at = |offset| {
            let Position { line, character } = lines.position(offset);
            (line, character)
        };
        assert_eq!(at(2), (1, 0), "b");
        assert_eq!(at(4), (1, 1), "within the end of a line");
        assert_eq!(at(5), (2, 0), "c");
        assert_eq!(at(7), (3, 0), "d");
        assert_eq!(at(9), (4, 0), "an empty line");
        assert_eq!(at(11), (5, 0), "the end");
    }

    #[test]
    fn an_offset_is_the_inverse_of_a_position() {
        let text = "é⇒x\r\n  y😀z\r\ru\n";
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            let lines = Lines::new(text, encoding);
            for (offset, c) in text.char_indices().filter(|(_, c)| *c != '\n') {
                let position = lines.position(offset);
                assert_eq!(lines.offset(position), offset, "{c:?}");
            }
        }
    }

    #[test]
    fn positions_out_of_the_text_are_its_nearest_ones() {
        let lines = Lines::new("a😀\r\nb", Encoding::Utf16);
        let at = |line, character| lines.offset(Position { line, character });
        assert_eq!(at(0, 2), 1, "within a character");
        assert_eq!(at(0, 99), 5, "before the end of the line");
        assert_eq!(at(1, 99), 8);
        assert_eq!(at(99, 0), 8);
        let within = lines.position(3);
        assert_eq!((within.line, within.character), (0, 1), "its beginning");
    }
}

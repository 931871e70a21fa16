//! The texts that spans point into, and their lines and columns.

use std::sync::Arc;

use crate::{FileId, Span};

/// The texts that spans point into. Names are what the user called the files.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

#[derive(Clone, Debug)]
struct SourceFile {
    name: Arc<str>,
    text: Arc<str>,
    /// Offset of the first byte of each line; never empty, begins with 0.
    line_starts: Vec<u32>,
    /// For each block of [`BLOCK_BYTES`], the number of characters that begin before it: a column in a very long
    /// line is found without going through all of it.
    characters_before: Vec<u32>,
}

/// Bytes of a block in which characters are counted one by one.
const BLOCK_BYTES: usize = 512;

/// A place as people count it: from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl SourceMap {
    /// A map without files.
    pub fn new() -> SourceMap {
        SourceMap::default()
    }

    /// A map of one file, and the file's number.
    pub fn single(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> (SourceMap, FileId) {
        let mut sources = SourceMap::new();
        let file = sources.add(name, text);
        (sources, file)
    }

    /// Adds a file and returns its number; numbers count up from 0.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        let id = FileId(self.files.len() as u32);
        let text: Arc<str> = text.into();
        self.files.push(SourceFile::new(name.into(), text));
        id
    }

    /// Replaces the text of a file (an editor changed it). An unknown file is left unknown.
    pub fn replace(&mut self, file: FileId, text: impl Into<Arc<str>>) {
        if let Some(source) = self.files.get_mut(file.0 as usize) {
            *source = SourceFile::new(Arc::clone(&source.name), text.into());
        }
    }

    /// Every file, in the order in which they were added.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        (0..self.files.len() as u32).map(FileId)
    }

    /// The name of a file; `?` if it is not in the map.
    pub fn name(&self, file: FileId) -> &str {
        self.file(file).map_or("?", |source| &source.name)
    }

    /// The text of a file; empty if it is not in the map.
    pub fn text(&self, file: FileId) -> &str {
        self.file(file).map_or("", |source| &source.text)
    }

    /// The text of a file, shared; `None` if it is not in the map.
    pub fn shared_text(&self, file: FileId) -> Option<Arc<str>> {
        self.file(file).map(|source| Arc::clone(&source.text))
    }

    /// The text under a span; empty if the span does not fit the file.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.range()).unwrap_or("")
    }

    /// Line and column of a byte. An offset beyond the end, or within a character, counts as the
    /// nearest place before it.
    pub fn position(&self, file: FileId, offset: u32) -> Position {
        let Some(source) = self.file(file) else {
            return Position { line: 1, column: 1 };
        };
        let line = source.line_of(offset);
        let start = source.line_start(line);
        let at = source.text.floor_char_boundary(offset as usize);
        Position {
            line: line as u32 + 1,
            column: source.characters(start as usize, at) + 1,
        }
    }

    /// Line and column of a span's first byte and of the byte after its last.
    pub fn range(&self, span: Span) -> (Position, Position) {
        (
            self.position(span.file, span.start),
            self.position(span.file, span.end),
        )
    }

    /// The byte at a line and column; one beyond the end of the line is the end of the line.
    pub fn offset(&self, file: FileId, position: Position) -> u32 {
        let text = self.line(file, position.line);
        let column = position.column.saturating_sub(1) as usize;
        let within = text.char_indices().nth(column).map_or(text.len(), |c| c.0);
        let line = position.line.saturating_sub(1) as usize;
        let start = self.file(file).map_or(0, |f| f.line_start(line));
        start + within as u32
    }

    /// The first byte of a line (from 1); the end of the text for lines beyond the last.
    pub fn line_start(&self, file: FileId, line: u32) -> u32 {
        let line = line.saturating_sub(1) as usize;
        self.file(file).map_or(0, |source| source.line_start(line))
    }

    /// The text of a line (from 1) without its line break; empty if there is no such line.
    pub fn line(&self, file: FileId, line: u32) -> &str {
        let Some(source) = self.file(file) else {
            return "";
        };
        let line = line.saturating_sub(1) as usize;
        let range = source.line_start(line) as usize..source.line_start(line + 1) as usize;
        let text = source.text.get(range).unwrap_or("");
        text.trim_end_matches(['\n', '\r'])
    }

    fn file(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.0 as usize)
    }
}

impl SourceFile {
    fn new(name: Arc<str>, text: Arc<str>) -> SourceFile {
        let blocks = text.as_bytes().chunks(BLOCK_BYTES);
        let mut before = 0;
        let characters = blocks.map(|block| {
            let here = before;
            before += characters_in(block);
            here
        });
        SourceFile {
            name,
            line_starts: line_starts(&text),
            characters_before: characters.collect(),
            text,
        }
    }

    /// How many characters begin between two bytes of the text.
    fn characters(&self, start: usize, end: usize) -> u32 {
        match self.text.as_bytes().get(start..end) {
            Some(near) if near.len() <= BLOCK_BYTES => characters_in(near),
            _ => self.characters_before(end) - self.characters_before(start),
        }
    }

    /// How many characters begin before a byte of the text.
    fn characters_before(&self, at: usize) -> u32 {
        let at = at.min(self.text.len());
        let block = (at / BLOCK_BYTES).min(self.characters_before.len().saturating_sub(1));
        let counted = self.characters_before.get(block).copied().unwrap_or(0);
        let rest = self.text.as_bytes().get(block * BLOCK_BYTES..at);
        counted + rest.map_or(0, characters_in)
    }

    /// The line (from 0) that holds a byte.
    fn line_of(&self, offset: u32) -> usize {
        let after = self.line_starts.partition_point(|start| *start <= offset);
        after.saturating_sub(1)
    }

    /// Offset of a line (from 0); the end of the text for lines beyond the last.
    fn line_start(&self, line: usize) -> u32 {
        let end = self.text.len() as u32;
        self.line_starts.get(line).copied().unwrap_or(end)
    }
}

/// How many characters of UTF-8 begin in these bytes.
fn characters_in(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u32
}

fn line_starts(text: &str) -> Vec<u32> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0)
        .chain(breaks.map(|(at, _)| at as u32 + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        let (sources, file) = SourceMap::single("a.plasma", "é⇒x\r\n  y\n");
        let at = |offset| {
            let Position { line, column } = sources.position(file, offset);
            (line, column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 2), "after the two bytes of é");
        assert_eq!(at(5), (1, 3), "after the three bytes of ⇒");
        assert_eq!(at(10), (2, 3), "y");
        assert_eq!(at(12), (3, 1), "the end, after the last line break");
        assert_eq!(at(99), (3, 1), "beyond the end");
        assert_eq!(at(3), (1, 2), "within ⇒");
    }

    #[test]
    fn columns_of_a_very_long_line_count_characters_too() {
        let line = "aé⇒😀 ".repeat(200);
        let (sources, file) = SourceMap::single("a.plasma", format!("é\n{line}"));
        let columns = line.char_indices().enumerate();
        for (column, (at, _)) in columns {
            let position = sources.position(file, at as u32 + 3);
            assert_eq!((position.line, position.column as usize), (2, column + 1));
        }
        let end = sources.position(file, u32::MAX);
        assert_eq!(end.column as usize, line.chars().count() + 1);
    }

    #[test]
    fn offset_is_the_inverse_of_position() {
        let (sources, file) = SourceMap::single("a.plasma", "é⇒x\n\n  yé\n");
        for (offset, _) in sources.text(file).char_indices() {
            let position = sources.position(file, offset as u32);
            assert_eq!(sources.offset(file, position), offset as u32);
        }
        let beyond = Position { line: 1, column: 9 };
        assert_eq!(sources.offset(file, beyond), 6, "the end of the line");
        let below = Position { line: 9, column: 1 };
        assert_eq!(
            sources.offset(file, below) as usize,
            sources.text(file).len()
        );
    }

    #[test]
    fn files_out_of_the_map_are_empty() {
        let (sources, _) = SourceMap::single("a.plasma", "x");
        let other = FileId(7);
        assert_eq!(sources.name(other), "?");
        assert_eq!(sources.text(other), "");
        assert_eq!(sources.slice(Span::new(other, 0, 4)), "");
    }

    #[test]
    fn lines_come_without_their_breaks() {
        let (sources, file) = SourceMap::single("a.plasma", "one\r\ntwo\n");
        assert_eq!(sources.line(file, 1), "one");
        assert_eq!(sources.line(file, 2), "two");
        assert_eq!(sources.line(file, 3), "");
        assert_eq!(sources.line(file, 99), "");
    }
}

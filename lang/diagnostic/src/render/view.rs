//! What of a file is shown: its text with nothing that could upset a terminal, and of a very long
//! line only the part around the mistake.

use std::borrow::Cow;
use std::ops::Range;

use codespan_reporting::files::{Error, Files};

use crate::{FileId, SourceMap, Span};

/// Longest line that is shown whole, in bytes.
const LINE_BYTES_MAX: usize = 400;

/// Of a longer line, so many bytes before and after the mistake are shown.
const EXCERPT_BYTES: usize = 60;

/// The text of one file as it is shown.
pub(super) struct View<'s> {
    sources: &'s SourceMap,
    file: FileId,
    /// As long as the file's text, byte for byte; of an excerpt, one line.
    text: Cow<'s, str>,
    /// If it is an excerpt, where it begins in the file.
    excerpt_start: Option<u32>,
}

impl<'s> View<'s> {
    /// The whole file.
    pub(super) fn new(sources: &'s SourceMap, file: FileId) -> View<'s> {
        View {
            sources,
            file,
            text: harmless(sources.text(file)),
            excerpt_start: None,
        }
    }

    /// The part of a very long line around a place; `None` if its line can be shown whole.
    pub(super) fn excerpt(&self, place: Span) -> Option<View<'s>> {
        let line = self.line_of(place);
        if line.len() <= LINE_BYTES_MAX {
            return None;
        }
        let start = (place.start as usize)
            .saturating_sub(EXCERPT_BYTES)
            .max(line.start);
        let end = (place.start as usize + EXCERPT_BYTES).min(line.end);
        let (start, end) = (self.border(start), self.border(end));
        Some(View {
            text: Cow::Owned(self.text.get(start..end)?.to_owned()),
            excerpt_start: Some(start as u32),
            sources: self.sources,
            file: self.file,
        })
    }

    /// The bytes of the view under a span; `None` if it begins outside of the view.
    pub(super) fn range(&self, span: Span) -> Option<Range<usize>> {
        let base = self.excerpt_start.unwrap_or(0);
        let start = span.start.checked_sub(base)? as usize;
        let end = span.end.max(span.start).saturating_sub(base) as usize;
        (start <= self.text.len()).then(|| start..end.min(self.text.len()))
    }

    fn line_of(&self, place: Span) -> Range<usize> {
        let line = self.sources.position(self.file, place.start).line;
        let start = self.sources.line_start(self.file, line) as usize;
        let end = self.sources.line_start(self.file, line + 1) as usize;
        let has_break = self
            .text
            .get(start..end)
            .is_some_and(|line| line.ends_with('\n'));
        start..end - usize::from(has_break)
    }

    /// The nearest border of a character at or before a byte.
    fn border(&self, at: usize) -> usize {
        self.text.floor_char_boundary(at)
    }
}

impl<'a> Files<'a> for View<'_> {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(self.sources.name(self.file))
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.text)
    }

    fn line_index(&'a self, (): (), byte: usize) -> Result<usize, Error> {
        let offset = self.excerpt_start.unwrap_or(byte as u32);
        let line = self.sources.position(self.file, offset).line as usize - 1;
        Ok(if self.excerpt_start.is_some() {
            0
        } else {
            line
        })
    }

    fn line_number(&'a self, (): (), line: usize) -> Result<usize, Error> {
        Ok(match self.excerpt_start {
            Some(start) => self.sources.position(self.file, start).line as usize,
            None => line + 1,
        })
    }

    fn column_number(&'a self, (): (), _line: usize, byte: usize) -> Result<usize, Error> {
        let offset = self.excerpt_start.unwrap_or(0) + byte as u32;
        Ok(self.sources.position(self.file, offset).column as usize)
    }

    fn line_range(&'a self, (): (), line: usize) -> Result<Range<usize>, Error> {
        if self.excerpt_start.is_some() {
            return Ok(0..self.text.len());
        }
        let start = self.sources.line_start(self.file, line as u32 + 1);
        let end = self.sources.line_start(self.file, line as u32 + 2);
        Ok(start as usize..end as usize)
    }
}

/// The text with every control and direction character replaced by one of the same length.
fn harmless(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let replaced = |c: char| match (is_harmful(c), c.len_utf8()) {
        (false, _) => c,
        (true, 1) => '?',
        (true, 2) => '¿',
        (true, _) => '\u{fffd}',
    };
    Cow::Owned(text.chars().map(replaced).collect())
}

/// Whether a character could move the cursor, colour the terminal or turn the line around.
fn is_harmful(c: char) -> bool {
    let is_direction =
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r')) || is_direction
}

//! A trace in JSON Lines: one event a line.

use plasma_model::{EVENT_LINE_BYTES_MAX, EventView};

use super::Problem;
use super::decode::decode;
use super::input::Input;

/// What some editors write at the start of a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The lines of a trace, one at a time.
pub(super) struct Lines {
    input: Input,
    /// The line last read, with its end.
    buffer: Vec<u8>,
    number: u64,
}

impl Lines {
    pub(super) fn new(input: Input) -> Lines {
        Lines {
            input,
            buffer: Vec::new(),
            number: 0,
        }
    }

    /// Number of the line last read, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Reads on to the next line that is not empty; `false` at the end.
    pub(super) fn advance(&mut self) -> Result<bool, Problem> {
        loop {
            if !self.read_line()? {
                return Ok(false);
            }
            if self.number == 1 && self.buffer.starts_with(BYTE_ORDER_MARK) {
                self.buffer.drain(..BYTE_ORDER_MARK.len());
            }
            if !self.buffer.trim_ascii().is_empty() && !self.content()?.trim().is_empty() {
                return Ok(true);
            }
        }
    }

    /// The event on the line last read.
    pub(super) fn event(&self) -> Result<EventView<'_>, Problem> {
        let text = self.content()?.trim();
        match decode(text)? {
            Some(event) => Ok(event),
            None if !self.is_complete() => Err(CUT),
            None => Err(Problem::NotJson {
                column: text.len(),
                message: "the object is not closed".to_owned(),
            }),
        }
    }

    fn is_complete(&self) -> bool {
        self.buffer.last() == Some(&b'\n')
    }

    fn content(&self) -> Result<&str, Problem> {
        str::from_utf8(&self.buffer).map_err(|error| {
            // A cut in the middle of a character is a cut, not a wrong encoding.
            match !self.is_complete() && error.error_len().is_none() {
                true => CUT,
                false => Problem::NotUtf8 {
                    column: error.valid_up_to() + 1,
                    known_by: self.input.known_by(),
                },
            }
        })
    }

    /// Reads one line into the buffer; `false` at the end of the input.
    fn read_line(&mut self) -> Result<bool, Problem> {
        self.buffer.clear();
        self.number += 1;
        let limit = EVENT_LINE_BYTES_MAX + 2;
        let read = self.input.read_until(b'\n', limit, &mut self.buffer);
        let content = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        if content.len() > EVENT_LINE_BYTES_MAX {
            return Err(Problem::LineTooLong {
                max_bytes: EVENT_LINE_BYTES_MAX,
            });
        }
        Ok(read? > 0)
    }
}

/// The reader of the trace adds the last tick.
const CUT: Problem = Problem::Truncated {
    last_tick_seconds: None,
};

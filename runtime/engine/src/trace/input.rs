//! Where the bytes of a trace come from: a file, compressed or not, or anything that can be read.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use super::Problem;
use super::extent::{Header, header};

/// Bytes read from the disk at a time.
const BUFFER_BYTES: usize = 256 << 10;

/// What begins a zstd frame (RFC 8878, section 3.1.1).
const ZSTD_MAGIC: &[u8] = b"\x28\xb5\x2f\xfd";

/// How it is known in which format the bytes of a trace are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// By the name of the file.
    Name,
    /// By the first bytes.
    FirstBytes,
}

/// How the events of a trace are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// One JSON object a line.
    JsonLines,
    /// MessagePack maps behind one another, or arrays of them.
    MessagePack,
}

impl Format {
    /// By the file's name: `.msgpack`, where `.zst` may follow; anything else is JSON Lines.
    pub(super) fn of(path: &Path) -> Format {
        let inner = match is_compressed(path) {
            true => path.file_stem().map(Path::new),
            false => Some(path),
        };
        match inner.and_then(Path::extension) {
            Some(extension) if extension == "msgpack" => Format::MessagePack,
            _ => Format::JsonLines,
        }
    }

    /// By its first byte: no JSON begins with one that begins a map or an array of MessagePack.
    fn beginning_with(bytes: &[u8]) -> Format {
        match header(bytes) {
            Header::Map | Header::Array { .. } => Format::MessagePack,
            // The length of a long array is behind its first byte.
            Header::Incomplete if !bytes.is_empty() => Format::MessagePack,
            Header::Incomplete | Header::Other => Format::JsonLines,
        }
    }
}

/// Whether the name says that the file is compressed.
pub(super) fn is_compressed(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "zst")
}

/// The bytes of a trace.
pub(super) struct Input {
    bytes: Box<dyn BufRead + Send>,
    is_compressed: bool,
    known_by: KnownBy,
}

impl Input {
    /// Opens a file; one named `.zst` is decompressed as it is read.
    pub(super) fn open(path: &Path) -> io::Result<Input> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::new(
                io::ErrorKind::IsADirectory,
                "it is a folder, not a file",
            ));
        }
        let is_compressed = is_compressed(path);
        Ok(Input {
            bytes: match is_compressed {
                true => {
                    let decoder = zstd::stream::read::Decoder::new(file)?;
                    Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder))
                }
                false => Box::new(BufReader::with_capacity(BUFFER_BYTES, file)),
            },
            is_compressed,
            known_by: KnownBy::Name,
        })
    }

    /// Takes the bytes from anything.
    pub(super) fn new(bytes: Box<dyn BufRead + Send>) -> Input {
        Input {
            bytes,
            is_compressed: false,
            known_by: KnownBy::Name,
        }
    }

    /// Takes the bytes from anything, compressed or not, in the format that they show.
    pub(super) fn recognised(mut bytes: Box<dyn BufRead + Send>) -> io::Result<(Format, Input)> {
        let mut first = Vec::new();
        // A pipe may give them one by one.
        bytes
            .by_ref()
            .take(ZSTD_MAGIC.len() as u64)
            .read_to_end(&mut first)?;
        let is_compressed = first == ZSTD_MAGIC;
        let bytes = Cursor::new(first).chain(bytes);
        let mut bytes: Box<dyn BufRead + Send> = match is_compressed {
            true => {
                let decoder = zstd::stream::read::Decoder::with_buffer(bytes)?;
                Box::new(BufReader::with_capacity(BUFFER_BYTES, decoder))
            }
            false => Box::new(bytes),
        };
        // What cannot be decompressed is told where it is read.
        let format = bytes
            .fill_buf()
            .map_or(Format::JsonLines, Format::beginning_with);
        let input = Input {
            bytes,
            is_compressed,
            known_by: KnownBy::FirstBytes,
        };
        Ok((format, input))
    }

    /// How its format is known.
    pub(super) fn known_by(&self) -> KnownBy {
        self.known_by
    }

    /// Appends bytes up to and with `end`, at most so many; how many they were, 0 at the end.
    pub(super) fn read_until(
        &mut self,
        end: u8,
        bytes_max: usize,
        buffer: &mut Vec<u8>,
    ) -> Result<usize, Problem> {
        let mut bytes = Read::take(&mut self.bytes, bytes_max as u64);
        let read = bytes.read_until(end, buffer);
        read.map_err(|error| self.problem(error))
    }

    /// Appends what is there, at most so many bytes; how many they were, 0 at the end.
    pub(super) fn read_some(
        &mut self,
        bytes_max: usize,
        buffer: &mut Vec<u8>,
    ) -> Result<usize, Problem> {
        loop {
            match self.bytes.fill_buf() {
                Ok(bytes) => {
                    let taken = bytes.get(..bytes_max).unwrap_or(bytes);
                    buffer.extend_from_slice(taken);
                    let taken = taken.len();
                    self.bytes.consume(taken);
                    return Ok(taken);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.problem(error)),
            }
        }
    }

    fn problem(&self, error: io::Error) -> Problem {
        match error.kind() {
            // A compressed trace whose last frame was not finished.
            io::ErrorKind::UnexpectedEof => Problem::Truncated {
                last_tick_seconds: None,
            },
            _ if self.is_compressed => Problem::Decompress {
                error,
                known_by: self.known_by,
            },
            _ => Problem::Read(error),
        }
    }
}

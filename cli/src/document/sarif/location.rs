//! Places, as SARIF names them.

use std::fmt::Write as _;
use std::path::Path;

use plasma_diagnostic::{FileId, SourceMap, Span};
use serde::Serialize;

use super::Message;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Debug, Serialize)]
pub(super) struct ArtifactLocation {
    uri: String,
}

/// Lines and columns from 1; the end column is the one behind the last character.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

impl Location {
    /// The place of a span, with what is to be said about it; nothing if that is empty.
    pub(super) fn new(sources: &SourceMap, span: Span, said: &str) -> Self {
        Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation::new(sources, span.file),
                region: Region::new(sources, span),
            },
            message: (!said.is_empty()).then(|| Message::new(said)),
        }
    }
}

impl ArtifactLocation {
    pub(super) fn new(sources: &SourceMap, file: FileId) -> Self {
        ArtifactLocation {
            uri: uri(sources.name(file)),
        }
    }
}

impl Region {
    pub(super) fn new(sources: &SourceMap, span: Span) -> Self {
        let (start, end) = sources.range(span);
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// A path as a URI: relative to where the command ran, unless it is absolute.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if Path::new(path).is_absolute() {
        uri.push_str("file://");
    }
    for byte in path.trim_start_matches("./").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte as char);
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("./a/b c.plasma"), "a/b%20c.plasma");
        assert_eq!(uri("/p/é.plasma"), "file:///p/%C3%A9.plasma");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }
}

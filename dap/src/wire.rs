//! The base protocol: each message with its length before it.

use std::io::{self, BufRead, Write};

use serde_json::Value as Json;

/// A message longer than this is not read.
const MESSAGE_BYTES_MAX: usize = 64 << 20;

/// Why a session ends early.
#[derive(Debug, thiserror::Error)]
pub enum DapError {
    /// The stream ended or broke.
    #[error("the connection to the editor broke: {0}")]
    Stream(#[from] io::Error),
    /// What came is no message of the debug adapter protocol.
    #[error("what the editor sent is no message: {0}")]
    Malformed(String),
}

/// The next message; `None` where the stream ends between two.
pub(crate) fn read(input: &mut dyn BufRead) -> Result<Option<Json>, DapError> {
    let mut length = None;
    let mut is_begun = false;
    let mut line = String::new();
    loop {
        line.clear();
        if input.read_line(&mut line)? == 0 {
            return match is_begun {
                false => Ok(None),
                true => Err(DapError::Malformed("it ends within its header".to_owned())),
            };
        }
        is_begun = true;
        let header = line.trim_end_matches(['\r', '\n']);
        if header.is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            let told = value.trim().parse::<usize>();
            length = Some(told.map_err(|_| DapError::Malformed(header.to_owned()))?);
        }
    }
    let length = length.ok_or_else(|| DapError::Malformed("no Content-Length".to_owned()))?;
    if length > MESSAGE_BYTES_MAX {
        return Err(DapError::Malformed(format!("{length} bytes are too many")));
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    let message = serde_json::from_slice(&body);
    message
        .map(Some)
        .map_err(|error| DapError::Malformed(error.to_string()))
}

/// Sends a message.
pub(crate) fn write(output: &mut dyn Write, message: &Json) -> io::Result<()> {
    let body = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use serde_json::json;

    #[test]
    fn what_is_written_is_read() {
        let mut stream = Vec::new();
        for message in [json!({"seq": 1}), json!({"text": "é⇒"})] {
            write(&mut stream, &message).expect("memory");
        }
        let mut input = stream.as_slice();
        assert_eq!(
            read(&mut input).expect("a message"),
            Some(json!({"seq": 1}))
        );
        let second = read(&mut input).expect("a message");
        assert_eq!(second, Some(json!({"text": "é⇒"})));
        assert_eq!(read(&mut input).expect("the end"), None);
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let refused = [
            "hello\n",
            "Content-Length: x\r\n\r\n{}",
            "Content-Length: 99999999999\r\n\r\n",
            "Content-Length: 2\r\n",
            "Content-Length: 2\r\n\r\n{",
            "Content-Length: 2\r\n\r\n[}",
            "Content-Type: a\r\n\r\n{}",
        ];
        for text in refused {
            assert!(read(&mut text.as_bytes()).is_err(), "{text}");
        }
    }
}

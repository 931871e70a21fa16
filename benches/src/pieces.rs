//! The floor that the front end is held against: a pass over the bytes that tells words, numbers and
//! signs apart and keeps where each of them is, and nothing else.

/// The pieces of a text without texts in quotes: first and one past the last byte of each, comments
/// included.
pub fn pieces(text: &str) -> Vec<(u32, u32)> {
    let bytes = text.as_bytes();
    let mut pieces = Vec::with_capacity(bytes.len() / 4);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at += match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => length(bytes, at, is_of_word),
            b'0'..=b'9' => length(bytes, at, |byte| is_of_word(byte) || byte == b'%'),
            b'/' if bytes.get(at + 1) == Some(&b'/') => length(bytes, at, |byte| byte != b'\n'),
            b'=' | b'<' | b'>' | b'!' | b'-' => match bytes.get(at + 1) {
                Some(b'=' | b'>') => 2,
                _ => 1,
            },
            _ => 1,
        };
        pieces.push((start as u32, at as u32));
    }
    pieces
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn length(bytes: &[u8], from: usize, is_of_piece: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or(&[]);
    let end = rest.iter().position(|byte| !is_of_piece(*byte));
    end.unwrap_or(rest.len())
}

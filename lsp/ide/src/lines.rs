//! Lines as editors count them.

/// The first byte of each line of a text; `\n`, `\r\n` and a lone `\r` end one. Never empty, begins with 0.
pub fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    let ends = bytes.iter().enumerate();
    let ends = ends.filter(|(_, byte)| matches!(byte, b'\n' | b'\r'));
    for (at, byte) in ends {
        if *byte == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
            starts.push(at + 1);
        }
    }
    starts
}

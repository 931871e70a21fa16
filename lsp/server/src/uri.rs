//! Files behind URIs.

use std::path::PathBuf;

use crate::lsp_types::Uri;

/// The path of a `file:` URI of this machine; `None` for other schemes, such as unsaved buffers.
pub(crate) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file://")?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    if !path.starts_with('/') {
        return None;
    }
    let path = String::from_utf8(decode(path)).ok()?;
    // `file:///c:/work` is `c:/work` on Windows.
    let is_drive = path.as_bytes().get(2) == Some(&b':');
    let path = if cfg!(windows) && is_drive {
        path.trim_start_matches('/').to_owned()
    } else {
        path
    };
    Some(PathBuf::from(path))
}

/// Takes percent signs with two digits for the byte that they stand for (RFC 3986, 2.1).
fn decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = text.get(at + 1..at + 3);
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(escaped) if *byte == b'%' => {
                decoded.push(escaped);
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_uris_are_decoded_and_others_have_no_path() {
        let path = |uri: &str| path_of(&Uri(uri.to_owned()));
        assert_eq!(
            path("file:///a/b%20%C3%A9.plasma"),
            Some("/a/b é.plasma".into())
        );
        assert_eq!(path("file://localhost/a"), Some("/a".into()));
        assert_eq!(
            path("file:///a%2"),
            Some("/a%2".into()),
            "a bare percent sign stays"
        );
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("file://elsewhere/a"), None);
    }
}

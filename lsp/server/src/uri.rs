//! Files behind URIs.

use std::path::{Path, PathBuf};

use plasma_scenario::library_address;

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

/// The `file:` URI of an absolute path.
pub(crate) fn uri_of(path: &Path) -> Uri {
    let path = path.display().to_string();
    let path = match cfg!(windows) {
        true => format!("/{}", path.replace('\\', "/")),
        false => path,
    };
    let mut uri = "file://".to_owned();
    for byte in path.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        match is_plain {
            true => uri.push(char::from(byte)),
            false => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Uri(uri)
}

/// The URI of the library's module of a name, `std.hotspot`; `None` for other names.
pub(crate) fn library_uri(name: &str) -> Option<Uri> {
    library_address(name).map(Uri)
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

    #[test]
    fn a_path_and_its_uri_lead_to_each_other() {
        let path = Path::new("/a b/é%20:.plasma");
        let uri = uri_of(path);
        assert_eq!(uri.0, "file:///a%20b/%C3%A9%2520%3A.plasma");
        assert_eq!(path_of(&uri).as_deref(), Some(path));
    }
}

//! From the text of a message to the message, or to the answer that says why it is none.

use lsp_server::{ErrorCode, Message};
use serde_json::{Value, json};

/// Reads the text of a message.
///
/// # Errors
///
/// The answer to what is no message, in JSON: it may have to be without an id.
pub(crate) fn parse(text: &[u8]) -> Result<Message, Value> {
    let refuse = |error: String| refusal(&Value::Null, ErrorCode::ParseError, &error);
    let text = std::str::from_utf8(text).map_err(|error| refuse(error.to_string()))?;
    let value: Result<Value, _> = serde_json::from_str(text);
    let value = value.or_else(|_| serde_json::from_str(&without_lone_surrogates(text)));
    let value = value.map_err(|error| refuse(error.to_string()))?;
    let id = match value.get("id") {
        Some(id) if id.is_number() || id.is_string() => id.clone(),
        _ => Value::Null,
    };
    match serde_json::from_value(value) {
        // An id that is none of the protocol's would make it look like a notification.
        Ok(Message::Notification(_)) if !id.is_null() => {}
        Ok(message) => return Ok(message),
        Err(_) => {}
    }
    let reason = "neither a request nor a notification nor a response";
    Err(refusal(&id, ErrorCode::InvalidRequest, reason))
}

fn refusal(id: &Value, code: ErrorCode, message: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code as i32, "message": message}})
}

/// JSON can name one half of a surrogate pair, `\ud83d`, and editors whose texts are UTF-16 do so.
/// No text of ours can hold it: it becomes U+FFFD, which takes as much room.
fn without_lone_surrogates(json: &str) -> String {
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        let low = escape.get(6..).and_then(surrogate);
        let (length, is_lone) = match surrogate(escape) {
            Some(Half::High) if low == Some(Half::Low) => (12, false),
            Some(_) => (6, true),
            // The backslash and what it escapes.
            None => (1 + escape.chars().nth(1).map_or(0, char::len_utf8), false),
        };
        let (escape, after) = escape.split_at(length);
        mended.push_str(if is_lone { "\\ufffd" } else { escape });
        rest = after;
    }
    mended.push_str(rest);
    mended
}

/// One half of a surrogate pair.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    High,
    Low,
}

/// The half that an escape at the beginning of the text stands for.
fn surrogate(text: &str) -> Option<Half> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u32::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Half::High),
        0xdc00..=0xdfff => Some(Half::Low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_pair_is_replaced_and_a_whole_one_stays() {
        for (json, expected) in [
            (r"a \ud83d b", r"a \ufffd b"),
            (r"\ude00\ud83d", r"\ufffd\ufffd"),
            (r"\ud83d\ude00", r"\ud83d\ude00"),
            (r"\ud83d\ud83d\ude00", r"\ufffd\ud83d\ude00"),
            (r"\\ud83d", r"\\ud83d"),
            (r"\\\ud83d", r"\\\ufffd"),
            (r"\n\u00e9\é", r"\n\u00e9\é"),
            ("\\", "\\"),
        ] {
            assert_eq!(without_lone_surrogates(json), expected);
        }
    }

    #[test]
    fn what_is_no_message_is_answered_by_why() {
        let refused = |text: &str| match parse(text.as_bytes()) {
            Ok(message) => format!("{message:?}"),
            Err(answer) => format!("{} {}", answer["id"], answer["error"]["code"]),
        };
        assert_eq!(refused("{bad}"), "null -32700");
        assert_eq!(refused(""), "null -32700");
        assert_eq!(refused("null"), "null -32600");
        assert_eq!(refused(r#"[{"id": 5, "method": "x"}]"#), "null -32600");
        assert_eq!(refused(r#"{"id": 9}"#), "9 -32600");
        assert_eq!(refused(r#"{"id": 1.5, "method": "x"}"#), "1.5 -32600");
        assert!(parse(b"\xff").is_err());
        assert!(parse(br#"{"method": "x"}"#).is_ok());
    }
}

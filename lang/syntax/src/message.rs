//! Texts with holes, as `alert` takes them: `"{f} is at {f.cpu.perc}"`. What stands between the braces is an
//! expression of the language; `{{` and `}}` stand for the braces themselves.

use plasma_diagnostic::Span;

/// A part of a text with holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessagePart {
    /// Text as it is written, escapes and doubled braces included.
    Text(Span),
    /// What stands between two braces.
    Hole(Span),
    /// An opening brace that nothing closes, to the end of the text.
    Open(Span),
    /// A closing brace that nothing opens.
    Stray(Span),
}

/// The parts of a literal in quotes, in the order of the text. `source` is the whole text.
pub fn message_parts(source: &str, literal: Span) -> Vec<MessagePart> {
    let mut parts = Vec::new();
    let quoted = source.get(literal.range()).unwrap_or("");
    let length = quoted.strip_suffix('"').map_or(quoted.len(), str::len);
    let bytes = quoted.as_bytes().get(..length).unwrap_or(&[]);
    let span = |start: usize, end: usize| {
        let begin = literal.start;
        Span::new(literal.file, begin + start as u32, begin + end as u32)
    };
    let mut at = 1;
    let mut text_from = at;
    let end_text = |parts: &mut Vec<MessagePart>, from: usize, to: usize| {
        if from < to {
            parts.push(MessagePart::Text(span(from, to)));
        }
    };
    while let Some(byte) = bytes.get(at) {
        let is_doubled = bytes.get(at + 1) == Some(byte);
        match byte {
            b'\\' => at += 2,
            b'{' | b'}' if is_doubled => at += 2,
            b'}' => {
                end_text(&mut parts, text_from, at);
                parts.push(MessagePart::Stray(span(at, at + 1)));
                at += 1;
                text_from = at;
            }
            b'{' => {
                end_text(&mut parts, text_from, at);
                match closing_brace(bytes, at + 1) {
                    Some(close) => {
                        parts.push(MessagePart::Hole(span(at + 1, close)));
                        at = close + 1;
                    }
                    None => {
                        parts.push(MessagePart::Open(span(at, bytes.len())));
                        at = bytes.len();
                    }
                }
                text_from = at;
            }
            _ => at += 1,
        }
    }
    end_text(&mut parts, text_from, bytes.len().min(at));
    parts
}

/// The brace that closes a hole; one within quotes does not.
fn closing_brace(bytes: &[u8], from: usize) -> Option<usize> {
    let mut is_quoted = false;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => {
                is_quoted ^= bytes.get(at + 1) == Some(&b'"');
                at += 1;
            }
            b'}' if !is_quoted => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The text that a part stands for: escapes are resolved, doubled braces are one.
pub fn message_text(written: &str) -> String {
    let text = crate::tree::unescaped(&format!("\"{written}\""));
    text.replace("{{", "{").replace("}}", "}")
}

#[cfg(test)]
mod tests {
    use plasma_diagnostic::FileId;

    use super::*;

    fn shown(literal: &str) -> String {
        let source = format!("alert({literal});");
        let span = Span::new(FileId::default(), 6, 6 + literal.len() as u32);
        let parts = message_parts(&source, span).into_iter().map(|part| {
            let (name, span) = match part {
                MessagePart::Text(span) => ("text", span),
                MessagePart::Hole(span) => ("hole", span),
                MessagePart::Open(span) => ("open", span),
                MessagePart::Stray(span) => ("stray", span),
            };
            format!("{name} {}", &source[span.range()])
        });
        parts.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn braces_make_holes_and_doubled_ones_do_not() {
        assert_eq!(shown(r#""""#), "");
        assert_eq!(shown(r#""a""#), "text a");
        assert_eq!(shown(r#""{f}""#), "hole f");
        assert_eq!(shown(r#""{f} at {f.cpu}""#), "hole f|text  at |hole f.cpu");
        assert_eq!(shown(r#""{{f}}""#), "text {{f}}");
        assert_eq!(shown(r#""{{{f}}}""#), "text {{|hole f|text }}");
        assert_eq!(shown(r#""{}""#), "hole ");
        assert_eq!(shown(r#""a {f""#), "text a |open {f");
        assert_eq!(shown(r#""a } b""#), "text a |stray }|text  b");
        assert_eq!(shown(r#""\"{f}\"""#), r#"text \"|hole f|text \""#);
        assert_eq!(shown(r#""{s.label(\"a}b\")}""#), r#"hole s.label(\"a}b\")"#);
        assert_eq!(message_text(r#"{{a}} \"b\""#), r#"{a} "b""#);
    }
}

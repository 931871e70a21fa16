//! The colours of a line being edited.

use plasma_ide::TokenKind;

use crate::command::repl::scene::Analysed;

const PLAIN: &str = "\u{1b}[0m";
const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const GREEN: &str = "\u{1b}[32m";
const YELLOW: &str = "\u{1b}[33m";
const BLUE: &str = "\u{1b}[34m";
const MAGENTA: &str = "\u{1b}[35m";
const CYAN: &str = "\u{1b}[36m";

/// A line of the language.
pub(super) fn of_language(line: &str, analysed: &Analysed) -> String {
    let mut text = String::with_capacity(line.len() * 2);
    let mut end = 0;
    for (from, to, token) in analysed.tokens() {
        let (Some(between), Some(piece)) = (line.get(end..from), line.get(from..to)) else {
            continue;
        };
        text.push_str(between);
        match colour(token.kind) {
            Some(colour) => text.extend([colour, piece, PLAIN]),
            None => text.push_str(piece),
        }
        end = to;
    }
    text + line.get(end..).unwrap_or_default()
}

/// The name of a command.
pub(super) fn of_command(text: &str) -> String {
    format!("{BOLD}{text}{PLAIN}")
}

/// What is not typed yet.
pub(super) fn dimmed(text: &str) -> String {
    format!("{DIM}{text}{PLAIN}")
}

fn colour(kind: TokenKind) -> Option<&'static str> {
    match kind {
        TokenKind::Keyword => Some(MAGENTA),
        TokenKind::Type | TokenKind::Module => Some(YELLOW),
        TokenKind::Property | TokenKind::Param => Some(CYAN),
        TokenKind::Function | TokenKind::Definition => Some(BLUE),
        TokenKind::Rule => Some(BOLD),
        TokenKind::Number | TokenKind::Text => Some(GREEN),
        TokenKind::Comment => Some(DIM),
        TokenKind::Variable | TokenKind::Argument | TokenKind::Operator => None,
    }
}

#[cfg(test)]
mod tests {
    use super::of_language;
    use crate::command::repl::scene::Scene;

    #[test]
    fn pieces_are_coloured_and_the_text_stays() {
        let line = "server.cpu.perc > 80 // hot";
        let coloured = of_language(line, &Scene::default().analyse(line));
        assert_eq!(
            coloured,
            "\u{1b}[35mserver\u{1b}[0m.\u{1b}[36mcpu\u{1b}[0m.\u{1b}[36mperc\u{1b}[0m > \
             \u{1b}[32m80\u{1b}[0m \u{1b}[2m// hot\u{1b}[0m"
        );
    }
}

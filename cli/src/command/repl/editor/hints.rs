//! The rest of what is being typed, shown dimmed behind the cursor: the only word that can follow, the
//! arguments of a behavior, what a command needs.

use plasma_model::behavior_row;
use plasma_syntax::{LexemeKind, lexemes};

use super::prompt::{Prompt, Rest, argument_of};
use crate::command::repl::command;

/// The rest of a line; the cursor is at its end.
pub(super) fn rest(prompt: &Prompt, line: &str) -> Option<Rest> {
    rest_of_command(line)
        .or_else(|| rest_of_word(prompt, line))
        .or_else(|| arguments(line))
}

/// What a command needs, until something of it is typed.
fn rest_of_command(line: &str) -> Option<Rest> {
    let word = line.trim_start().strip_prefix(':')?;
    let (row, gap) = match argument_of(line) {
        Some((row, start)) if start == line.len() => (row, ""),
        Some(_) => return None,
        None => (
            command::find(word).ok().filter(|row| row.name == word)?,
            " ",
        ),
    };
    Some(Rest {
        text: format!("{gap}{}", row.argument?),
        can_be_taken: false,
    })
}

/// The rest of the only word that can stand here.
fn rest_of_word(prompt: &Prompt, line: &str) -> Option<Rest> {
    let (start, offers) = prompt.offers(line, line.len());
    let typed = line.get(start..).filter(|typed| !typed.is_empty())?;
    let [(_, only)] = offers.as_slice() else {
        return None;
    };
    let text = only.strip_prefix(typed).filter(|text| !text.is_empty())?;
    Some(Rest {
        text: text.to_owned(),
        can_be_taken: true,
    })
}

/// The arguments of a behavior that are still to be typed.
fn arguments(line: &str) -> Option<Rest> {
    let code = lexemes(line);
    let mut code: Vec<_> = code
        .iter()
        .filter(|lexeme| !matches!(lexeme.kind, LexemeKind::Comment { .. }))
        .collect();
    let mut depth = 0usize;
    let mut given = 0;
    let mut is_begun = false;
    while let Some(lexeme) = code.pop() {
        match lexeme.text {
            ")" | "}" | "]" => depth += 1,
            "(" if depth == 0 => {
                let row = behavior_row(code.pop()?.text)?;
                let signature = row.signature();
                let parameters = signature.split_once('(')?.1.strip_suffix(')')?;
                let parameters: Vec<&str> = parameters.split(", ").collect();
                // An argument that is being typed is not told.
                let left = parameters.get(given + usize::from(is_begun)..)?.join(", ");
                let before = if is_begun && !left.is_empty() {
                    ", "
                } else {
                    ""
                };
                return Some(Rest {
                    text: format!("{before}{left})"),
                    can_be_taken: false,
                });
            }
            "(" | "{" | "[" => depth = depth.checked_sub(1)?,
            "," if depth == 0 => given += 1,
            _ => {}
        }
        is_begun |= depth == 0 && given == 0 && lexeme.text != ",";
    }
    let word = line.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let word = line.get(word.len()..)?;
    let is_after_arrow = line.strip_suffix(word)?.trim_end().ends_with("=>");
    let row = behavior_row(word).filter(|_| is_after_arrow)?;
    Some(Rest {
        text: row.signature().strip_prefix(word)?.to_owned(),
        can_be_taken: false,
    })
}

#[cfg(test)]
mod tests {
    use super::rest;
    use crate::command::repl::editor::prompt::Prompt;

    fn hint(line: &str) -> Option<String> {
        let rest = rest(&Prompt::new(false), line)?;
        let sign = if rest.can_be_taken { "→" } else { "" };
        Some(format!("{}{sign}", rest.text))
    }

    #[test]
    fn the_only_word_that_can_follow_is_hinted_at() {
        assert_eq!(hint("true => bala").as_deref(), Some("nce→"));
        assert_eq!(hint("server.cpu.per").as_deref(), Some("c→"));
        assert_eq!(hint("server.").as_deref(), None);
    }

    #[test]
    fn the_arguments_of_a_behavior_are_told() {
        assert_eq!(
            hint("true => reserve").as_deref(),
            Some("(actor, resource)")
        );
        assert_eq!(
            hint("true => reserve(").as_deref(),
            Some("actor, resource)")
        );
        assert_eq!(hint("true => reserve(f,").as_deref(), Some("resource)"));
        assert_eq!(hint("true => reserve(f, ").as_deref(), Some("resource)"));
        assert_eq!(
            hint("true => reserve(Folder(f)").as_deref(),
            Some(", resource)")
        );
        assert_eq!(hint("true => reserve(f, cpu").as_deref(), Some(")"));
    }

    #[test]
    fn a_command_tells_what_it_needs() {
        assert_eq!(hint(":why").as_deref(), Some(" ACTOR|SERVER|RULE"));
        assert_eq!(hint(":why ").as_deref(), Some("ACTOR|SERVER|RULE"));
        assert_eq!(hint(":pl").as_deref(), Some("an→"));
        assert_eq!(hint(":plan"), None);
    }
}

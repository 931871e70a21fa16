//! Lines on their way to a whole statement: the parser decides when they are one.

use std::collections::VecDeque;

use plasma_diagnostic::FileId;
use plasma_syntax::{POLICY_BYTES_MAX, ReplStatus, parse_repl_input};

use super::command;

/// What was typed and not yet answered.
#[derive(Debug, Default)]
pub(super) struct Begun {
    /// The statement begun; every line of it ends with a line break.
    statement: String,
    /// Lines that came together with earlier ones.
    waiting: VecDeque<String>,
    /// Whether what was typed last ended with an empty line: there will be no more of it.
    was_ended: bool,
}

/// The statement is larger than a policy may be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

impl Begun {
    /// Whether a statement has been begun and is not whole.
    pub(super) fn is_open(&self) -> bool {
        !self.statement.is_empty()
    }

    /// Whether what was typed last is to be taken as it is, whole or not.
    pub(super) fn was_ended(&self) -> bool {
        self.was_ended
    }

    /// Takes what was typed or pasted at once: one statement over several lines, or several of them.
    pub(super) fn type_in(&mut self, text: &str) {
        self.was_ended = is_ended(text);
        let is_one = !self.is_open() && status(text) == ReplStatus::Complete;
        match is_one {
            true => self.waiting.push_back(text.to_owned()),
            false => self.waiting.extend(text.lines().map(str::to_owned)),
        }
    }

    /// The next whole statement or command among the lines so far; `None` if another line is needed.
    /// A command is answered in the middle of a statement too, which then goes on.
    pub(super) fn take(&mut self) -> Result<Option<String>, TooLarge> {
        while let Some(line) = self.waiting.pop_front() {
            let is_command = line.trim_start().starts_with(':');
            if is_command && (!self.is_open() || command::is_one(&line)) {
                return Ok(Some(line));
            }
            self.statement.push_str(&line);
            if self.statement.len() > POLICY_BYTES_MAX {
                self.drop_all();
                return Err(TooLarge);
            }
            if self.statement.trim().is_empty() {
                self.statement.clear();
                continue;
            }
            match status(&self.statement) {
                ReplStatus::Incomplete => self.statement.push('\n'),
                ReplStatus::Complete => return Ok(Some(std::mem::take(&mut self.statement))),
                ReplStatus::Wrong => {
                    self.take_rest();
                    return Ok(Some(std::mem::take(&mut self.statement)));
                }
            }
        }
        Ok(None)
    }

    /// Adds to a statement with a mistake what came together with it, up to the next command: where it
    /// ends, nobody can tell.
    fn take_rest(&mut self) {
        while let Some(line) = self.waiting.pop_front_if(|line| !command::is_one(line)) {
            self.statement.push('\n');
            self.statement.push_str(&line);
        }
    }

    /// The statement begun, as it is; nothing if there is none.
    pub(super) fn take_open(&mut self) -> Option<String> {
        self.is_open().then(|| std::mem::take(&mut self.statement))
    }

    /// Drops what was typed and not yet answered.
    pub(super) fn drop_all(&mut self) {
        self.statement.clear();
        self.waiting.clear();
    }
}

/// Whether a text over several lines ends with an empty one.
pub(super) fn is_ended(text: &str) -> bool {
    let last = text.rfind('\n').map(|at| &text[at..]);
    last.is_some_and(|last| last.trim().is_empty()) && !text.trim().is_empty()
}

/// Whether the text is whole. A `///` comment alone waits for what it documents.
pub(super) fn status(text: &str) -> ReplStatus {
    let input = parse_repl_input(FileId(0), text);
    let is_empty = input.expression.is_none() && input.tree.items().is_empty();
    match is_empty && !input.tree.stray_docs().is_empty() {
        true => ReplStatus::Incomplete,
        false => input.status,
    }
}

#[cfg(test)]
mod tests {
    use super::{Begun, TooLarge};

    /// The statements in what is typed in piece by piece, and what is left open.
    fn statements(pieces: &[&str]) -> (Vec<String>, Option<String>) {
        let mut begun = Begun::default();
        let mut found = Vec::new();
        for piece in pieces {
            begun.type_in(piece);
            while let Ok(Some(statement)) = begun.take() {
                found.push(statement);
            }
        }
        (found, begun.take_open())
    }

    #[test]
    fn lines_are_gathered_to_statements() {
        let typed = [
            "server.cpu",
            ":plan",
            "",
            "server.cpu.perc > 80 =>",
            "  balance({Folder}, cpu);",
            "1 <",
        ];
        let (found, open) = statements(&typed);
        let rule = "server.cpu.perc > 80 =>\n  balance({Folder}, cpu);";
        assert_eq!(found, ["server.cpu", ":plan", rule]);
        assert_eq!(open.as_deref(), Some("1 <\n"));
    }

    #[test]
    fn what_is_pasted_at_once_is_one_statement_or_several() {
        let rules = "rule a: true => pin(Folder(f));\n\nrule b:\n  true => pin(File(f));\n";
        assert_eq!(statements(&[rules]), (vec![rules.to_owned()], None));
        let (found, open) = statements(&["server.cpu\nFolder(f).cpu\n:rules\nserver.cpu <"]);
        assert_eq!(found, ["server.cpu", "Folder(f).cpu", ":rules"]);
        assert_eq!(open.as_deref(), Some("server.cpu <\n"));
    }

    #[test]
    fn a_comment_waits_for_what_it_documents() {
        let (found, _) = statements(&["// alone", "/// of a", "param a = 3;"]);
        assert_eq!(found, ["// alone", "/// of a\nparam a = 3;"]);
    }

    #[test]
    fn a_command_in_the_middle_of_a_statement_is_one() {
        let (found, _) = statements(&["server.cpu <", ":help", "5"]);
        assert_eq!(found, [":help", "server.cpu <\n5"]);
        // This colon belongs to the rule.
        let (found, _) = statements(&["rule a", ":true => pin(Folder(f));"]);
        assert_eq!(found, ["rule a\n:true => pin(Folder(f));"]);
    }

    #[test]
    fn a_statement_with_a_mistake_is_one_with_what_came_with_it() {
        let (found, _) = statements(&["rule a:\n  tru =>> pin(Folder(f));\n// end\n:plan"]);
        assert_eq!(
            found,
            ["rule a:\n  tru =>> pin(Folder(f));\n// end", ":plan"]
        );
    }

    #[test]
    fn an_empty_line_ends_what_is_typed() {
        let mut begun = Begun::default();
        begun.type_in("rule a:\n");
        assert_eq!(begun.take(), Ok(None));
        assert!(begun.was_ended());
        assert_eq!(begun.take_open().as_deref(), Some("rule a:\n"));
        begun.type_in("rule a:\n:help");
        assert!(!begun.was_ended());
    }

    #[test]
    fn a_statement_is_bounded() {
        let mut begun = Begun::default();
        begun.type_in(&format!(
            "// {}",
            " ".repeat(plasma_syntax::POLICY_BYTES_MAX)
        ));
        assert_eq!(begun.take(), Err(TooLarge));
        assert!(!begun.is_open());
    }
}

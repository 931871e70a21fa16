//! What rustyline asks about the line being edited.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use plasma_scenario::visible;
use plasma_syntax::ReplStatus;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use super::{colours, files, hints};
use crate::command::repl::begun;
use crate::command::repl::command::{self, COMMANDS, CommandRow, Takes};
use crate::command::repl::options::SETTINGS;
use crate::command::repl::scene::{Analysed, Scene};
use crate::natural_order;

/// At most so many names are offered.
const OFFERED_MAX: usize = 1_000;

/// Completes, hints at and colours the line being edited, and says when it is whole.
pub(super) struct Prompt {
    scene: Scene,
    coloured: bool,
    /// Whether it is no statement that is typed.
    is_silent: Cell<bool>,
    /// The last text that was looked at.
    last: RefCell<Option<(String, Rc<Analysed>)>>,
}

/// The rest of what is being typed.
pub(super) struct Rest {
    pub(super) text: String,
    /// Whether the right arrow takes it; else it only says what is expected.
    pub(super) can_be_taken: bool,
}

impl Prompt {
    /// Knows nothing yet.
    pub(super) fn new(coloured: bool) -> Self {
        Prompt {
            scene: Scene::default(),
            coloured,
            is_silent: Cell::new(false),
            last: RefCell::new(None),
        }
    }

    /// Knows this from now on.
    pub(super) fn see(&mut self, scene: Scene) {
        self.scene = scene;
        self.last.take();
    }

    /// From now on what is typed is left alone, or no longer.
    pub(super) fn be_silent(&self, is_silent: bool) {
        self.is_silent.set(is_silent);
    }

    fn analysed(&self, text: &str) -> Rc<Analysed> {
        let mut last = self.last.borrow_mut();
        if let Some((known, analysed)) = &*last
            && known == text
        {
            return Rc::clone(analysed);
        }
        let analysed = Rc::new(self.scene.analyse(text));
        *last = Some((text.to_owned(), Rc::clone(&analysed)));
        analysed
    }

    /// What can stand at the cursor: where it begins, what is shown, what is inserted.
    pub(super) fn offers(&self, line: &str, position: usize) -> (usize, Vec<(String, String)>) {
        let before = line.get(..position).unwrap_or_default();
        let Some((row, start)) = argument_of(before) else {
            return match before.trim_start().starts_with(':') {
                true => (
                    before.len() - before.trim_start().len(),
                    commands(before.trim_start()),
                ),
                false => self.offers_of_language(line, position),
            };
        };
        self.offers_of_command(row, line, (start, position))
    }

    fn offers_of_language(&self, line: &str, position: usize) -> (usize, Vec<(String, String)>) {
        let (start, items) = self.analysed(line).completions(line, position);
        let pairs = items.into_iter().map(|item| (item.label, item.insert));
        (start, pairs.collect())
    }

    /// What can stand behind a command; `start` is where its argument begins.
    fn offers_of_command(
        &self,
        row: &CommandRow,
        line: &str,
        (start, position): (usize, usize),
    ) -> (usize, Vec<(String, String)>) {
        let argument = line.get(start..position).unwrap_or_default();
        let last_word = argument.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let (word_start, word) = (start + last_word, &argument[last_word..]);
        let pairs = |names: Vec<String>| names.into_iter().map(|n| (n.clone(), n)).collect();
        let words = |words: &[&str]| {
            let words = words.iter().filter(|known| known.starts_with(word));
            words
                .map(|known| ((*known).to_owned(), (*known).to_owned()))
                .collect()
        };
        match row.takes {
            Takes::Nothing => (position, Vec::new()),
            Takes::Expression => {
                let text = line.get(start..).unwrap_or_default();
                let (begin, items) = self.offers_of_language(text, position - start);
                (start + begin, items)
            }
            Takes::Name => (start, pairs(matching(self.scene.documented(), argument))),
            Takes::Subject => (word_start, pairs(matching(&self.scene.subjects, word))),
            Takes::Entered => (start, pairs(matching(&self.scene.entered, argument))),
            Takes::Policy => (start, files::offers(argument, files::Kind::Policy)),
            Takes::Snapshot => (start, files::offers(argument, files::Kind::Snapshot)),
            Takes::NewFile => (start, files::offers(argument, files::Kind::Any)),
            Takes::Setting => match argument.split_once(' ') {
                None => {
                    let names: Vec<&str> = SETTINGS.iter().map(|row| row.name).collect();
                    (word_start, words(&names))
                }
                Some((name, _)) => {
                    let row = SETTINGS.iter().find(|row| row.name == name.trim());
                    (
                        word_start,
                        row.map_or_else(Vec::new, |row| words(row.words)),
                    )
                }
            },
            Takes::Words(known) => (word_start, words(known)),
            Takes::Command => {
                let names: Vec<&str> = COMMANDS.iter().map(|row| row.name).collect();
                (word_start, words(&names))
            }
        }
    }
}

/// The command of a line whose argument is being typed, and where that begins.
pub(super) fn argument_of(before: &str) -> Option<(&'static CommandRow, usize)> {
    let trimmed = before.trim_start().strip_prefix(':')?;
    let indent = before.len() - trimmed.len();
    let (word, rest) = trimmed.split_once(char::is_whitespace)?;
    let row = command::find(word.trim_end_matches('!')).ok()?;
    let blanks = rest.len() - rest.trim_start().len();
    let gap = trimmed.len() - word.len() - rest.len();
    Some((row, indent + word.len() + gap + blanks))
}

/// The commands that begin so, with their colon.
fn commands(before: &str) -> Vec<(String, String)> {
    let names = COMMANDS.iter().map(|row| format!(":{}", row.name));
    let meant = names.filter(|name| name.starts_with(before));
    meant.map(|name| (name.clone(), name)).collect()
}

/// The names that begin so, in the order in which people count; of very many only some.
fn matching<S: AsRef<str>>(names: impl IntoIterator<Item = S>, begin: &str) -> Vec<String> {
    let names = names.into_iter();
    let meant = names.filter(|name| name.as_ref().starts_with(begin));
    let meant = meant.take(OFFERED_MAX).map(|name| name.as_ref().to_owned());
    let mut meant: Vec<String> = meant.collect();
    meant.sort_by(|left, right| natural_order::compare(left, right));
    meant
}

impl Helper for Prompt {}

impl Completer for Prompt {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        if self.is_silent.get() {
            return Ok((position, Vec::new()));
        }
        let (start, offers) = self.offers(line, position);
        // A name that a terminal would obey cannot be typed either.
        let offers = offers
            .into_iter()
            .filter(|(_, text)| *visible(text) == *text.as_str());
        let pairs = offers.map(|(display, replacement)| Pair {
            display,
            replacement,
        });
        Ok((start, pairs.collect()))
    }
}

impl Hint for Rest {
    fn display(&self) -> &str {
        &self.text
    }

    fn completion(&self) -> Option<&str> {
        self.can_be_taken.then_some(&self.text)
    }
}

impl Hinter for Prompt {
    type Hint = Rest;

    fn hint(&self, line: &str, position: usize, _: &Context<'_>) -> Option<Rest> {
        let is_at_end = position == line.len() && !line.ends_with('\n');
        // Where nothing is dimmed it would be taken for what was typed.
        let is_shown = self.coloured && !self.is_silent.get();
        if !is_shown || !is_at_end || line.trim().is_empty() {
            return None;
        }
        hints::rest(self, line)
    }
}

impl Highlighter for Prompt {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.coloured || self.is_silent.get() {
            return Cow::Borrowed(line);
        }
        if !line.trim_start().starts_with(':') {
            return Cow::Owned(colours::of_language(line, &self.analysed(line)));
        }
        let of_language = |row: &CommandRow| row.takes == Takes::Expression || row.name == "time";
        let (is_of_language, start) = match argument_of(line) {
            Some((row, start)) => (of_language(row), start),
            None => (false, line.len()),
        };
        let (head, rest) = line.split_at(start);
        let head = colours::of_command(head);
        Cow::Owned(match is_of_language {
            true => head + &colours::of_language(rest, &self.analysed(rest)),
            false => head + rest,
        })
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(colours::dimmed(hint))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.coloured && kind != CmdKind::MoveCursor
    }
}

impl Validator for Prompt {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        let is_whole = self.is_silent.get()
            || text.trim_start().starts_with(':')
            || begun::is_ended(text)
            || text.lines().next_back().is_some_and(command::is_one)
            || begun::status(text) != ReplStatus::Incomplete;
        Ok(match is_whole {
            true => ValidationResult::Valid(None),
            false => ValidationResult::Incomplete,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Prompt;
    use crate::command::repl::scene::Scene;

    fn offers(line: &str) -> (usize, Vec<String>) {
        let mut prompt = Prompt::new(false);
        let mut scene = Scene::default();
        let subjects = ["hot_folder", "s1", "fo1", "fo10", "fo2"];
        scene.subjects = subjects.map(String::from).into();
        scene.entered = vec!["#2".to_owned()];
        prompt.see(scene);
        let (start, offers) = prompt.offers(line, line.len());
        (start, offers.into_iter().map(|(_, text)| text).collect())
    }

    #[test]
    fn commands_and_what_stands_behind_them_are_completed() {
        let offered = |line| offers(line).1;
        assert_eq!(offers(":wh"), (0, vec![":why".into(), ":whynot".into()]));
        assert_eq!(
            offers(":why fo"),
            (5, vec!["fo1".into(), "fo2".into(), "fo10".into()])
        );
        assert_eq!(offers(":whynot hot_folder s"), (19, vec!["s1".into()]));
        assert_eq!(offered(":forget "), ["#2"]);
        assert_eq!(offered(":set ke"), ["keys"]);
        assert_eq!(offered(":set keys v"), ["vi"]);
        assert_eq!(offered(":at p"), ["prev"]);
        assert_eq!(offered(":help unw"), ["unwatch"]);
        assert_eq!(offers(":type true => bal"), (14, vec!["balance".into()]));
        assert!(offered(":plan ").is_empty());
        assert!(offered(":doc bala").contains(&"balance".to_owned()));
    }
}

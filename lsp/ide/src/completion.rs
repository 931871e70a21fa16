//! What can stand at the cursor, told by the words before it: works in broken text.

mod item;
mod modules;
mod offers;
mod place;

use std::cell::OnceCell;

use plasma_check::Files;
use plasma_diagnostic::{Edit, Span};
use plasma_syntax::{Lexeme, LexemeKind, lexemes};

use crate::Analysis;
use crate::vicinity::lexemes_near;
use item::open_item;
use offers::Offers;
use place::place;

/// What an item stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A word of the language.
    Keyword,
    /// An actor type.
    Type,
    /// A property of an actor.
    Property,
    /// A function of an actor.
    Function,
    /// A metric or a statistic.
    Metric,
    /// A behavior.
    Behavior,
    /// A variable.
    Variable,
    /// A parameter.
    Param,
    /// A definition.
    Definition,
    /// A rule.
    Rule,
    /// A module.
    Module,
    /// A value of the attached cluster.
    Value,
}

/// Something that can stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletionItem {
    /// What is shown and, if it is typed, matched.
    pub label: String,
    /// What it stands for.
    pub kind: CompletionKind,
    /// Its type, unit or signature.
    pub detail: String,
    /// Its documentation, in markdown.
    pub docs: String,
    /// What is inserted.
    pub insert: String,
    /// The same with its arguments, `${1:name}` where each goes, for those who can insert snippets;
    /// `None` if it takes none, or if they are there already.
    pub snippet: Option<String>,
    /// What is replaced: the word before the cursor.
    pub replace: Span,
    /// What else is changed, elsewhere: the `use` of a module.
    pub also: Option<Edit>,
}

/// What can stand at a byte of the document.
pub fn completion(analysis: &Analysis, offset: u32) -> Vec<CompletionItem> {
    among(analysis, offset, lexemes_near(analysis, offset), None)
}

/// The same, with modules that could be used besides those that are.
pub fn completion_with_modules(
    analysis: &Analysis,
    offset: u32,
    files: &dyn Files,
) -> Vec<CompletionItem> {
    let near = lexemes_near(analysis, offset);
    among(analysis, offset, near, Some(files))
}

/// What can stand at a byte of the document, told by these of its lexemes.
fn among<'t>(
    analysis: &'t Analysis,
    offset: u32,
    mut all: Vec<Lexeme<'t>>,
    files: Option<&dyn Files>,
) -> Vec<CompletionItem> {
    if all.iter().any(|lexeme| is_inside(lexeme, offset)) {
        return Vec::new();
    }
    all.retain(|lexeme| !matches!(lexeme.kind, LexemeKind::Comment { .. }));
    let cursor = Cursor::new(&all, offset, analysis.text());
    let item = open_item(cursor.before);
    let start = cursor.word.map_or(offset, |word| word.start);
    let mut offers = Offers {
        analysis,
        cursor: &cursor,
        rule: item.lexemes,
        replace: Span::new(analysis.file, start.min(offset), offset),
        files,
        unused: OnceCell::new(),
        items: Vec::new(),
    };
    offers.fill(place(item));
    offers.items
}

/// The lexemes around the cursor.
struct Cursor<'a, 't> {
    /// What stands before the word at the cursor, without comments.
    before: &'a [Lexeme<'t>],
    /// The word that the cursor is in, or at an end of.
    word: Option<Lexeme<'t>>,
    /// Whether that word occurs elsewhere in the text, once it is known.
    is_word_elsewhere: OnceCell<bool>,
    text: &'t str,
    /// Whether `(` follows.
    has_arguments: bool,
}

impl<'a, 't> Cursor<'a, 't> {
    /// Among the lexemes near it, without comments.
    fn new(code: &'a [Lexeme<'t>], offset: u32, text: &'t str) -> Cursor<'a, 't> {
        let word = code
            .iter()
            .find(|lexeme| lexeme.is_word() && (lexeme.start..=lexeme.end()).contains(&offset));
        let word = word.copied();
        let start = word.map_or(offset, |word| word.start);
        let end = word.map_or(offset, |word| word.end());
        let (before, rest) = code.split_at(code.partition_point(|l| l.start < start));
        Cursor {
            before,
            word,
            is_word_elsewhere: OnceCell::new(),
            text,
            has_arguments: rest
                .iter()
                .find(|l| l.start >= end)
                .is_some_and(|l| l.text == "("),
        }
    }

    /// Whether this is the word at the cursor, known from there alone: it may be half typed.
    fn is_only_here(&self, name: &str) -> bool {
        let word = self.word.filter(|word| word.text == name);
        word.is_some_and(|word| {
            !self
                .is_word_elsewhere
                .get_or_init(|| self.is_elsewhere(word))
        })
    }

    fn is_elsewhere(&self, word: Lexeme<'_>) -> bool {
        let all = lexemes(self.text);
        let mut same = all.iter().filter(|l| l.is_word() && l.text == word.text);
        same.any(|l| l.start != word.start)
    }
}

/// Whether what is typed at the cursor belongs to this lexeme, and it is no word.
fn is_inside(lexeme: &Lexeme<'_>, offset: u32) -> bool {
    let goes_on = match lexeme.kind {
        LexemeKind::Word => return false,
        LexemeKind::Number | LexemeKind::Bad => true,
        LexemeKind::Comment { goes_on } => goes_on,
        LexemeKind::Text | LexemeKind::Sign => false,
    };
    lexeme.start < offset && (offset < lexeme.end() || goes_on && offset == lexeme.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Surroundings;

    /// Items of all kinds, of which some are cut.
    const ITEMS: [&str; 12] = [
        "actor Folder { files: [File]; fn open; }\n",
        "actor File { fn read;\n",
        "param high = 80%;\n",
        "param low = \n",
        "use lib.hot with { share = 3% };\n",
        "def busy(s: server) = s.cpu.perc > high;\n",
        "/// Hot.\nrule hot [priority 3]: busy(server(s)) and /* why */ server.mem > 3 => drain(s); pin(Folder(f));\n",
        "rule cut: Folder(f).cpu.perc > and File(x) in ref(f.\n",
        "Folder(f).cpu > 3 => reserve(f, \n",
        "server.cpu.perc > 3 => balance({Folder, File}, cpu);\n",
        "require separate(Folder(a), Folder(b)) where a != b;\n",
        "test \"t\" { server s1 { cpu: 90% } expect drain(s1) by hot; }\n",
    ];

    #[test]
    fn what_is_far_away_changes_nothing() {
        let mut text = String::new();
        for round in 0..3 * ITEMS.len() {
            // Every item stands beside every other one, sooner or later.
            text.push_str(ITEMS[(round * 7 + round / ITEMS.len() * 5) % ITEMS.len()]);
        }
        let analysis = Analysis::new("a.plasma", text.as_str(), &Surroundings::default());
        for offset in (0..=text.len() as u32).filter(|at| text.is_char_boundary(*at as usize)) {
            let near = completion(&analysis, offset);
            let all = among(&analysis, offset, lexemes(&text), None);
            assert_eq!(near, all, "at {offset}: {:?}", &text[..offset as usize]);
        }
    }
}

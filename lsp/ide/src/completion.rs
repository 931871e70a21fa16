//! What can stand at the cursor, told by the words before it: works in broken text.

mod item;
mod offers;
mod place;

use plasma_diagnostic::Span;
use plasma_syntax::{Lexeme, LexemeKind, lexemes};

use crate::Analysis;
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
}

/// What can stand at a byte of the document.
pub fn completion(analysis: &Analysis, offset: u32) -> Vec<CompletionItem> {
    let mut all = lexemes(analysis.text());
    if all.iter().any(|lexeme| is_inside(lexeme, offset)) {
        return Vec::new();
    }
    all.retain(|lexeme| !matches!(lexeme.kind, LexemeKind::Comment { .. }));
    let cursor = Cursor::new(&all, offset);
    let item = open_item(cursor.before);
    let start = cursor.word.map_or(offset, |word| word.start);
    let mut offers = Offers {
        analysis,
        cursor: &cursor,
        rule: item.lexemes,
        replace: Span::new(analysis.file, start.min(offset), offset),
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
    /// Whether that word occurs elsewhere in the text.
    is_word_elsewhere: bool,
    /// Whether `(` follows.
    has_arguments: bool,
}

impl<'a, 't> Cursor<'a, 't> {
    /// Among the lexemes of the text without its comments.
    fn new(code: &'a [Lexeme<'t>], offset: u32) -> Cursor<'a, 't> {
        let word = code
            .iter()
            .find(|lexeme| lexeme.is_word() && (lexeme.start..=lexeme.end()).contains(&offset));
        let word = word.copied();
        let start = word.map_or(offset, |word| word.start);
        let end = word.map_or(offset, |word| word.end());
        let (before, rest) = code.split_at(code.partition_point(|l| l.start < start));
        let mut same = code.iter().filter(|l| l.is_word());
        Cursor {
            before,
            word,
            is_word_elsewhere: same
                .any(|l| Some(l.text) == word.map(|w| w.text) && l.start != start),
            has_arguments: rest
                .iter()
                .find(|l| l.start >= end)
                .is_some_and(|l| l.text == "("),
        }
    }

    /// Whether this is the word at the cursor, known from there alone: it may be half typed.
    fn is_only_here(&self, name: &str) -> bool {
        self.word.is_some_and(|word| word.text == name) && !self.is_word_elsewhere
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

//! Another name for what the name at a cursor stands for, wherever the workspace names it.
//!
//! A renaming is refused unless everything means afterwards what it meant before: each document that
//! has a part in it is analysed again with the changed texts, and the names in it must fall into the
//! same things, with the same diagnostics. That finds names that are taken, hidden or captured without
//! knowing the rules of each kind of name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_check::Named;
use plasma_diagnostic::Code;
use plasma_model::{aggregate_row, behavior_row, metric_row, window_function_row};
use plasma_syntax::{Lexeme, LexemeKind, lexemes};

use crate::keywords::keyword;
use crate::{Analysis, Index, Place, References, ThingKind, references};

/// What names of the library's files begin with.
const LIBRARY: &str = "std.";

/// Words that stand for themselves wherever they stand, except behind a point and as names of members.
const RESERVED: [&str; 9] = [
    "true", "false", "and", "or", "not", "in", "client", "server", "any",
];

/// A name that can be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renameable {
    /// The name at the cursor.
    pub place: Place,
    /// Its letters.
    pub name: Arc<str>,
}

/// A change of a name in all places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    /// The name after it.
    pub new_name: String,
    /// The places of the name before, by file, in order.
    places: BTreeMap<Arc<str>, Vec<Place>>,
}

impl Renaming {
    /// The places of the name, by file, in order.
    pub fn places(&self) -> impl Iterator<Item = (&Arc<str>, &[Place])> {
        self.places.iter().map(|(file, places)| (file, &**places))
    }

    /// The text of a file after it.
    pub fn applied(&self, file: &str, text: &str) -> String {
        let mut changed = text.to_owned();
        for place in self.places.get(file).into_iter().flatten().rev() {
            let range = place.start as usize..place.end as usize;
            if changed.get(range.clone()).is_some() {
                changed.replace_range(range, &self.new_name);
            }
        }
        changed
    }

    /// Whether it changes a file.
    fn changes(&self, file: &str) -> bool {
        self.places.contains_key(file)
    }

    /// Where a place is after it.
    fn moved(&self, place: &Place) -> Place {
        let places = self.places.get(&place.file).map_or(&[][..], Vec::as_slice);
        let length = self.new_name.len() as i64;
        let moved_by = |offset: u32| {
            let before = places.iter().take_while(|place| place.end <= offset);
            let growth = before.map(|place| length - i64::from(place.end - place.start));
            (i64::from(offset) + growth.sum::<i64>()) as u32
        };
        Place {
            file: Arc::clone(&place.file),
            start: moved_by(place.start),
            end: moved_by(place.end),
        }
    }
}

/// The name at a byte of a document, if it can be changed; `None` where there is no name.
///
/// # Errors
///
/// Why it cannot be changed, for people.
pub fn prepare_rename(
    analysis: &Analysis,
    indexes: &[Arc<Index>],
    offset: u32,
) -> Result<Option<Renameable>, String> {
    let file = analysis.sources.name(analysis.file);
    let Some(found) = references(indexes, file, offset) else {
        return match unnamed_word(analysis, offset) {
            Some((word, true)) => Err(format!("`{word}` is a word of the language")),
            Some((word, false)) => Err(format!("it is not known what `{word}` stands for")),
            None => Ok(None),
        };
    };
    refuse_fixed(indexes, &found)?;
    Ok(Some(Renameable {
        place: found.origin,
        name: found.name,
    }))
}

/// The change of the name at a byte of a document. `again` analyses a document with the texts that
/// the change leaves.
///
/// # Errors
///
/// Why the name cannot be changed, or cannot be changed to this one, for people.
pub fn rename(
    analysis: &Analysis,
    indexes: &[Arc<Index>],
    offset: u32,
    new_name: &str,
    again: &mut dyn FnMut(&str, &Renaming) -> Option<Index>,
) -> Result<Renaming, String> {
    let file = analysis.sources.name(analysis.file);
    let Some(renameable) = prepare_rename(analysis, indexes, offset)? else {
        return Err("there is no name here".to_owned());
    };
    let Some(found) = references(indexes, file, offset) else {
        return Err("there is no name here".to_owned());
    };
    refuse_spelling(found.kind, &renameable.name, new_name)?;
    let mut places: BTreeMap<Arc<str>, Vec<Place>> = BTreeMap::new();
    for place in found.places(true) {
        let of_file = places.entry(Arc::clone(&place.file)).or_default();
        of_file.push(place.clone());
    }
    let renaming = Renaming {
        new_name: new_name.to_owned(),
        places,
    };
    if *new_name == *renameable.name {
        return Ok(renaming);
    }
    for index in indexes {
        if !index.files.iter().any(|file| renaming.changes(file)) {
            continue;
        }
        let after = again(&index.file, &renaming);
        let after = after.ok_or_else(|| format!("`{}` cannot be read", index.file))?;
        refuse_change(index, &after, &renaming)?;
    }
    Ok(renaming)
}

/// Why a thing keeps its name.
fn refuse_fixed(indexes: &[Arc<Index>], found: &References) -> Result<(), String> {
    let name = &found.name;
    if found.kind == ThingKind::Module {
        let file = found.declarations().next().map_or("", |place| &*place.file);
        return Err(format!(
            "`{name}` is the module `{file}`: it is called as its file is"
        ));
    }
    let of_library = found.occurrences.keys();
    let mut of_library = of_library.filter(|place| place.file.starts_with(LIBRARY));
    if let Some(place) = of_library.next() {
        return Err(format!(
            "`{name}` belongs to the standard library (`{}`)",
            place.file
        ));
    }
    let is_set = |index: &Arc<Index>| {
        let mut set = index.set_by_project.iter();
        set.any(|place| found.occurrences.contains_key(place))
    };
    if indexes.iter().any(is_set) {
        return Err(format!(
            "`{name}` is set in the project's plasma.toml, which would not follow: rename it there first"
        ));
    }
    Ok(())
}

/// Why no name of this kind can be spelled so.
fn refuse_spelling(kind: ThingKind, old: &str, new: &str) -> Result<(), String> {
    let is_word = match &*lexemes(new) {
        [lexeme] => lexeme.kind == LexemeKind::Word && lexeme.text == new,
        _ => false,
    };
    if !is_word {
        return Err(format!(
            "`{new}` is no name: letters, digits and `_`, with a letter first"
        ));
    }
    // Behind a point and before a colon, any word may stand.
    if matches!(kind, ThingKind::Property | ThingKind::Function) {
        return Ok(());
    }
    if RESERVED.contains(&new) {
        return Err(format!("`{new}` is a word of the language"));
    }
    let is_upper = |name: &str| name.starts_with(|c: char| c.is_ascii_uppercase());
    match (is_upper(old), is_upper(new)) {
        (true, false) => {
            return Err(format!(
                "`{new}` must begin with an upper-case letter, as {} does",
                subject(kind, true)
            ));
        }
        (false, true) => {
            return Err(format!(
                "`{new}` must begin with a lower-case letter, as {} does",
                subject(kind, false)
            ));
        }
        _ => {}
    }
    if kind == ThingKind::Definition && is_called(new) {
        return Err(format!("`{new}` is a word of the language"));
    }
    Ok(())
}

fn subject(kind: ThingKind, is_upper: bool) -> &'static str {
    match kind {
        ThingKind::Param if is_upper => "a parameter that stands for an actor type",
        _ => kind.noun(),
    }
}

/// Why a document would mean something else.
fn refuse_change(before: &Index, after: &Index, renaming: &Renaming) -> Result<(), String> {
    let new_name = &renaming.new_name;
    let problems = before.problems.iter();
    let known: BTreeSet<(Place, Code)> = problems
        .map(|(place, code, _)| (renaming.moved(place), *code))
        .collect();
    let mut problems = after.problems.iter();
    let is_new =
        |(place, code, _): &&(Place, Code, String)| !known.contains(&(place.clone(), *code));
    if let Some((place, _, message)) = problems.find(is_new) {
        let file = &place.file;
        return Err(format!(
            "`{new_name}` cannot be the name: {file}: {message}"
        ));
    }
    let meant = |index: &Index, moved: &dyn Fn(&Place) -> Place| -> BTreeSet<_> {
        let things = index.things.iter();
        let things = things.map(|thing| {
            let places = thing.occurrences.keys();
            (places.map(moved).collect::<Vec<_>>(), thing.kind)
        });
        things.collect()
    };
    let expected = meant(before, &|place| renaming.moved(place));
    let found = meant(after, &Place::clone);
    let Some((places, kind)) = found.symmetric_difference(&expected).next() else {
        return Ok(());
    };
    let file = places.first().map_or(&*before.file, |place| &*place.file);
    Err(format!(
        "`{new_name}` is taken: {} in `{file}` would mean something else",
        kind.noun()
    ))
}

/// The word at a byte that is no name of a policy's own, and whether the language gives it its meaning.
fn unnamed_word(analysis: &Analysis, offset: u32) -> Option<(&str, bool)> {
    let named = analysis.checked.name_at(analysis.file, offset);
    if let Some((span, named)) = named.filter(|(_, n)| !matches!(n, Named::Figure { .. })) {
        let is_fixed = !matches!(named, Named::Variable { .. });
        return Some((analysis.sources.slice(*span), is_fixed));
    }
    let lexemes = lexemes(analysis.text());
    let touched =
        |lexeme: &&Lexeme<'_>| lexeme.is_word() && (lexeme.start..=lexeme.end()).contains(&offset);
    let word = lexemes.iter().find(touched)?.text;
    let is_fixed = keyword(word).is_some()
        || RESERVED.contains(&word)
        || metric_row(word).is_some()
        || is_called(word);
    Some((word, is_fixed))
}

/// Whether a word means something of its own where a parenthesis follows.
fn is_called(word: &str) -> bool {
    behavior_row(word).is_some()
        || aggregate_row(word).is_some()
        || window_function_row(word).is_some()
}

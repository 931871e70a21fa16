//! The policy at a prompt: the one loaded and the statements entered since. They are checked as one
//! text, whose places lead back to where they were typed.

use std::path::{Path, PathBuf};

use plasma_diagnostic::{Diagnostic, FileId, SourceMap, Span};
use plasma_syntax::tree::{Item, Tree};

use crate::policy_file::PolicyFile;

/// What diagnostics call the statement being answered.
pub(super) const PROMPT_NAME: &str = "<prompt>";

/// The policy loaded, and what was entered since.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy {
    /// Where the policy loaded lies.
    path: Option<PathBuf>,
    loaded: Option<Piece>,
    entered: Vec<Piece>,
    /// How many statements were kept so far, those forgotten included.
    kept_total: usize,
}

/// One text of it, with the name that diagnostics show.
#[derive(Clone, Debug)]
struct Piece {
    name: String,
    text: String,
}

/// The whole policy as one file of a source map, beside a file for each text that it is made of.
pub(super) struct Whole {
    /// The one text.
    pub(super) file: FileId,
    /// Each piece's file, where it begins in the whole, and its length.
    pieces: Vec<(FileId, u32, u32)>,
}

impl Policy {
    /// A policy as it was loaded.
    pub(super) fn loaded(file: PolicyFile) -> Policy {
        Policy {
            path: file.path,
            loaded: Some(Piece {
                name: file.name,
                text: file.text,
            }),
            ..Policy::default()
        }
    }

    /// Where the policy loaded lies, which decides on its project.
    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The name of the policy loaded.
    pub(super) fn name(&self) -> &str {
        self.loaded
            .as_ref()
            .map_or(PROMPT_NAME, |piece| &piece.name)
    }

    /// The same statements after the policy loaded as it is now.
    pub(super) fn reloaded(&self, file: PolicyFile) -> Policy {
        Policy {
            entered: self.entered.clone(),
            kept_total: self.kept_total,
            ..Policy::loaded(file)
        }
    }

    /// What it was loaded from, as it was typed; `None` if nothing was loaded.
    pub(super) fn source(&self) -> Option<&str> {
        self.loaded.as_ref().map(|piece| piece.name.as_str())
    }

    /// With one more statement, not kept yet.
    pub(super) fn with(&self, statement: &str) -> Policy {
        let mut policy = self.clone();
        policy.entered.push(Piece {
            name: PROMPT_NAME.to_owned(),
            text: statement.to_owned(),
        });
        policy
    }

    /// Keeps the last statement: from now on the prompt is another one.
    pub(super) fn keep(&mut self) {
        self.kept_total += 1;
        if let Some(last) = self.entered.last_mut() {
            last.name = format!("<prompt {}>", self.kept_total);
        }
    }

    /// All of it as one text.
    pub(super) fn text(&self) -> String {
        let texts: Vec<&str> = self.pieces().map(|piece| piece.text.as_str()).collect();
        texts.join("\n")
    }

    fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.loaded.iter().chain(&self.entered)
    }

    /// Adds the whole and its pieces to a source map.
    pub(super) fn add_to(&self, sources: &mut SourceMap) -> Whole {
        let mut start = 0;
        let mut pieces = Vec::new();
        for piece in self.pieces() {
            let file = sources.add(piece.name.as_str(), piece.text.as_str());
            let length = piece.text.len() as u32;
            pieces.push((file, start, length));
            start += length + 1;
        }
        let file = sources.add(self.name(), self.text());
        Whole { file, pieces }
    }

    /// The names of its rules; and those of what was entered.
    pub(super) fn names(&self) -> (Vec<String>, Vec<String>) {
        let tree = plasma_syntax::parse(FileId(0), self.text()).tree;
        let loaded = self.loaded.as_ref().map_or(0, |piece| piece.text.len());
        let names = item_names(&tree);
        let named = tree.items().iter().zip(names);
        let is_rule = |item: &Item| matches!(item, Item::Rule(_) | Item::Require(_));
        let rules = named.clone().filter(|(item, _)| is_rule(item));
        let entered = named.filter(|(item, _)| item.span().start as usize >= loaded);
        (
            rules.map(|(_, name)| name).collect(),
            entered.map(|(_, name)| name).collect(),
        )
    }

    /// Without the item of that name, among those entered: a rule (`#3` is the third of all rules),
    /// a requirement (`require#1`), a limit (`limit#1`), a parameter, a definition, a module or an actor
    /// type. What stands before it in its statement (a comment) goes with it.
    ///
    /// # Errors
    /// Why there is no such item.
    pub(super) fn without(&self, name: &str) -> Result<Policy, String> {
        let tree = plasma_syntax::parse(FileId(0), self.text()).tree;
        let names = item_names(&tree);
        let Some(place) = names.iter().rposition(|known| known == name) else {
            let meant = plasma_diagnostic::did_you_mean(name, names.iter().map(String::as_str));
            return Err(match meant {
                Some(meant) => format!("there is no `{name}`; did you mean `{meant}`?"),
                None => format!("there is no rule, parameter or actor type `{name}`"),
            });
        };
        let end_of = |item: &Item| item.span().end as usize;
        let before = place
            .checked_sub(1)
            .and_then(|place| tree.items().get(place));
        let from = before.map_or(0, end_of);
        let to = tree.items().get(place).map_or(from, end_of);
        self.without_text(from, to).ok_or_else(|| {
            format!(
                "`{name}` is of {}; `:load` another policy instead",
                self.name()
            )
        })
    }

    /// Without the bytes `from..to` of the whole, as far as they are of the statement that ends
    /// there; `None` if that is the policy loaded.
    fn without_text(&self, from: usize, to: usize) -> Option<Policy> {
        let mut policy = self.clone();
        let mut start = self.loaded.as_ref().map_or(0, |piece| piece.text.len() + 1);
        for (place, piece) in self.entered.iter().enumerate() {
            let end = start + piece.text.len();
            if (start..=end).contains(&to) && to > start {
                let head = piece.text.get(..from.saturating_sub(start))?;
                let tail = piece.text.get(to - start..)?;
                let left = format!("{head}{tail}");
                let is_empty = plasma_syntax::parse(FileId(0), left.as_str())
                    .tree
                    .items()
                    .is_empty();
                match is_empty {
                    true => drop(policy.entered.remove(place)),
                    false => policy.entered[place].text = left.trim().to_owned(),
                }
                return Some(policy);
            }
            start = end + 1;
        }
        None
    }
}

/// What each item is called at the prompt.
fn item_names(tree: &Tree) -> Vec<String> {
    let (mut rules, mut requirements, mut limits, mut allows) = (0, 0, 0, 0);
    let name = |item: &Item| {
        let name = match item {
            Item::Actor(actor) => actor.name,
            Item::Param(param) => param.name,
            Item::Use(module) => module.name(),
            Item::Def(definition) => Some(definition.name),
            Item::Rule(rule) => {
                rules += 1;
                rule.name()
            }
            Item::Require(_) => {
                requirements += 1;
                return format!("require#{requirements}");
            }
            Item::Limit(_) => {
                limits += 1;
                return format!("limit#{limits}");
            }
            Item::Test(test) => return tree.text_value(test.name),
            Item::Allow(_) => {
                allows += 1;
                return format!("allow#{allows}");
            }
        };
        name.map_or_else(|| format!("#{rules}"), |name| tree.name(name).to_owned())
    };
    tree.items().iter().map(name).collect()
}

impl Whole {
    /// The file of the last statement entered.
    pub(super) fn last(&self) -> Option<FileId> {
        self.pieces.last().map(|(file, ..)| *file)
    }

    /// Lets diagnostics about the whole point to where its pieces were written.
    pub(super) fn lead_back(&self, diagnostics: &mut [Diagnostic]) {
        for diagnostic in diagnostics {
            self.lead_back_span(&mut diagnostic.primary);
            for label in &mut diagnostic.labels {
                self.lead_back_span(&mut label.span);
            }
            for edit in diagnostic.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
                self.lead_back_span(&mut edit.span);
            }
        }
    }

    /// Lets a place in the whole point to where it was written.
    pub(super) fn lead_back_span(&self, span: &mut Span) {
        if span.file != self.file {
            return;
        }
        let after = self
            .pieces
            .partition_point(|(_, start, _)| *start <= span.start);
        if let Some((file, start, length)) = self.pieces.get(after.saturating_sub(1)) {
            let place = |offset: u32| offset.saturating_sub(*start).min(*length);
            *span = Span::new(*file, place(span.start), place(span.end));
        }
    }
}

#[cfg(test)]
mod tests {
    use plasma_diagnostic::{FileId, SourceMap, Span};

    use super::Policy;
    use crate::policy_file::PolicyFile;

    fn policy() -> Policy {
        let loaded = Policy::loaded(PolicyFile {
            name: "a.plasma".into(),
            path: None,
            text: "param low = 5%;\n".into(),
        });
        let mut policy = loaded.with("rule a: true => pin(A(a));");
        policy.keep();
        policy.with("/* two */ true => pin(A(b)); actor A { fn x; }")
    }

    #[test]
    fn places_lead_back_to_where_they_were_typed() {
        let mut sources = SourceMap::new();
        let whole = policy().add_to(&mut sources);
        let text = sources.text(whole.file).to_owned();
        let place = |found: &str| {
            let start = text.find(found).unwrap_or_default() as u32;
            let mut span = Span::new(whole.file, start, start + found.len() as u32);
            whole.lead_back_span(&mut span);
            let position = sources.position(span.file, span.start);
            let (name, line, column) = (sources.name(span.file), position.line, position.column);
            format!("{name}:{line}:{column} {}", sources.slice(span))
        };
        assert_eq!(place("5%"), "a.plasma:1:13 5%");
        assert_eq!(place("A(a)"), "<prompt 1>:1:21 A(a)");
        assert_eq!(place("fn x"), "<prompt>:1:40 fn x");
        let mut elsewhere = Span::new(FileId(9), 1, 2);
        whole.lead_back_span(&mut elsewhere);
        assert_eq!(elsewhere, Span::new(FileId(9), 1, 2));
    }

    #[test]
    fn what_was_entered_can_be_forgotten_by_name() {
        let without = |name| policy().without(name).map(|policy| policy.text());
        let loaded = "param low = 5%;\n\n";
        let (a, rest) = (
            "rule a: true => pin(A(a));\n",
            "/* two */ true => pin(A(b)); actor A { fn x; }",
        );
        assert_eq!(without("a"), Ok(format!("{loaded}{rest}")));
        assert_eq!(without("#2"), Ok(format!("{loaded}{a}actor A {{ fn x; }}")));
        assert_eq!(
            without("A"),
            Ok(format!("{loaded}{a}/* two */ true => pin(A(b));"))
        );
        assert_eq!(
            without("low").unwrap_err(),
            "`low` is of a.plasma; `:load` another policy instead"
        );
        assert_eq!(
            without("lwo").unwrap_err(),
            "there is no `lwo`; did you mean `low`?"
        );
    }
}

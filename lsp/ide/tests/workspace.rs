//! Workspaces as fixtures: files behind lines `//- NAME`, one of them with the cursor `$0`, and marks.
//!
//! A name in `«»` is one that is expected; `«+f»` declares it, `«=share»` sets it. Where there is a
//! file `app.plasma`, it is the schema of all others. Modules called `std.NAME` are the library.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_ide::{
    Analysis, Files, Index, ModuleError, ModuleText, Place, Renaming, Role, SchemaText,
    Surroundings,
};

const SCHEMA: &str = "app.plasma";

/// Files, a cursor in one of them, and marked names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) files: BTreeMap<Arc<str>, String>,
    pub(crate) cursor: Option<Place>,
    pub(crate) marks: BTreeMap<Place, Role>,
    pub(crate) params: Vec<(String, String)>,
}

impl Workspace {
    pub(crate) fn new(fixture: &str) -> Workspace {
        let mut workspace = Workspace::default();
        let mut file: Arc<str> = "a.plasma".into();
        let mut text = String::new();
        for line in fixture.split_inclusive('\n') {
            if let Some(name) = line.strip_prefix("//- ") {
                workspace.add(&file, &text);
                file = name.trim().into();
                text.clear();
            } else {
                text.push_str(line);
            }
        }
        workspace.add(&file, &text);
        workspace
    }

    fn add(&mut self, file: &Arc<str>, marked: &str) {
        if marked.is_empty() {
            return;
        }
        let mut text = String::new();
        let mut open: Option<(u32, Role)> = None;
        let mut rest = marked;
        while let Some(c) = rest.chars().next() {
            let at = text.len() as u32;
            let place = |start, end| Place {
                file: Arc::clone(file),
                start,
                end,
            };
            if let Some(after) = rest.strip_prefix("$0") {
                self.cursor = Some(place(at, at));
                rest = after;
                continue;
            }
            rest = &rest[c.len_utf8()..];
            match c {
                '«' => {
                    let (role, sigil) = match rest.as_bytes().first() {
                        Some(b'+') => (Role::Declares, 1),
                        Some(b'=') => (Role::Sets, 1),
                        _ => (Role::Uses, 0),
                    };
                    rest = &rest[sigil..];
                    open = Some((at, role));
                }
                '»' => {
                    let (start, role) = open.take().expect("an open mark");
                    self.marks.insert(place(start, at), role);
                }
                c => text.push(c),
            }
        }
        self.files.insert(Arc::clone(file), text);
    }

    pub(crate) fn cursor(&self) -> (&str, u32) {
        let cursor = self.cursor.as_ref().expect("a cursor");
        (&cursor.file, cursor.start)
    }

    pub(crate) fn analysis(&self, file: &str) -> Analysis {
        let schema = self.files.get(SCHEMA).filter(|_| file != SCHEMA);
        let surroundings = Surroundings {
            schema: schema.map(|text| SchemaText {
                name: SCHEMA.to_owned(),
                text: text.clone(),
            }),
            params: self.params.clone(),
            ..Surroundings::default()
        };
        Analysis::with_modules(file, self.files[file].as_str(), &surroundings, Some(self))
    }

    pub(crate) fn indexes(&self) -> Vec<Arc<Index>> {
        let files = self.files.keys().filter(|file| !file.starts_with("std."));
        files
            .map(|file| Arc::new(Index::new(&self.analysis(file))))
            .collect()
    }

    /// The workspace with a name changed.
    pub(crate) fn renamed(&self, renaming: &Renaming) -> Workspace {
        let files = self.files.iter();
        let files = files.map(|(file, text)| (Arc::clone(file), renaming.applied(file, text)));
        Workspace {
            files: files.collect(),
            ..self.clone()
        }
    }

    /// All files with names in marks.
    pub(crate) fn shown(&self, marks: &BTreeMap<Place, Role>) -> String {
        let mut shown = String::new();
        for (file, text) in &self.files {
            let mut text = text.clone();
            let marks = marks.iter().filter(|(place, _)| place.file == *file);
            for (place, role) in marks.rev() {
                let sigil = match role {
                    Role::Declares => "+",
                    Role::Sets => "=",
                    Role::Uses => "",
                };
                text.insert(place.end as usize, '»');
                text.insert_str(place.start as usize, &format!("«{sigil}"));
            }
            shown += &format!("//- {file}\n{text}");
        }
        shown
    }

    /// Compares marks with those of the fixture.
    pub(crate) fn expect(&self, marks: &BTreeMap<Place, Role>) {
        pretty(&self.shown(marks), &self.shown(&self.marks));
    }
}

fn pretty(found: &str, expected: &str) {
    assert!(found == expected, "found:\n{found}\nexpected:\n{expected}");
}

impl Files for Workspace {
    fn module(&self, _: &str, path: &[&str]) -> Result<ModuleText, ModuleError> {
        let name = match path {
            ["std", ..] => path.join("."),
            _ => format!("{}.plasma", path.join("/")),
        };
        match self.files.get(name.as_str()) {
            Some(text) => Ok(ModuleText {
                name,
                text: text.as_str().into(),
            }),
            None => Err(ModuleError::Missing {
                place: name,
                known: Vec::new(),
            }),
        }
    }
}

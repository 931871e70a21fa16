//! What the names of a document, and of the files that it takes in, stand for: plain data that
//! outlives the analysis. References, renaming and the hierarchy of uses are found from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_check::Named;
use plasma_check::schema::TypeId;
use plasma_diagnostic::{Code, Span};
use plasma_syntax::tree::{Item, Tree};

use crate::document_symbols::SymbolKind;
use crate::{Analysis, document_symbols};

/// A part of a text of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, by the name under which it was analysed.
    pub file: Arc<str>,
    /// Its first byte.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
}

/// What a name does where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// It declares or introduces what it stands for.
    Declares,
    /// It gives it another value: `with { share = 40% }`.
    Sets,
    /// It uses it.
    Uses,
}

/// What kind of thing a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThingKind {
    /// An actor type.
    Type,
    /// A property of an actor type.
    Property,
    /// A function of an actor type.
    Function,
    /// A variable, or an actor or a server of a test.
    Variable,
    /// A parameter.
    Param,
    /// A definition.
    Definition,
    /// A module.
    Module,
    /// A rule.
    Rule,
}

impl ThingKind {
    /// What it is, for people.
    pub const fn noun(self) -> &'static str {
        match self {
            ThingKind::Type => "an actor type",
            ThingKind::Property => "a property",
            ThingKind::Function => "a function",
            ThingKind::Variable => "a variable",
            ThingKind::Param => "a parameter",
            ThingKind::Definition => "a definition",
            ThingKind::Module => "a module",
            ThingKind::Rule => "a rule",
        }
    }
}

/// One thing, and every place that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// What kind it is.
    pub kind: ThingKind,
    /// Its name.
    pub name: Arc<str>,
    /// Where it is named, in order, each place once.
    pub occurrences: BTreeMap<Place, Role>,
}

/// A rule, a definition, a requirement or a test, with all of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// What it is.
    pub kind: SymbolKind,
    /// How it is called.
    pub name: String,
    /// All of its text.
    pub whole: Place,
    /// Its name in the text.
    pub selection: Place,
}

/// What the names of a document, and of the files that it takes in, stand for.
#[derive(Clone, Debug)]
pub struct Index {
    /// The document.
    pub file: Arc<str>,
    /// Every file that was read for it, itself included.
    pub files: Vec<Arc<str>>,
    /// What is named, in a fixed order.
    pub things: Vec<Thing>,
    /// What holds the names: the items of all files.
    pub owners: Vec<Owner>,
    /// The mistakes and doubts, with what is wrong in one line.
    pub(crate) problems: Vec<(Place, Code, String)>,
    /// The declarations of the parameters that the project sets.
    pub(crate) set_by_project: BTreeSet<Place>,
}

impl Index {
    /// The index of an analysed document.
    pub fn new(analysis: &Analysis) -> Index {
        let sources = &analysis.sources;
        let names: BTreeMap<_, Arc<str>> = sources
            .files()
            .map(|file| (file, Arc::from(sources.name(file))))
            .collect();
        let builder = Builder {
            analysis,
            names,
            declared: analysis.trees().flat_map(declared).collect(),
            set: analysis.trees().flat_map(set).collect(),
            of_any: BTreeSet::new(),
            things: BTreeMap::new(),
        };
        builder.index()
    }

    /// The innermost item that holds a place.
    pub fn owner(&self, place: &Place) -> Option<&Owner> {
        let holds = |owner: &&Owner| {
            let whole = &owner.whole;
            whole.file == place.file && whole.start <= place.start && place.end <= whole.end
        };
        self.owners.iter().find(holds)
    }
}

/// What makes two names stand for one thing, within one analysis.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Type(TypeId),
    Property(Option<TypeId>, Arc<str>),
    Function(Option<TypeId>, Arc<str>),
    Variable(Span),
    Param(Span),
    Definition(Span),
    Module(usize),
    Rule(usize),
}

impl Key {
    fn kind(&self) -> ThingKind {
        match self {
            Key::Type(_) => ThingKind::Type,
            Key::Property(..) => ThingKind::Property,
            Key::Function(..) => ThingKind::Function,
            Key::Variable(_) => ThingKind::Variable,
            Key::Param(_) => ThingKind::Param,
            Key::Definition(_) => ThingKind::Definition,
            Key::Module(_) => ThingKind::Module,
            Key::Rule(_) => ThingKind::Rule,
        }
    }
}

/// A thing as far as it was found.
#[derive(Default)]
struct Found {
    name: Arc<str>,
    occurrences: BTreeMap<Place, Role>,
}

struct Builder<'a> {
    analysis: &'a Analysis,
    names: BTreeMap<plasma_diagnostic::FileId, Arc<str>>,
    /// Where items and members declare their names.
    declared: BTreeSet<Span>,
    /// Where a `with` names a parameter.
    set: BTreeSet<Span>,
    /// Properties and functions that some rule asks of `any`: those of all types are then one.
    of_any: BTreeSet<Key>,
    things: BTreeMap<Key, Found>,
}

impl Builder<'_> {
    fn index(mut self) -> Index {
        let checked = &self.analysis.checked;
        let of_any = checked.names.iter().filter_map(|(_, named)| match named {
            Named::Property { owner: None, name } => Some(Key::Property(None, Arc::clone(name))),
            Named::Function { owner: None, name } => Some(Key::Function(None, Arc::clone(name))),
            _ => None,
        });
        self.of_any = of_any.collect();
        for (span, named) in &checked.names {
            if let Some(key) = self.key(named) {
                let role = self.role(*span, &key);
                self.add(key, *span, role);
            }
        }
        self.add_schema();
        self.add_modules();
        let things = std::mem::take(&mut self.things).into_iter();
        let things = things.map(|(key, found)| Thing {
            kind: key.kind(),
            name: found.name,
            occurrences: found.occurrences,
        });
        let things = things.collect();
        Index {
            file: self.name(self.analysis.file),
            files: self.names.values().map(Arc::clone).collect(),
            things,
            owners: self.owners(),
            problems: self.problems(),
            set_by_project: self.set_by_project(),
        }
    }

    fn key(&self, named: &Named) -> Option<Key> {
        let program = &self.analysis.checked.program;
        Some(match named {
            Named::Type(id) => Key::Type(*id),
            Named::Variable { introduced, .. } | Named::OfTest { introduced, .. } => {
                Key::Variable(*introduced)
            }
            Named::Property { owner, name } => self.property(*owner, name),
            Named::Function { owner, name } => self.function(*owner, name),
            // One file may be several modules.
            Named::Param(place) => Key::Param(program.params.get(*place)?.span),
            Named::Definition(place) => Key::Definition(program.definitions.get(*place)?.span),
            Named::Module(place) => Key::Module(*place),
            Named::Rule(place) => Key::Rule(*place),
            Named::Any
            | Named::Client
            | Named::Server { .. }
            | Named::Host
            | Named::Behavior(_)
            | Named::Metric(_)
            | Named::Statistic(..)
            | Named::Resource(_)
            | Named::Figure { .. } => return None,
        })
    }

    fn property(&self, owner: Option<TypeId>, name: &Arc<str>) -> Key {
        let of_any = Key::Property(None, Arc::clone(name));
        match self.of_any.contains(&of_any) {
            true => of_any,
            false => Key::Property(owner, Arc::clone(name)),
        }
    }

    fn function(&self, owner: Option<TypeId>, name: &Arc<str>) -> Key {
        let of_any = Key::Function(None, Arc::clone(name));
        match self.of_any.contains(&of_any) {
            true => of_any,
            false => Key::Function(owner, Arc::clone(name)),
        }
    }

    fn role(&self, span: Span, key: &Key) -> Role {
        let introduces = matches!(key, Key::Variable(introduced) if *introduced == span);
        if introduces || self.declared.contains(&span) {
            Role::Declares
        } else if self.set.contains(&span) {
            Role::Sets
        } else {
            Role::Uses
        }
    }

    fn add(&mut self, key: Key, span: Span, role: Role) {
        let place = self.place(span);
        let found = self.things.entry(key).or_default();
        // All places of a thing hold the same letters, but for the beginning of a module's file.
        if found.name.is_empty() {
            found.name = self.analysis.sources.slice(span).into();
        }
        let known = found.occurrences.entry(place).or_insert(role);
        *known = role.min(*known);
    }

    /// The names that another file declares as the application's schema.
    fn add_schema(&mut self) {
        let schema = self.analysis.schema();
        if !schema.declared {
            return;
        }
        for (place, of_type) in schema.types.iter().enumerate() {
            let id = TypeId(place as u32);
            self.add(Key::Type(id), of_type.span, Role::Declares);
            for property in &of_type.properties {
                let key = self.property(Some(id), &property.name);
                self.add(key, property.span, Role::Declares);
            }
            for function in &of_type.functions {
                let key = self.function(Some(id), &function.name);
                self.add(key, function.span, Role::Declares);
            }
        }
    }

    /// The files of modules, which are their declarations.
    fn add_modules(&mut self) {
        let modules = &self.analysis.checked.program.modules;
        let files: Vec<_> = modules.iter().map(|module| module.file).collect();
        for (place, file) in files.into_iter().enumerate() {
            if self.things.contains_key(&Key::Module(place)) {
                self.add(Key::Module(place), Span::new(file, 0, 0), Role::Declares);
            }
        }
    }

    fn owners(&self) -> Vec<Owner> {
        let mut owners = Vec::new();
        for tree in self.analysis.trees() {
            let symbols = document_symbols::of_tree(tree).into_iter();
            owners.extend(symbols.filter(|s| s.kind.uses_names()).map(|symbol| Owner {
                kind: symbol.kind,
                name: symbol.name,
                whole: self.place(symbol.whole),
                selection: self.place(symbol.selection),
            }));
        }
        owners
    }

    fn problems(&self) -> Vec<(Place, Code, String)> {
        let diagnostics = self.analysis.checked.diagnostics.iter();
        diagnostics
            .map(|d| (self.place(d.primary), d.code, d.message.clone()))
            .collect()
    }

    fn set_by_project(&self) -> BTreeSet<Place> {
        let params = self.analysis.checked.program.params.iter();
        let set = params.filter(|param| self.analysis.is_set_by_project(&param.name));
        set.map(|param| self.place(param.span)).collect()
    }

    fn place(&self, span: Span) -> Place {
        Place {
            file: self.name(span.file),
            start: span.start,
            end: span.end,
        }
    }

    fn name(&self, file: plasma_diagnostic::FileId) -> Arc<str> {
        self.names.get(&file).map_or_else(|| "".into(), Arc::clone)
    }
}

/// Where the items of a file and their members declare names.
fn declared(tree: &Tree) -> Vec<Span> {
    let mut names = Vec::new();
    for item in tree.items() {
        match item {
            Item::Actor(actor) => {
                names.extend(actor.name);
                names.extend(actor.members.iter().filter_map(|member| member.name));
            }
            Item::Param(param) => names.extend(param.name),
            Item::Def(definition) => names.push(definition.name),
            Item::Rule(rule) => names.extend(rule.name()),
            _ => {}
        }
    }
    names.into_iter().map(|name| name.span).collect()
}

/// Where the `use`s of a file set parameters.
fn set(tree: &Tree) -> Vec<Span> {
    let settings = tree.uses().flat_map(|used| &used.settings);
    settings.map(|setting| setting.name.span).collect()
}

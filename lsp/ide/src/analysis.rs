//! A document, parsed and checked.

use std::sync::{Arc, OnceLock};

use plasma_check::schema::Schema;
use plasma_check::{
    Checked, Date, Environment, Files, Modules, check_parsed, check_parsed_again, schema_of,
};
use plasma_diagnostic::{Code, Diagnostic, FileId, Levels, SourceMap, Span};
use plasma_syntax::Parsed;
use plasma_syntax::tree::{Item, Name, Tree};

use crate::lines::line_starts;

/// What a document's project says about it.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The application's actor declarations; `None` if the document declares its own, or none.
    pub schema: Option<SchemaText>,
    /// Parameters set by the project, name and value as they were typed. Those that the document
    /// does not declare are left aside: a project may hold parameters of several policies.
    pub params: Vec<(String, String)>,
    /// How much each lint counts in the project.
    pub lints: Levels,
    /// The day on which it is checked; without one, no `allow` has expired.
    pub today: Option<Date>,
    /// What keeps the project from being used, each shown at the document's first line.
    pub problems: Vec<String>,
}

/// Actor declarations from another file.
#[derive(Clone, Debug)]
pub struct SchemaText {
    /// What people call the file.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The document's number among the files of an analysis.
const DOCUMENT: FileId = FileId(0);

/// A document's text, parsed for [`Analysis::of_parsed`].
pub fn parsed(text: impl Into<Arc<str>>) -> Parsed {
    plasma_syntax::parse(DOCUMENT, text)
}

/// What is left of an analysis when its document has become another one.
#[derive(Debug)]
pub struct Outdated {
    /// The new text, parsed.
    pub parsed: Parsed,
    /// What was found out about the text before.
    pub checked: Checked,
}

/// A document, parsed and checked. Never fails: mistakes are among the diagnostics.
#[derive(Clone, Debug)]
pub struct Analysis {
    pub(crate) sources: SourceMap,
    pub(crate) file: FileId,
    parsed: Parsed,
    pub(crate) checked: Checked,
    environment: Environment,
    lints: Levels,
    pub(crate) problems: Vec<String>,
    line_starts: OnceLock<Arc<[usize]>>,
}

impl Analysis {
    /// Parses and checks a document that can use no modules.
    pub fn new(name: &str, text: impl Into<Arc<str>>, surroundings: &Surroundings) -> Analysis {
        Analysis::with_modules(name, text, surroundings, None)
    }

    /// Parses and checks a document whose modules are read from `files`.
    pub fn with_modules(
        name: &str,
        text: impl Into<Arc<str>>,
        surroundings: &Surroundings,
        files: Option<&dyn Files>,
    ) -> Analysis {
        Analysis::of_parsed(name, parsed(text), surroundings, files)
    }

    /// Checks a document that was parsed, as the first file of an analysis.
    pub fn of_parsed(
        name: &str,
        parsed: Parsed,
        surroundings: &Surroundings,
        files: Option<&dyn Files>,
    ) -> Analysis {
        let (mut sources, file) = SourceMap::single(name, Arc::clone(parsed.tree.source()));
        let mut problems = surroundings.problems.clone();
        let declared = surroundings.schema.as_ref();
        let schema = declared.map(|schema| declare(&mut sources, schema, &mut problems));
        let modules = match files {
            Some(files) => Modules::load(&parsed.tree, &mut sources, files),
            None => Modules::default(),
        };
        let declared = modules.param_names(&parsed.tree);
        let given = surroundings.params.iter();
        let params = given.filter(|(name, _)| declared.contains(name)).cloned();
        let environment = Environment {
            schema,
            modules,
            params: params.collect(),
            today: surroundings.today,
            leaves_out_tests: false,
            notes_names: true,
        };
        let mut checked = check_parsed(&parsed, &environment);
        let lints = surroundings.lints.clone();
        checked.diagnostics = lints.apply(checked.diagnostics);
        Analysis {
            sources,
            file,
            parsed,
            checked,
            environment,
            lints,
            problems,
            line_starts: OnceLock::new(),
        }
    }

    /// Parses and checks another text of the document, around which everything is as before: only what
    /// changed is looked at.
    ///
    /// # Errors
    ///
    /// If something else than rules changed: then the document has to be analysed as a new one, for which the
    /// text is parsed.
    pub fn with_text(self, text: impl Into<Arc<str>>) -> Result<Analysis, Box<Outdated>> {
        let text: Arc<str> = text.into();
        let (parsed, replaced) = plasma_syntax::parse_again(self.parsed, Arc::clone(&text));
        let replaced = replaced.filter(|replaced| replaced.is_of_rules(&parsed.tree));
        let Some(replaced) = replaced else {
            let checked = self.checked;
            return Err(Box::new(Outdated { parsed, checked }));
        };
        let mut checked = check_parsed_again(&parsed, &self.environment, self.checked, &replaced);
        checked.diagnostics = self.lints.apply(checked.diagnostics);
        let mut sources = self.sources;
        sources.replace(self.file, text);
        Ok(Analysis {
            sources,
            parsed,
            checked,
            line_starts: OnceLock::new(),
            ..self
        })
    }

    /// The text of a parameter's default; the span is that of its name, in any file.
    pub(crate) fn param_default(&self, name: Span) -> Option<&str> {
        let tree = self.trees().find(|tree| tree.file() == name.file)?;
        let value = tree.items().iter().find_map(|item| match item {
            Item::Param(param) if param.name? == (Name { span: name }) => Some(param.value),
            _ => None,
        });
        Some(tree.text(tree.expr(value?).span))
    }

    /// The document's tree.
    pub(crate) fn tree(&self) -> &Tree {
        &self.parsed.tree
    }

    /// The trees of the document and of all modules.
    pub(crate) fn trees(&self) -> impl Iterator<Item = &Tree> {
        std::iter::once(self.tree()).chain(self.environment.modules.trees())
    }

    /// Whether it uses modules that were not found, and may be there another time.
    pub fn lacks_modules(&self) -> bool {
        let mut diagnostics = self.checked.diagnostics.iter();
        diagnostics.any(|d| d.code == Code::UnknownModule)
    }

    /// Whether the project sets a parameter of the program.
    pub(crate) fn is_set_by_project(&self, name: &str) -> bool {
        let mut set = self.environment.params.iter();
        set.any(|(known, _)| known == name)
    }

    /// What it was checked against.
    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The day on which it was checked, if that is known.
    pub(crate) fn today(&self) -> Option<Date> {
        self.environment.today
    }

    /// Has what was found looked over once more, by what is not for an editor to know: whether its
    /// witnesses show what they are for.
    #[must_use]
    pub fn confirmed(
        mut self,
        confirm: impl FnOnce(&mut Checked, FileId, &str, &Environment),
    ) -> Analysis {
        let text = self.sources.text(self.file);
        confirm(&mut self.checked, self.file, text, &self.environment);
        self
    }

    /// What would be wrong with another text of the document.
    pub(crate) fn diagnostics_of(&self, text: &str) -> Vec<Diagnostic> {
        let parsed = plasma_syntax::parse(self.file, text);
        let checked = check_parsed(&parsed, &self.environment);
        self.lints.apply(checked.diagnostics)
    }

    /// The texts that spans point into: the document, and its schema if that is another file.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// The document's number in [`Analysis::sources`].
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The document's text.
    pub fn text(&self) -> &str {
        self.sources.text(self.file)
    }

    /// The first byte of each line, see [`line_starts`].
    pub fn line_starts(&self) -> &Arc<[usize]> {
        self.line_starts
            .get_or_init(|| line_starts(self.text()).into())
    }

    /// What was found out.
    pub fn checked(&self) -> &Checked {
        &self.checked
    }

    /// The actor types that the document is about: declared, or inferred from use.
    pub fn schema(&self) -> &Schema {
        &self.checked.program.schema
    }
}

/// Reads actor declarations; their mistakes are shown where they stand, here only counted.
fn declare(sources: &mut SourceMap, schema: &SchemaText, problems: &mut Vec<String>) -> Schema {
    let file = sources.add(schema.name.as_str(), schema.text.as_str());
    let parsed = plasma_syntax::parse(file, schema.text.as_str());
    let (declared, mistakes) = schema_of(&parsed.tree);
    let all = parsed.diagnostics.iter().chain(&mistakes);
    let errors = all.filter(|d: &&Diagnostic| d.is_error()).count();
    if errors > 0 {
        let noun = if errors == 1 { "mistake" } else { "mistakes" };
        problems.push(format!(
            "the application's schema `{}` has {errors} {noun}; open it to see them",
            schema.name
        ));
    }
    declared
}

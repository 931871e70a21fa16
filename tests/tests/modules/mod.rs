//! Policies of pages with the modules that they use: those of the page, and the library.

use std::io;
use std::path::Path;

use plasma_check::{Checked, Environment, Files, ModuleError, ModuleText, Modules, check_parsed};
use plasma_diagnostic::SourceMap;
use plasma_scenario::ModuleFiles;

/// Files beside each other, by name, and the library.
#[derive(Debug)]
struct PageFiles<'p> {
    files: &'p [(&'p str, &'p str)],
    library: ModuleFiles,
}

impl Files for PageFiles<'_> {
    fn module(&self, from: &str, path: &[&str]) -> Result<ModuleText, ModuleError> {
        self.library.module_by(from, path, &|file: &Path| {
            let found = self.files.iter().find(|(name, _)| Path::new(name) == file);
            let text = found.map(|(_, text)| (*text).to_owned());
            text.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
        })
    }
}

/// Checks a policy that can use the library and these files.
pub(crate) fn check(name: &str, text: &str, files: &[(&str, &str)]) -> (SourceMap, Checked) {
    let (mut sources, file) = SourceMap::single(name, text);
    let parsed = plasma_syntax::parse(file, text);
    let library = ModuleFiles::new(plasma_stdlib::POLICIES.iter().map(|p| (p.name, p.source)));
    let files = PageFiles { files, library };
    let environment = Environment {
        modules: Modules::load(&parsed.tree, &mut sources, &files),
        ..Environment::default()
    };
    let checked = check_parsed(&parsed, &environment);
    (sources, checked)
}

//! Modules from a list of texts, as files beside each other.

use std::path::Path;

use plasma_check::{Files, ModuleError, ModuleText};

/// Files by name, with their texts.
#[derive(Debug)]
pub(crate) struct Texts {
    files: Vec<(String, String)>,
}

impl Texts {
    pub(crate) fn new<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Texts {
        let owned = files.into_iter();
        Texts {
            files: owned.map(|(n, t)| (n.to_owned(), t.to_owned())).collect(),
        }
    }
}

impl Files for Texts {
    fn module(&self, from: &str, path: &[&str]) -> Result<ModuleText, ModuleError> {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        let place = match path {
            ["std", name] => format!("std.{name}"),
            _ => format!("{}.plasma", folder.join(path.join("/")).display()),
        };
        let found = self.files.iter().find(|(name, _)| *name == place);
        match found {
            Some((name, text)) => Ok(ModuleText {
                name: name.clone(),
                text: text.as_str().into(),
            }),
            None => Err(ModuleError::Missing {
                place,
                known: Vec::new(),
            }),
        }
    }
}

//! `unknown-module`: a `use` whose module is not there, or cannot be read.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span, did_you_mean};

use crate::module::{MODULES_MAX, ModuleError};

/// A path that leads to no module.
pub(crate) fn not_found(span: Span, path: &str, error: &ModuleError) -> Diagnostic {
    match error {
        ModuleError::Unreadable { reason } => {
            let message = format!("module `{path}` cannot be read: {reason}");
            Diagnostic::new(Code::UnknownModule, span, message)
        }
        ModuleError::Missing { place, known } => {
            let message = format!("there is no module `{path}`");
            let diagnostic = Diagnostic::new(Code::UnknownModule, span, message)
                .with_note(format!("looked for it in {place}"));
            let names = known.iter().map(String::as_str);
            match did_you_mean(path, names.clone()) {
                Some(near) => diagnostic
                    .with_help(format!("did you mean `{near}`?"))
                    .with_fix(Fix::doubtful(format!("replace with `{near}`"), span, near)),
                None if known.is_empty() => diagnostic.with_help(
                    "a module is named by its path below the folder of this file: `use lib.hot;` is \
                     `lib/hot.plasma`; `std.` is the library",
                ),
                None => {
                    let all: Vec<String> = names.map(|name| format!("`{name}`")).collect();
                    diagnostic.with_help(format!("there are {}", all.join(", ")))
                }
            }
        }
    }
}

/// A `use` where nothing gives the texts of modules.
pub(crate) fn not_loaded(span: Span, path: &str) -> Diagnostic {
    let message = format!("module `{path}` cannot be used here: no other file is read");
    Diagnostic::new(Code::UnknownModule, span, message)
}

/// A `use` beyond the most that there may be.
pub(crate) fn too_many(span: Span) -> Diagnostic {
    let message = format!("a policy may use {MODULES_MAX} modules, those of its modules included");
    Diagnostic::new(Code::TooLarge, span, message)
        .with_primary_label("one too many")
        .with_help("use each module in one place only, or put several into one")
}

/// `hotspot.busy(s)` where no module is called so; `modules` are those that this file uses.
pub(crate) fn not_used<'a>(
    span: Span,
    name: &str,
    modules: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message = format!("this file uses no module `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownModule, span, message);
    super::suggest(diagnostic, span, name, modules, "it uses")
}

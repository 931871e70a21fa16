//! What the document leads to: the files of the modules that it uses.

use std::sync::Arc;

use plasma_check::Named;
use plasma_diagnostic::Span;

use crate::Analysis;

/// A path in the document, and the file that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLink {
    /// The path, `lib.hot`.
    pub span: Span,
    /// The file, by the name under which it was read.
    pub file: Arc<str>,
}

/// The paths behind `use` whose modules were found, in the order of the text.
pub fn document_links(analysis: &Analysis) -> Vec<DocumentLink> {
    let modules = &analysis.checked.program.modules;
    let links = analysis.tree().uses().filter_map(|used| {
        let name = used.name()?;
        let named = analysis.checked.name_at(analysis.file, name.span.start)?;
        let Named::Module(place) = named.1 else {
            return None;
        };
        Some(DocumentLink {
            span: used.path_span()?,
            file: Arc::from(analysis.sources.name(modules.get(place)?.file)),
        })
    });
    links.collect()
}

//! The places of a document that name what the name at a cursor stands for.

use std::sync::Arc;

use crate::{Index, Place, Role, references};

/// Where the document names what the name at one of its bytes stands for, each with what it does
/// there; empty if there is no such name.
pub fn document_highlights(index: &Arc<Index>, offset: u32) -> Vec<(Place, Role)> {
    let found = references(std::slice::from_ref(index), &index.file, offset);
    let occurrences = found.map(|found| found.occurrences).unwrap_or_default();
    let here = occurrences.into_iter();
    here.filter(|(place, _)| place.file == index.file && place.end > place.start)
        .collect()
}

//! `textDocument/diagnostic`: diagnostics for editors that ask for them.

use crate::convert;
use crate::lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport,
};
use crate::places::Places;
use crate::session::Session;

/// `textDocument/diagnostic`
pub(crate) fn diagnostic(
    session: &mut Session,
    params: DocumentDiagnosticParams,
) -> DocumentDiagnosticReport {
    let uri = params.text_document.uri;
    let client = session.client();
    let known = session.stamp(&uri);
    if known.is_some() && known == params.previous_result_id {
        return unchanged(known.unwrap_or_default());
    }
    let Some(analysis) = session.analysis(&uri) else {
        // Of what is not open nothing is known.
        return full(None, Vec::new());
    };
    let problems = plasma_ide::diagnostics(analysis);
    let items = convert::diagnostics(&Places::new(&uri, analysis, client), problems);
    full(session.stamp(&uri), items)
}

fn full(
    result_id: Option<String>,
    items: Vec<crate::lsp_types::Diagnostic>,
) -> DocumentDiagnosticReport {
    DocumentDiagnosticReport::RelatedFullDocumentDiagnosticReport(
        RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
        },
    )
}

fn unchanged(result_id: String) -> DocumentDiagnosticReport {
    DocumentDiagnosticReport::RelatedUnchangedDocumentDiagnosticReport(
        RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
        },
    )
}

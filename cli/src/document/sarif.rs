//! `plasma check --format sarif`: SARIF 2.1.0, the log format of static analysis.
//!
//! Only the parts of the standard that Plasma fills in, under the standard's own names; the official
//! schema is held against them by `cargo xtask e2e sarif`.

mod location;
mod rule;

use plasma_check::Silenced;
use plasma_diagnostic::{Code, Diagnostic, Edit, Fix, SourceMap, Span, WITNESS};
use serde::Serialize;

use crate::found::Found;
use location::{ArtifactLocation, Location, Region};
use rule::Rule;

/// A text.
#[derive(Debug, Serialize)]
struct Message {
    text: String,
}

/// The whole log: one run.
#[derive(Debug, Serialize)]
pub(crate) struct SarifDocument {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Debug, Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix>,
    /// Absent for what nothing silences; the standard then takes it as not suppressed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<ResultProperties>,
}

/// What the standard has no word for.
#[derive(Debug, Serialize)]
struct ResultProperties {
    /// A test of the policy that shows it.
    witness: String,
}

/// An `allow` in the policy.
#[derive(Debug, Serialize)]
struct Suppression {
    kind: &'static str,
    justification: String,
    location: Location,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix {
    description: Message,
    artifact_changes: Vec<ArtifactChange>,
    properties: FixProperties,
}

/// What the standard has no word for.
#[derive(Debug, Serialize)]
struct FixProperties {
    safe: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Message,
}

impl SarifDocument {
    /// The log of what was found.
    pub(crate) fn new(found: &Found) -> Self {
        let codes = found.codes_with_silenced();
        let results = found.diagnostics.iter();
        let results = results.map(|d| SarifResult::new(&found.sources, &codes, d));
        let silenced = found.silenced.iter();
        let silenced = silenced.map(|s| SarifResult::silenced(&found.sources, &codes, s));
        let notifications = found.reasons().map(|reason| Notification {
            level: "error",
            message: Message::new(reason),
        });
        let driver = Driver {
            name: "plasma",
            semantic_version: env!("CARGO_PKG_VERSION"),
            rules: codes.iter().map(|code| Rule::new(*code)).collect(),
        };
        SarifDocument {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [Run {
                tool: Tool { driver },
                invocations: [Invocation {
                    execution_successful: found.failures.is_empty(),
                    tool_execution_notifications: notifications.collect(),
                }],
                column_kind: "unicodeCodePoints",
                results: results.chain(silenced).collect(),
            }],
        }
    }
}

impl Message {
    fn new(text: impl Into<String>) -> Self {
        Message { text: text.into() }
    }
}

impl SarifResult {
    fn new(sources: &SourceMap, codes: &[Code], diagnostic: &Diagnostic) -> Self {
        let mut text = diagnostic.message.clone();
        if let Some(help) = &diagnostic.help {
            text.push_str(&format!("\nhelp: {help}"));
        }
        for note in &diagnostic.notes {
            text.push_str(&format!("\nnote: {note}"));
        }
        if let Some(witness) = &diagnostic.witness {
            text.push_str(&format!("\nnote: {WITNESS}\n{}", witness.test));
        }
        let place = |span: Span, said: &str| Location::new(sources, span, said);
        let labels = diagnostic.labels.iter();
        let rule_index = codes.binary_search(&diagnostic.code).unwrap_or_default();
        SarifResult {
            rule_id: diagnostic.code.number(),
            rule_index,
            level: diagnostic.severity.name(),
            message: Message::new(text),
            locations: [place(diagnostic.primary, &diagnostic.primary_label)],
            related_locations: labels.map(|l| place(l.span, &l.message)).collect(),
            fixes: diagnostic
                .fixes
                .iter()
                .map(|fix| SarifFix::new(sources, fix))
                .collect(),
            suppressions: Vec::new(),
            properties: diagnostic.witness.as_ref().map(|witness| ResultProperties {
                witness: witness.test.clone(),
            }),
        }
    }

    /// What an `allow` silences.
    fn silenced(sources: &SourceMap, codes: &[Code], silenced: &Silenced) -> Self {
        SarifResult {
            suppressions: vec![Suppression {
                kind: "inSource",
                justification: format!("{} (until {})", silenced.reason, silenced.until),
                location: Location::new(sources, silenced.allow, ""),
            }],
            ..SarifResult::new(sources, codes, &silenced.diagnostic)
        }
    }
}

impl SarifFix {
    fn new(sources: &SourceMap, fix: &Fix) -> Self {
        let files = fix.edits.chunk_by(|a, b| a.span.file == b.span.file);
        let changes = files.map(|edits| ArtifactChange::new(sources, edits));
        SarifFix {
            description: Message::new(fix.title.as_str()),
            artifact_changes: changes.collect(),
            properties: FixProperties { safe: fix.safe },
        }
    }
}

impl ArtifactChange {
    /// The changes of one file.
    fn new(sources: &SourceMap, edits: &[Edit]) -> Self {
        let file = edits.first().map(|edit| edit.span.file).unwrap_or_default();
        let replacements = edits.iter().map(|edit| Replacement {
            deleted_region: Region::new(sources, edit.span),
            inserted_content: Message::new(edit.text.as_str()),
        });
        ArtifactChange {
            artifact_location: ArtifactLocation::new(sources, file),
            replacements: replacements.collect(),
        }
    }
}

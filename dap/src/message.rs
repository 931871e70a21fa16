//! Requests of the debug adapter protocol, as far as they are answered.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value as Json;

/// A request of the editor.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) seq: i64,
    pub(crate) command: String,
    #[serde(default)]
    pub(crate) arguments: Json,
}

/// What the editor says is to be debugged.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Launch {
    /// The policy: a file, or `std.NAME`.
    pub program: String,
    /// The trace or recording.
    pub trace: PathBuf,
    /// Parameters, `NAME=VALUE`.
    #[serde(default)]
    pub params: Vec<String>,
    /// Whether to halt at the first tick.
    #[serde(default)]
    pub stop_on_entry: bool,
    /// Begin at the tick at this time, in seconds.
    #[serde(default)]
    pub at: Option<f64>,
}

/// A file, or a text that has none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Source {
    pub(crate) path: Option<String>,
    pub(crate) source_reference: i64,
}

/// `setBreakpoints`
#[derive(Debug, Deserialize)]
pub(crate) struct SetBreakpoints {
    pub(crate) source: Source,
    #[serde(default)]
    pub(crate) breakpoints: Vec<SourceBreakpoint>,
}

/// A breakpoint in a policy.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SourceBreakpoint {
    pub(crate) line: i64,
    pub(crate) condition: Option<String>,
    pub(crate) hit_condition: Option<String>,
    pub(crate) log_message: Option<String>,
    pub(crate) mode: Option<String>,
}

/// `setFunctionBreakpoints`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SetFunctionBreakpoints {
    pub(crate) breakpoints: Vec<FunctionBreakpoint>,
}

/// A breakpoint on the name of a rule, with an event: `hot_folder suppressed`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct FunctionBreakpoint {
    pub(crate) name: String,
    pub(crate) condition: Option<String>,
    pub(crate) hit_condition: Option<String>,
}

/// `setExceptionBreakpoints`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SetExceptionBreakpoints {
    pub(crate) filters: Vec<String>,
}

/// `stackTrace`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct StackTrace {
    pub(crate) start_frame: usize,
    pub(crate) levels: usize,
}

/// `scopes`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Scopes {
    pub(crate) frame_id: i64,
}

/// `variables`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Variables {
    pub(crate) variables_reference: i64,
    #[serde(default)]
    pub(crate) start: usize,
    #[serde(default)]
    pub(crate) count: usize,
}

/// `evaluate`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Evaluate {
    pub(crate) expression: String,
    #[serde(default)]
    pub(crate) frame_id: Option<i64>,
}

/// `source`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SourceOf {
    pub(crate) source: Source,
    pub(crate) source_reference: i64,
}

/// `breakpointLocations`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BreakpointLocations {
    pub(crate) source: Source,
    pub(crate) line: i64,
    #[serde(default)]
    pub(crate) end_line: Option<i64>,
}

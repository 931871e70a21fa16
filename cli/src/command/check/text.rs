//! The result of `plasma check` for people: with the source lines, or one line each.

use std::fmt::Write as _;

use plasma_diagnostic::{Diagnostic, Severity, render_short};

use crate::found::Found;
use crate::{analysis, output};

/// With the source lines; at the end how much there is, and where to read on. `is_aside`: it goes to
/// standard error.
pub(super) fn human(found: &Found, remarks: &[String], is_aside: bool) -> String {
    let coloured = match is_aside {
        true => output::stderr_is_coloured(),
        false => output::stdout_is_coloured(),
    };
    let mut text = analysis::render_all(&found.sources, &found.diagnostics, coloured);
    text.push_str(&fixes(found));
    let _ = writeln!(text, "{}", summary(found));
    let fixable = found.diagnostics.iter().filter(|d| has_safe_fix(d)).count();
    if fixable > 0 {
        let _ = writeln!(text, "{fixable} can be mended by `plasma check --fix`");
    }
    for remark in remarks {
        let _ = writeln!(text, "{remark}");
    }
    if let Some(code) = found.codes().first() {
        let _ = writeln!(text, "`plasma explain {code}` says more, as for every code");
    }
    text
}

/// One line each.
pub(super) fn short(found: &Found) -> String {
    let all = found.diagnostics.iter();
    all.map(|d| render_short(&found.sources, d)).collect()
}

/// What was fixed, a line each.
pub(super) fn fixes(found: &Found) -> String {
    let mut text = String::new();
    for (file, fixed) in &found.fixed {
        let (line, code, title) = (fixed.line, fixed.code, &fixed.title);
        let name = code.name();
        let _ = writeln!(text, "fixed {file}:{line}: {title} ({code} {name})");
    }
    text
}

fn summary(found: &Found) -> String {
    let files = count(found.files.len(), "policy", "policies");
    let counted = match (found.count(Severity::Error), found.count(Severity::Warning)) {
        (0, 0) => format!("{files} checked, nothing to report"),
        (errors, warnings) => format!(
            "{files} checked: {}, {}",
            count(errors, "error", "errors"),
            count(warnings, "warning", "warnings")
        ),
    };
    match found.known {
        0 => counted,
        known => format!(
            "{counted} ({} left out)",
            count(known, "known lint", "known lints")
        ),
    }
}

fn has_safe_fix(diagnostic: &Diagnostic) -> bool {
    diagnostic.fixes.iter().any(|fix| fix.safe)
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

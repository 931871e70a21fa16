//! `expired-allow`: an `allow` whose last day has passed.

use plasma_diagnostic::{Code, Diagnostic, Span};

use crate::Date;

/// An `allow` that no longer counts.
pub(super) fn expired_allow(span: Span, lint: &str, until: Date) -> Diagnostic {
    let message = format!("this `allow` counted until {until}: `{lint}` is no longer silent");
    Diagnostic::new(Code::ExpiredAllow, span, message).with_help(format!(
        "resolve what `{lint}` reports and remove the `allow`, or give it a later day if its reason \
         still holds"
    ))
}

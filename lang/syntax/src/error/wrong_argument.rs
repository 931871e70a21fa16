//! E0303 wrong-argument, where the tree has no room for the argument: `ref(f.files, f.parent)`.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};

/// `ref(a, b)`: the `extra` arguments behind the `first`.
pub(crate) fn ref_of_several(first: Span, extra: Span, given: usize) -> Diagnostic {
    let comma_and_extra = Span {
        start: first.end,
        ..extra
    };
    let message = format!("`ref` takes one property of an actor, not {given} arguments");
    Diagnostic::new(Code::WrongArgument, extra, message)
        .with_help("ask about each property by itself: `x in ref(f.files) or x in ref(f.parent)`")
        .with_fix(Fix::doubtful("remove it", comma_and_extra, ""))
}

//! Bounds on what is read: beyond them a clear diagnostic, never an exhausted stack or memory.

/// Greatest size of a policy or cluster text, in bytes.
pub const POLICY_BYTES_MAX: usize = 16 << 20;

/// Greatest number of rules in one file.
pub const POLICY_RULES_MAX: usize = 50_000;

/// Greatest depth of a tree's expressions, and of open parentheses and braces in a text. Whoever
/// walks a tree recursively may rely on it.
pub const NESTING_DEPTH_MAX: usize = 128;

/// Greatest number of lexical and syntax errors reported for one text; the parser stops there.
pub const SYNTAX_ERRORS_MAX: usize = 100;

//! The bounds of what Plasma accepts, each with the reason for its size.

/// Greatest size of one policy file, in bytes (16 MiB): far beyond any policy a person maintains,
/// small enough that a wrong file (a trace, an image) is refused before it is parsed.
pub const POLICY_BYTES_MAX: usize = 16 << 20;

/// Greatest number of rules in one policy.
pub const POLICY_RULES_MAX: usize = 50_000;

/// Greatest nesting of parentheses, operators and calls in one expression.
pub const NESTING_DEPTH_MAX: usize = 128;

/// Greatest length of one line of a trace, in bytes (16 MiB).
pub const EVENT_LINE_BYTES_MAX: usize = 16 << 20;

/// The elasticity period where neither a flag nor a trace's `hello` gives one, in seconds.
pub const PERIOD_SECONDS_DEFAULT: f64 = 10.0;

/// Periods for which a reservation's condition must have been false before it is released.
pub const RELEASE_PERIODS_DEFAULT: u32 = 3;

/// The priority of what a requirement asks for: above that of every rule.
pub const REQUIREMENT_PRIORITY: i64 = i64::MAX;

/// Greatest number of variables in one rule: far more than a person keeps apart.
pub const RULE_VARIABLES_MAX: usize = 64;

/// Greatest number of bindings for which one rule may fire in one period, and of goals that one of
/// its behaviors may ask for: about 500 MB with its plan. A rule beyond it is nearly always a cross
/// product.
pub const RULE_BINDINGS_MAX: usize = 250_000;

/// Greatest number of bindings of all rules together in one period.
pub const PERIOD_BINDINGS_MAX: usize = 500_000;

/// Greatest number of values tried for the variables of one rule in one period: some seconds.
pub const RULE_STEPS_MAX: u64 = 50_000_000;

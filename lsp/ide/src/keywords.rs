//! The KEYWORDS table: documentation of the words that are no metric and no behavior.

/// One row of [`KEYWORDS`].
#[derive(Clone, Copy, Debug)]
pub struct Keyword {
    /// The word.
    pub name: &'static str,
    /// How it is used.
    pub usage: &'static str,
    /// What it means, for hover and completion.
    pub doc: &'static str,
}

const fn row(name: &'static str, usage: &'static str, doc: &'static str) -> Keyword {
    Keyword { name, usage, doc }
}

/// Every keyword of the language.
pub const KEYWORDS: &[Keyword] = &[
    row(
        "rule",
        "rule NAME: CONDITION => BEHAVIOR;",
        "Names a rule. It fires for every binding of its variables that makes the condition true.",
    ),
    row(
        "priority",
        "rule NAME [priority N]: ..",
        "Rules of higher priority are served first where rules contradict: a whole number from \
         -1000000 to 1000000, default 0.",
    ),
    row(
        "cooldown",
        "rule NAME [cooldown 60s]: ..",
        "After an action of this rule moved an actor, no action of this rule moves it again for so \
         long. The rule still fires, and its reservations are kept.",
    ),
    row(
        "release",
        "rule NAME [release 3]: ..",
        "For how many periods on end the rule's condition must be false before its reservations end; \
         default 3.",
    ),
    row(
        "require",
        "require BEHAVIOR [where CONDITION];",
        "A constraint above all rules: no plan may violate it. `separate`, `colocate`, `reserve` and \
         `pin` can be required.",
    ),
    row(
        "allow",
        "allow \"LINT\" \"REASON\" until \"YYYY-MM-DD\"",
        "Silences a lint up to and including this day: among a rule's attributes for the rule, before \
         the first item and with `;` for the file.",
    ),
    row(
        "until",
        "allow \"LINT\" \"REASON\" until \"YYYY-MM-DD\"",
        "The last day on which the lint is silent, in UTC.",
    ),
    row(
        "limit",
        "limit migrations N per DURATION [each Type];",
        "A limit over all rules. What it holds back may follow in a later period. All limits that \
         apply must hold.",
    ),
    row(
        "migrations",
        "limit migrations N per DURATION [each Type];",
        "At most so many actors move in any window of this length. With `each`, every actor of the \
         type by itself.",
    ),
    row(
        "servers",
        "limit servers LEAST..MOST;",
        "Scaling stays within these numbers of servers. The limit by itself starts and stops none.",
    ),
    row(
        "per",
        "limit migrations N per DURATION;",
        "The length of the window in which so many actors may move.",
    ),
    row(
        "each",
        "limit migrations N per DURATION each Type;",
        "The limit is on every single actor of the type, not on all of them together.",
    ),
    row(
        "param",
        "param NAME = VALUE;",
        "A value that can be set from outside, with `--param NAME=VALUE`. Its literal gives its unit. \
         `param Type = any;` stands for an actor type.",
    ),
    row(
        "use",
        "use PATH [with { NAME = VALUE }];",
        "Takes in a module: its rules run as `module.rule`, its definitions can be used as \
         `module.definition(..)`. `std.` is the library, anything else a file below this one's folder.",
    ),
    row(
        "with",
        "use PATH with { NAME = VALUE };",
        "Sets parameters of the module: numbers, truth values, actor types, or parameters of this file.",
    ),
    row(
        "def",
        "def NAME(x: TYPE, ..) = EXPRESSION;",
        "A name for a condition or a value. A variable that it introduces is its own.",
    ),
    row(
        "actor",
        "actor Type { .. }",
        "Declares an actor type with its properties and functions.",
    ),
    row(
        "test",
        "test \"NAME\" { .. }",
        "A test of this policy: a cluster, period after period, and what is expected. `plasma test` runs it.",
    ),
    row(
        "period",
        "test \"NAME\" [period 1s] { .. }",
        "How far the snapshots of a test are apart; default 10s.",
    ),
    row(
        "expect",
        "expect EXPECTATION [at TIME];",
        "It holds at the first evaluation, or at the one at TIME: a behavior that is asked for and not \
         refused, `no actions`, or any condition, read after the actions.",
    ),
    row(
        "eventually",
        "eventually EXPECTATION [within TIME];",
        "It holds at some evaluation up to TIME.",
    ),
    row(
        "never",
        "never EXPECTATION [within TIME];",
        "It holds at no evaluation up to TIME.",
    ),
    row(
        "always",
        "always EXPECTATION [within TIME];",
        "It holds at every evaluation up to TIME.",
    ),
    row(
        "at",
        "at TIME { .. }, or expect EXPECTATION at TIME;",
        "From this time on the cluster is so; or: it is looked at then.",
    ),
    row(
        "within",
        "eventually EXPECTATION within TIME;",
        "Up to which time it is looked at.",
    ),
    row(
        "by",
        "expect BEHAVIOR by RULE; spread({Type}, by \"LABEL\");",
        "In a test: the rule that asks for the behavior. In `spread`: the label over whose values the \
         actors are spread; without it, over servers.",
    ),
    row("no", "expect no actions;", "The plan is empty."),
    row("actions", "expect no actions;", "What the plan would do."),
    row(
        "step",
        "[10%..90% step 10%]",
        "How far the numbers of a range in a series are apart.",
    ),
    row(
        "fn",
        "fn NAME;",
        "Declares a function of the actor type, which others can call.",
    ),
    row("and", "A and B", "Both hold. Binds tighter than `or`."),
    row(
        "or",
        "A or B",
        "At least one holds. A variable that a behavior uses must be bound on both sides.",
    ),
    row(
        "not",
        "not A",
        "`A` does not hold. Binds tighter than `and`.",
    ),
    row("true", "true", "Always holds."),
    row("false", "false", "Never holds."),
    row(
        "in",
        "A in ref(B.PROPERTY)",
        "The actor is among those that a property of another actor refers to.",
    ),
    row(
        "ref",
        "A in ref(B.PROPERTY)",
        "The actors that a property refers to.",
    ),
    row("on", "A on SERVER", "The actor lives on this server."),
    row(
        "label",
        "server.label(\"NAME\") == \"VALUE\"",
        "A label of the server, such as its zone; unknown if it has none of this name.",
    ),
    row(
        "for",
        "CONDITION for DURATION, or avg(NUMBER for TYPE(VARIABLE))",
        "Behind a condition: it held in every snapshot of that time, the present one included; a gap in it \
         makes it unknown. In an aggregate: what it ranges over, all servers or all actors of a type; \
         the variable is the aggregate's own.",
    ),
    row(
        "over",
        "VALUE over DURATION",
        "The mean of a measured value over that time, the present period included. In `max(..)`, \
         `rate(..)` and the like: that of its samples. A gap, or an actor or server younger than that, \
         makes it unknown.",
    ),
    row(
        "where",
        "count(Folder(f) where f.cpu.perc > 10)",
        "Keeps of what an aggregate ranges over what makes the condition true. In a `require`: for \
         which actors it is, by references, properties and hosts, without measured values.",
    ),
    row("abs", "abs(NUMBER)", "The number without its sign."),
    row(
        "server",
        "server.RESOURCE",
        "The host of the rule's first actor variable; in a rule without one, some server. `server(s)` introduces a variable for a server, `f.server` is the host of `f`.",
    ),
    row(
        "client",
        "client.call(ACTOR.FUNCTION)",
        "All clients of the application together, as the caller of a call.",
    ),
    row(
        "any",
        "any(a)",
        "An actor of any type. With a function or a property: of the types that have it.",
    ),
];

/// The row of a keyword.
pub fn keyword(name: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|row| row.name == name)
}

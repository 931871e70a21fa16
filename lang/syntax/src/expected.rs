//! What the grammar expects, in human words: at most four of them.
//!
//! LALRPOP lists every terminal that could follow, some twenty wherever an expression may begin.
//! Here they are folded into what a person would name, and what would only distract is left out.

/// One terminal of the grammar in human words.
struct Row {
    /// The terminal as the grammar writes it.
    terminal: &'static str,
    /// What to call it.
    words: &'static str,
}

const fn row(terminal: &'static str, words: &'static str) -> Row {
    Row { terminal, words }
}

/// Most telling first: what is not among the first four found is not mentioned. A terminal that is
/// missing here is never mentioned by itself.
const TABLE: &[Row] = &[
    row(";", "`;`"),
    row("->", "`->`"),
    row(":", "`:`"),
    row("ref", "`ref`"),
    row(",", "`,`"),
    row(")", "`)`"),
    row("]", "`]`"),
    row("}", "`}`"),
    row("behavior", "a behavior"),
    row("<", "a comparison"),
    row("and", "`and`"),
    row("or", "`or`"),
    row("=>", "`=>`"),
    row("fn", "`fn`"),
    row("where", "`where`"),
    row("per", "`per`"),
    row("..", "`..`"),
    row("each", "`each`"),
    row("text", "a text in quotes"),
    row("on", "`on`"),
];

/// Shown only where nothing else is expected.
const LAST_RESORT: &[Row] = &[
    row(".", "`.`"),
    row("(", "`(`"),
    row("{", "`{`"),
    row("[", "`[`"),
    row("=", "`=`"),
    row("in", "`in`"),
];

/// At most this many are mentioned.
const WORDS_MAX: usize = 4;

/// The terminals that the grammar expects at some place.
pub(crate) struct Expected {
    terminals: Vec<String>,
}

impl Expected {
    /// Takes LALRPOP's list, in which terminals are quoted.
    pub(crate) fn new(quoted: &[String]) -> Expected {
        let terminals = quoted.iter().map(|text| text.trim_matches('"').to_owned());
        let mut expected = Expected {
            terminals: terminals.collect(),
        };
        if expected.has("=>") {
            // The grammar lets an unfinished rule end before the next item, the language does not.
            let items = ["rule", "param", "actor", "limit", "require"];
            expected.terminals.retain(|t| !items.contains(&t.as_str()));
        }
        if expected.has("number") && expected.has(":") {
            // Only to say that an attribute has no colon.
            let signs = [":", "=", "-"];
            expected.terminals.retain(|t| !signs.contains(&t.as_str()));
        }
        if expected.has("<") && expected.has(",") && !expected.has("and") {
            // Only to say that a comparison is no argument.
            let signs = ["<", "<=", ">", ">=", "==", "!=", "="];
            expected.terminals.retain(|t| !signs.contains(&t.as_str()));
        }
        if expected.has("?") && expected.has("<") {
            // Only to say that `List<File>` and `File[]` are written otherwise.
            expected.terminals.retain(|t| t != "<" && t != "[");
        }
        if expected.has("[") && expected.has(":") {
            // Only to say that attributes stand in brackets.
            expected.terminals.retain(|t| t != "(");
        }
        expected
    }

    /// Leaves comparisons out: they do not chain, although the grammar reads on after one.
    pub(crate) fn without_comparisons(mut self) -> Expected {
        let signs = ["<", "<=", ">", ">=", "==", "!=", "=", "in", "on", "not"];
        self.terminals.retain(|t| !signs.contains(&t.as_str()));
        self
    }

    /// Whether the terminal is expected.
    pub(crate) fn has(&self, terminal: &str) -> bool {
        self.terminals.iter().any(|t| t == terminal)
    }

    /// Whether a condition may begin. (`not` alone is that of `not in`, behind an operand.)
    pub(crate) fn begins_condition(&self) -> bool {
        self.has("not") && self.has("true")
    }

    /// Whether the terminal is the only one.
    pub(crate) fn is_only(&self, terminal: &str) -> bool {
        self.has(terminal) && self.terminals.len() == 1
    }

    /// The sign without which reading cannot go on, if there is just one such.
    pub(crate) fn missing_sign(&self) -> Option<&'static str> {
        const SIGNS: &[&str] = &[";", ":", "=", "]", "}", ")"];
        // What may also stand there, but need not.
        const OPTIONAL: &[&str] = &["[", "?", "-"];
        let mut needed = self.terminals.iter().map(String::as_str);
        let sign = needed.find(|t| !OPTIONAL.contains(t))?;
        let is_only = needed.all(|t| OPTIONAL.contains(&t));
        SIGNS.iter().copied().find(|s| is_only && *s == sign)
    }

    /// What is expected, at most four, most telling first.
    pub(crate) fn words(&self) -> Vec<&'static str> {
        let mut words: Vec<&'static str> = Vec::new();
        let rows = TABLE.iter().filter(|row| self.has(row.terminal));
        words.extend(rows.map(|row| row.words));
        if let Some(start) = self.start() {
            // What may begin here says more than a separator, less than a missing end.
            let separators = words
                .iter()
                .filter(|w| matches!(**w, "`;`" | "`=>`" | "`,`"));
            words.insert(separators.count(), start);
        }
        if words.is_empty() {
            let rows = LAST_RESORT.iter().filter(|row| self.has(row.terminal));
            words.extend(rows.map(|row| row.words));
        }
        if self.has("number") && self.has("text") {
            words.retain(|words| *words != "a text in quotes");
        }
        if self.has("in") && words == ["`on`"] {
            words.insert(0, "`in`");
        }
        words.truncate(WORDS_MAX);
        words
    }

    /// Whether a statement about a cluster may begin.
    pub(crate) fn is_at_statement(&self) -> bool {
        self.has("client") && self.has("upper") && !self.has("any")
    }

    /// The one name for everything that may begin here.
    fn start(&self) -> Option<&'static str> {
        let words = if self.has("rule") {
            "a rule"
        } else if self.begins_condition() {
            "a condition"
        } else if self.has("number") && self.has("[") {
            "a value"
        } else if self.has("number") && self.has("{") {
            "an argument"
        } else if self.has("number") && self.has("lower") {
            "a value"
        } else if self.has("number") {
            "a number"
        } else if self.is_at_statement() {
            "the next statement"
        } else if self.has("upper") && self.has("any") {
            "an actor type"
        } else if self.has("upper") || self.has("lower") {
            "a name"
        } else {
            return None;
        };
        Some(words)
    }
}

/// Joins words for a sentence: `` `)`, `and` or `or` ``.
pub(crate) fn joined(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

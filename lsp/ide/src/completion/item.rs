//! Which item of the file the cursor is in, however broken the text is.

use plasma_model::behavior_row;
use plasma_syntax::Lexeme;

/// The item that is not over before the cursor.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenItem<'a, 't> {
    pub(super) kind: ItemKind,
    /// Its lexemes before the cursor; none if an item could begin at the cursor.
    pub(super) lexemes: &'a [Lexeme<'t>],
}

/// What an item begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    Actor,
    Param,
    Use,
    Def,
    Limit,
    Require,
    /// A rule with a name.
    NamedRule,
    /// A rule that begins with its condition.
    Rule,
    /// A test.
    Test,
}

/// The item that the end of the lexemes lies in.
pub(super) fn open_item<'a, 't>(lexemes: &'a [Lexeme<'t>]) -> OpenItem<'a, 't> {
    let mut rest = lexemes;
    loop {
        let kind = kind(rest);
        match end(kind, rest).and_then(|end| rest.get(end..)) {
            Some(after) => rest = after,
            None => {
                let lexemes = rest;
                return OpenItem { kind, lexemes };
            }
        }
    }
}

fn kind(lexemes: &[Lexeme<'_>]) -> ItemKind {
    let mut texts = lexemes.iter().map(|l| l.text);
    let (head, next) = (texts.next(), texts.next());
    let is_name = lexemes.get(1).is_some_and(Lexeme::is_word) && !is_operator(next);
    // These words are names where they are used as such.
    match (head, next) {
        (Some("rule"), None | Some("[" | ":")) => ItemKind::NamedRule,
        (Some("rule"), _) if is_name => ItemKind::NamedRule,
        (Some("param"), None | Some("=")) => ItemKind::Param,
        (Some("param"), _) if is_name => ItemKind::Param,
        (Some("use"), None) => ItemKind::Use,
        (Some("use"), _) if is_name => ItemKind::Use,
        (Some("def"), None) => ItemKind::Def,
        (Some("def"), _) if is_name => ItemKind::Def,
        (Some("limit"), _) if is_name => ItemKind::Limit,
        (Some("limit"), None) => ItemKind::Limit,
        (Some("require"), None) => ItemKind::Require,
        (Some("require"), _) if is_name => ItemKind::Require,
        (Some("test"), None) => ItemKind::Test,
        (Some("test"), Some(name)) if name.starts_with('"') => ItemKind::Test,
        (Some("actor"), None | Some("{")) => ItemKind::Actor,
        (Some("actor"), _) if is_name => ItemKind::Actor,
        _ => ItemKind::Rule,
    }
}

fn is_operator(word: Option<&str>) -> bool {
    matches!(word, Some("and" | "or" | "in"))
}

/// One past the item that the lexemes begin with; `None` if it can go on behind them.
fn end(kind: ItemKind, lexemes: &[Lexeme<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    let mut has_arrow = false;
    for (at, lexeme) in lexemes.iter().enumerate() {
        let rest = lexemes.get(at..)?;
        if at > 0 && begins_item(rest) {
            return Some(at);
        }
        let after = rest.get(1..)?;
        let is_over = match (kind, lexeme.text) {
            (ItemKind::Actor | ItemKind::Test, "{") => {
                depth += 1;
                false
            }
            (ItemKind::Actor | ItemKind::Test, "}") => {
                depth = depth.saturating_sub(1);
                depth == 0
            }
            (ItemKind::Actor | ItemKind::Test, ";") => depth == 0,
            (
                ItemKind::Param
                | ItemKind::Use
                | ItemKind::Def
                | ItemKind::Limit
                | ItemKind::Require,
                ";",
            ) => true,
            (_, text) if is_arrow(text) => {
                has_arrow = true;
                false
            }
            (_, ";") => !has_arrow || !(after.is_empty() || begins_behavior(after)),
            _ => false,
        };
        if is_over {
            return Some(at + 1);
        }
    }
    None
}

/// `=>`, in whichever letters.
pub(super) fn is_arrow(text: &str) -> bool {
    matches!(text, "=>" | "⇒")
}

/// Whether no other thing than an item begins so; the one before may be without its end.
fn begins_item(lexemes: &[Lexeme<'_>]) -> bool {
    let [head, name, sign, ..] = lexemes else {
        return false;
    };
    let is_head = match head.text {
        "rule" => matches!(sign.text, ":" | "["),
        "param" => sign.text == "=",
        "actor" => sign.text == "{",
        "require" | "def" => sign.text == "(",
        "use" => matches!(sign.text, "." | ";" | "with"),
        "limit" => matches!(name.text, "migrations" | "servers"),
        _ => false,
    };
    is_head && name.is_word()
}

fn begins_behavior(lexemes: &[Lexeme<'_>]) -> bool {
    match lexemes {
        [name, open, ..] => open.text == "(" && behavior_row(name.text).is_some(),
        _ => false,
    }
}

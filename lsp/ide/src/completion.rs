//! What can stand at the cursor, told by the words before it: works in broken text.

use plasma_check::schema::{ActorType, PropertyKind};
use plasma_diagnostic::Span;
use plasma_model::{BEHAVIORS, METRICS, MetricScope, Parameter, behavior_row, metric_row};

use crate::hover::{
    behavior_markdown, function_markdown, keyword_markdown, metric_markdown, property_markdown,
    property_type, section, signature, statistic_markdown, type_markdown,
};
use crate::scan::{Lexeme, scan};
use crate::{Analysis, keyword};

/// What an item stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A word of the language.
    Keyword,
    /// An actor type.
    Type,
    /// A property of an actor.
    Property,
    /// A function of an actor.
    Function,
    /// A metric or a statistic.
    Metric,
    /// A behavior.
    Behavior,
    /// A variable.
    Variable,
    /// A parameter.
    Param,
}

/// Something that can stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletionItem {
    /// What is shown and, if it is typed, matched.
    pub label: String,
    /// What it stands for.
    pub kind: CompletionKind,
    /// Its type, unit or signature.
    pub detail: String,
    /// Its documentation, in markdown.
    pub docs: String,
    /// What is inserted: a snippet of the protocol, with `${1:name}` where arguments go.
    pub insert: String,
    /// What is replaced: the word before the cursor.
    pub replace: Span,
}

/// What can stand at a byte of the document.
pub fn completion(analysis: &Analysis, offset: u32) -> Vec<CompletionItem> {
    let before = analysis.text().get(..offset as usize);
    let Some(mut lexemes) = before.and_then(scan) else {
        return Vec::new();
    };
    let mut start = offset;
    if let Some(word) = lexemes.pop_if(|l| l.is_word() && l.end() == offset as usize) {
        start = word.start as u32;
    }
    let replace = Span::new(analysis.file, start, offset);
    let mut offers = Offers {
        analysis,
        lexemes,
        replace,
        items: Vec::new(),
    };
    offers.fill();
    offers.items
}

struct Offers<'a> {
    analysis: &'a Analysis,
    /// What stands before the word at the cursor.
    lexemes: Vec<Lexeme<'a>>,
    replace: Span,
    items: Vec<CompletionItem>,
}

impl<'a> Offers<'a> {
    fn fill(&mut self) {
        let end = self.lexemes.len();
        if self.word(end, 1) == "." {
            return self.after_dot(end - 1);
        }
        if let Some(open) = self.enclosing(end) {
            return self.within(open, end);
        }
        match self.word(end, 1) {
            "=>" => self.behaviors(),
            ";" => {
                self.behaviors();
                self.items_of_file();
            }
            "" | "}" => self.items_of_file(),
            "in" => self.keywords(&["ref"]),
            "rule" | "param" | "actor" | "=" => {}
            ":" | "and" | "or" | "not" => self.operands(),
            "<" | ">" | "<=" | ">=" | "==" | "!=" => self.params(),
            _ => self.keywords(&["and", "or", "in"]),
        }
    }

    /// The text of the lexeme `back` places before `end`; empty if there is none.
    fn word(&self, end: usize, back: usize) -> &'a str {
        let place = end.checked_sub(back);
        place
            .and_then(|place| self.lexemes.get(place))
            .map_or("", |l| l.text)
    }

    /// The place of the bracket that is open before `end`.
    fn enclosing(&self, end: usize) -> Option<usize> {
        let mut depth = 0usize;
        for place in (0..end).rev() {
            match self.word(place + 1, 1) {
                ")" | "}" | "]" => depth += 1,
                "(" | "{" | "[" if depth == 0 => return Some(place),
                "(" | "{" | "[" => depth -= 1,
                ";" | "=>" if depth == 0 => return None,
                _ => {}
            }
        }
        None
    }

    fn within(&mut self, open: usize, end: usize) {
        let head = self.word(open, 1);
        match self.word(open + 1, 1) {
            "{" if head == "(" => self.types(),
            "{" => self.keywords(&["fn"]),
            "[" => self.keywords(&["priority"]),
            _ if head == "call" || head == "ref" => self.actors(),
            _ => match behavior_row(head) {
                Some(row) => {
                    let commas = self.lexemes.get(open..end).unwrap_or(&[]);
                    let place = commas.iter().filter(|l| l.text == ",").count();
                    // The types of `{A, B}` are one argument.
                    let last = row.parameters.last().map(|p| p.1);
                    match row.parameters.get(place).map(|p| p.1).or(last) {
                        Some(Parameter::Actor) => self.actors(),
                        Some(Parameter::Resource) => self.resources(),
                        Some(Parameter::Types) | None => {}
                    }
                }
                None if head == "server" || head == "any" || self.actor(head).is_some() => {}
                None => self.operands(),
            },
        }
    }

    /// After the dot at `dot`.
    fn after_dot(&mut self, dot: usize) {
        let (base, at) = match self.word(dot, 1) {
            ")" => match self.enclosing(dot - 1) {
                Some(open) => (self.word(open, 1), open.saturating_sub(1)),
                None => return,
            },
            word => (word, dot.saturating_sub(1)),
        };
        let is_member = self.word(at, 1) == ".";
        match base {
            "server" => self.resources(),
            "client" => self.call(),
            _ if is_member => self.statistics(base),
            _ => self.after_actor(base, dot),
        }
    }

    fn after_actor(&mut self, base: &str, dot: usize) {
        let actor = self.actor(base).or_else(|| self.actor(self.type_of(base)?));
        let head = self.enclosing(dot).map_or("", |open| self.word(open, 1));
        let schema = self.analysis.schema();
        let owners: Vec<&ActorType> = match actor {
            Some(actor) => vec![actor],
            None => schema.types.iter().collect(),
        };
        match head {
            "call" => {
                for owner in owners {
                    for f in &owner.functions {
                        let docs = function_markdown(owner, f);
                        self.push(CompletionKind::Function, &f.name, &owner.name, docs);
                    }
                }
            }
            "ref" => {
                for owner in owners {
                    let is_reference = |kind| matches!(kind, PropertyKind::Reference { .. });
                    for p in owner.properties.iter().filter(|p| is_reference(p.kind)) {
                        let docs = property_markdown(schema, owner, p);
                        let detail = property_type(schema, p);
                        self.push(CompletionKind::Property, &p.name, &detail, docs);
                    }
                }
            }
            _ if self.type_of(base) == Some("server") => self.resources(),
            _ => {
                self.resources();
                self.keywords(&["server"]);
                self.call();
            }
        }
    }

    fn actor(&self, name: &str) -> Option<&'a ActorType> {
        self.analysis.schema().find(name).map(|(_, actor)| actor)
    }

    /// The word before `(variable)`, nearest before the cursor.
    fn type_of(&self, variable: &str) -> Option<&'a str> {
        let introduced = self.lexemes.windows(4).rev().find(|w| {
            matches!(w, [_, open, name, close]
                if open.text == "(" && name.text == variable && close.text == ")")
        });
        introduced.and_then(|w| w.first()).map(|word| word.text)
    }

    fn items_of_file(&mut self) {
        self.keywords(&["rule", "param", "actor"]);
        self.operands();
    }

    fn operands(&mut self) {
        self.keywords(&["server", "client", "not", "true", "false"]);
        self.actors();
        self.params();
    }

    fn actors(&mut self) {
        self.variables();
        self.types();
    }

    fn types(&mut self) {
        for actor in &self.analysis.schema().types {
            self.push(
                CompletionKind::Type,
                &actor.name,
                "actor type",
                type_markdown(actor),
            );
        }
        self.keywords(&["any"]);
    }

    /// The variables that the rule introduces before the cursor.
    fn variables(&mut self) {
        let ends = |l: &Lexeme<'_>| matches!(l.text, "rule" | "}");
        let begin = self.lexemes.iter().rposition(ends).unwrap_or(0);
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for w in self.lexemes.get(begin..).unwrap_or(&[]).windows(4) {
            if let [kind, open, name, close] = w {
                let is_kind =
                    matches!(kind.text, "any" | "server") || self.actor(kind.text).is_some();
                let is_new = !seen.iter().any(|(seen, _)| *seen == name.text);
                if is_kind && open.text == "(" && close.text == ")" && is_new {
                    seen.push((name.text, kind.text));
                }
            }
        }
        for (name, kind) in seen {
            let docs = section(&format!("{name}: {kind}"), "A variable of this rule.");
            self.push(CompletionKind::Variable, name, kind, docs);
        }
    }

    fn params(&mut self) {
        for param in &self.analysis.checked.program.params {
            let docs = section(&format!("param {}", param.name), &param.docs);
            self.push(CompletionKind::Param, &param.name, "parameter", docs);
        }
    }

    fn resources(&mut self) {
        for row in METRICS.iter().filter(|row| row.scope != MetricScope::Call) {
            self.push(
                CompletionKind::Metric,
                row.name,
                "resource",
                metric_markdown(row),
            );
        }
    }

    fn statistics(&mut self, metric: &str) {
        let Some(metric) = metric_row(metric) else {
            return self.resources();
        };
        for row in metric.statistics {
            let docs = statistic_markdown(metric, row);
            self.push(CompletionKind::Metric, row.statistic.name(), row.unit, docs);
        }
    }

    fn call(&mut self) {
        if let Some(row) = metric_row("call") {
            self.push(
                CompletionKind::Metric,
                row.name,
                "calls",
                metric_markdown(row),
            );
            self.insert_last("call(${1:actor.function})".to_owned());
        }
    }

    fn behaviors(&mut self) {
        for row in BEHAVIORS {
            self.push(
                CompletionKind::Behavior,
                row.name,
                &signature(row),
                behavior_markdown(row),
            );
            let arguments = row
                .parameters
                .iter()
                .enumerate()
                .map(|(place, (name, kind))| {
                    let hole = format!("${{{}:{name}}}", place + 1);
                    if *kind == Parameter::Types {
                        format!("{{{hole}\\}}")
                    } else {
                        hole
                    }
                });
            let arguments: Vec<_> = arguments.collect();
            self.insert_last(format!("{}({});", row.name, arguments.join(", ")));
        }
    }

    fn keywords(&mut self, names: &[&str]) {
        for row in names.iter().filter_map(|name| keyword(name)) {
            self.push(
                CompletionKind::Keyword,
                row.name,
                row.usage,
                keyword_markdown(row),
            );
        }
    }

    fn insert_last(&mut self, insert: String) {
        if let Some(item) = self.items.last_mut() {
            item.insert = insert;
        }
    }

    fn push(&mut self, kind: CompletionKind, label: &str, detail: &str, docs: String) {
        self.items.push(CompletionItem {
            label: label.to_owned(),
            kind,
            detail: detail.to_owned(),
            docs,
            insert: label.to_owned(),
            replace: self.replace,
        });
    }
}

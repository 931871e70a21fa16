//! The items that fit a place.

use std::cell::OnceCell;
use std::rc::Rc;

use plasma_check::Files;
use plasma_check::schema::{ActorType, PropertyKind};
use plasma_diagnostic::Span;
use plasma_model::{
    AGGREGATES, Aggregate, BEHAVIORS, BehaviorRow, METRICS, Metric, MetricScope, Parameter,
    Statistic, WINDOW_FUNCTIONS, WindowFunction, metric_row,
};
use plasma_syntax::Lexeme;

use super::modules::Unused;
use super::place::{ATTRIBUTES, Place};
use super::{CompletionItem, CompletionKind, Cursor};
use crate::markdown::{
    aggregate_markdown, behavior_markdown, function_markdown, keyword_markdown, metric_markdown,
    property_markdown, property_type, section, statistic_markdown, type_markdown,
    window_function_markdown,
};
use crate::value_types::VALUE_TYPES;
use crate::{Analysis, keyword};

/// The items offered so far.
pub(super) struct Offers<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) cursor: &'a Cursor<'a, 'a>,
    /// The rule that the cursor is in, up to the cursor.
    pub(super) rule: &'a [Lexeme<'a>],
    pub(super) replace: Span,
    /// Where modules come from, if there are any.
    pub(super) files: Option<&'a dyn Files>,
    /// The modules that the document does not use, once they were looked for.
    pub(super) unused: OnceCell<Rc<[Unused]>>,
    pub(super) items: Vec<CompletionItem>,
}

impl<'a> Offers<'a> {
    /// Offers what fits a place.
    pub(super) fn fill(&mut self, place: Place<'_>) {
        match place {
            Place::Nothing => {}
            Place::ModulePath(words) => self.module_paths(words),
            Place::Item => self.items_of_file(),
            Place::Behavior => self.behaviors(),
            Place::BehaviorOrItem => {
                self.behaviors();
                // The next item knows nothing of this rule's variables.
                self.rule = &[];
                self.items_of_file();
            }
            Place::Declaration => self.keywords(&["fn"]),
            Place::PropertyType => self.property_types(),
            Place::About => {
                self.keywords(&["server", "any"]);
                self.property_types();
            }
            Place::Attribute { given } => {
                let attributes = ATTRIBUTES.iter().zip(given);
                let open = attributes.filter(|(_, given)| !given);
                self.keywords(&open.map(|(name, _)| *name).collect::<Vec<_>>());
            }
            Place::Words(words) => self.keywords(words),
            Place::TestStatement => {
                self.keywords(&[
                    "expect",
                    "eventually",
                    "never",
                    "always",
                    "at",
                    "server",
                    "client",
                ]);
                self.types();
            }
            Place::Expected => {
                self.behaviors();
                self.keywords(&["no", "not"]);
                self.test_names();
                self.calculations();
            }
            Place::TestName => self.test_names(),
            Place::RuleName => self.rule_names(),
            Place::Setting => self.params(),
            Place::Operand => {
                self.operands();
                self.calculations();
            }
            Place::Compared => {
                self.params();
                self.calculations();
            }
            Place::Connective { may_be_actor: true } => {
                self.keywords(&["and", "or", "in", "on", "over", "for"]);
            }
            Place::Connective { .. } => self.keywords(&["and", "or", "for"]),
            Place::Ref => self.keywords(&["ref"]),
            Place::Actor => self.actors(),
            Place::Server => self.servers(),
            Place::Type => self.types(),
            Place::TypeSet => self.type_sets(),
            Place::Resource => self.resources(),
            Place::ServerMember => self.server_members(),
            Place::Range => {
                self.types();
                self.keywords(&["server"]);
            }
            Place::Call => self.call(),
            Place::Statistic(metric) => self.statistics(metric),
            Place::Member(actor) if self.kind_of(actor) == Some("server") => self.server_members(),
            Place::Member(module) if self.is_module(module) => {
                self.definitions(&format!("{module}."));
            }
            Place::Member(actor) => self.members(actor),
            Place::Function(actor) => self.functions(actor),
            Place::Reference(actor) => self.references(actor),
        }
    }

    fn items_of_file(&mut self) {
        self.keywords(&[
            "rule", "param", "actor", "use", "def", "require", "limit", "test",
        ]);
        self.operands();
        self.unused_modules();
    }

    /// The actors and servers that the test introduces before the cursor.
    fn test_names(&mut self) {
        let mut seen: Vec<&str> = Vec::new();
        for pair in self.rule.windows(2) {
            let [kind, name] = pair else { continue };
            let is_type = kind.text.starts_with(|c: char| c.is_ascii_uppercase());
            let is_named = is_type && name.is_word() || kind.text == "server" && name.is_word();
            if is_named && !seen.contains(&name.text) {
                seen.push(name.text);
                let docs = section(&format!("{} {}", kind.text, name.text), "Of this test.");
                self.push(CompletionKind::Variable, name.text, kind.text, docs);
            }
        }
    }

    /// The rules that have a name.
    fn rule_names(&mut self) {
        let tree = self.analysis.tree();
        let rules = tree.rules();
        for (rule, name) in rules.filter_map(|rule| Some((rule, rule.name()?))) {
            let docs = section(&format!("rule {}", tree.name(name)), &tree.docs(rule.docs));
            self.push(CompletionKind::Rule, tree.name(name), "rule", docs);
        }
    }

    fn operands(&mut self) {
        self.keywords(&["server", "client", "not", "true", "false"]);
        self.variables(|_| true);
        self.types();
        self.params();
        self.definitions("");
        self.definitions_of_unused();
    }

    /// Whether the document uses a module of this name.
    fn is_module(&self, name: &str) -> bool {
        let mut modules = self.analysis.checked.program.modules.iter();
        self.kind_of(name).is_none() && modules.any(|m| m.prefix.strip_suffix('.') == Some(name))
    }

    /// The definitions behind a prefix: those of a module, or of the document itself.
    fn definitions(&mut self, prefix: &str) {
        let analysis = self.analysis;
        for definition in &analysis.checked.program.definitions {
            let name = definition.name.strip_prefix(prefix);
            let Some(name) = name.filter(|name| !name.contains('.')) else {
                continue;
            };
            let signature = definition.signature.strip_prefix(prefix).unwrap_or(name);
            let docs = section(&format!("def {}", definition.signature), &definition.docs);
            self.push(CompletionKind::Definition, name, signature, docs);
            let arguments = signature.strip_prefix(name).unwrap_or("()");
            self.give_arguments(format!("{name}{}", holes(arguments)));
        }
    }

    fn calculations(&mut self) {
        self.aggregates();
        self.window_functions();
    }

    fn aggregates(&mut self) {
        self.keywords(&["abs"]);
        self.give_arguments("abs(${1:number})".to_owned());
        for row in AGGREGATES {
            let docs = aggregate_markdown(row);
            self.push(CompletionKind::Function, row.name, "aggregate", docs);
            let name = row.name;
            self.give_arguments(match row.aggregate {
                Aggregate::Count => format!("{name}(${{1:Type(v)}} where ${{2:condition}})"),
                _ => format!("{name}(${{1:number}} for ${{2:server(s)}})"),
            });
        }
    }

    /// What is made of a value over time.
    fn window_functions(&mut self) {
        for row in WINDOW_FUNCTIONS {
            let docs = window_function_markdown(row);
            self.push(CompletionKind::Function, row.name, "over time", docs);
            let name = row.name;
            self.give_arguments(match row.function {
                WindowFunction::Forecast => format!("{name}(${{1:value}}, ${{2:60s}})"),
                _ => format!("{name}(${{1:value}} over ${{2:60s}})"),
            });
        }
    }

    fn actors(&mut self) {
        self.variables(|kind| kind != "server");
        self.types();
    }

    /// The servers that a behavior can be about: those that have a name, and the hosts of actors.
    fn servers(&mut self) {
        self.variables(|kind| kind == "server");
        let first = self.items.len();
        self.variables(|kind| kind != "server");
        for host in self.items.get_mut(first..).unwrap_or_default() {
            host.docs = section(&format!("{}.server", host.label), "The host of the actor.");
            host.label += ".server";
            host.insert.clone_from(&host.label);
            "server".clone_into(&mut host.detail);
        }
        self.keywords(&["server"]);
        self.give_arguments("server(${1:s})".to_owned());
    }

    fn types(&mut self) {
        for actor in &self.analysis.schema().types {
            let docs = type_markdown(actor);
            self.push(CompletionKind::Type, &actor.name, "actor type", docs);
        }
        self.keywords(&["any"]);
    }

    /// The types with the braces that are still missing.
    fn type_sets(&mut self) {
        self.types();
        for item in &mut self.items {
            item.snippet = Some(format!("{{${{1:{}}}\\}}", item.insert));
            item.insert = format!("{{{}}}", item.insert);
        }
    }

    fn property_types(&mut self) {
        for actor in &self.analysis.schema().types {
            let docs = type_markdown(actor);
            self.push(CompletionKind::Type, &actor.name, "actor type", docs);
        }
        for row in VALUE_TYPES {
            let docs = keyword_markdown(row);
            self.push(CompletionKind::Keyword, row.name, "published value", docs);
        }
    }

    /// The variables that the rule introduces before the cursor, of the kinds that fit: the word
    /// before `(variable)`.
    fn variables(&mut self, fits: impl Fn(&str) -> bool) {
        let mut seen: Vec<&str> = Vec::new();
        for (kind, name) in introductions(self.rule) {
            if fits(kind) && !seen.contains(&name) {
                seen.push(name);
                let docs = section(&format!("{name}: {kind}"), "A variable of this rule.");
                self.push(CompletionKind::Variable, name, kind, docs);
            }
        }
    }

    /// What a variable of the rule is of: a type, `any` or `server`.
    fn kind_of(&self, variable: &str) -> Option<&'a str> {
        let mut introduced = introductions(self.rule);
        introduced
            .find(|(_, name)| *name == variable)
            .map(|(kind, _)| kind)
    }

    /// The type of an actor; all of them if it may be of any.
    fn owners(&self, actor: &str) -> Vec<&'a ActorType> {
        let schema = self.analysis.schema();
        let find = |name: &str| schema.find(name).map(|(_, found)| found);
        match find(actor).or_else(|| find(self.kind_of(actor)?)) {
            Some(found) => vec![found],
            None => schema.types.iter().collect(),
        }
    }

    fn members(&mut self, actor: &str) {
        self.resources();
        self.gauges(false);
        self.keywords(&["server"]);
        self.call();
        self.properties(actor, |kind| matches!(kind, PropertyKind::Value(_)));
    }

    fn server_members(&mut self) {
        self.resources();
        self.gauges(true);
        self.keywords(&["label"]);
        self.give_arguments("label(\"${1:zone}\")".to_owned());
    }

    fn gauges(&mut self, of_servers: bool) {
        for row in METRICS {
            if let (MetricScope::Gauge(gauge), [value]) = (row.scope, row.statistics)
                && gauge.is_of_server() == of_servers
            {
                let docs = metric_markdown(row);
                self.push(CompletionKind::Metric, row.name, value.unit, docs);
            }
        }
    }

    fn functions(&mut self, actor: &str) {
        for owner in self.owners(actor) {
            for f in &owner.functions {
                let docs = function_markdown(owner, f);
                self.push(CompletionKind::Function, &f.name, &owner.name, docs);
            }
        }
    }

    fn references(&mut self, actor: &str) {
        self.properties(actor, |kind| matches!(kind, PropertyKind::Reference { .. }));
    }

    fn properties(&mut self, actor: &str, fits: impl Fn(PropertyKind) -> bool) {
        let schema = self.analysis.schema();
        for owner in self.owners(actor) {
            for p in owner.properties.iter().filter(|p| fits(p.kind)) {
                let docs = property_markdown(schema, owner, p);
                let detail = property_type(schema, p);
                self.push(CompletionKind::Property, &p.name, &detail, docs);
            }
        }
    }

    fn params(&mut self) {
        let own = self.analysis.checked.program.params.iter();
        for param in own.filter(|param| !param.name.contains('.')) {
            let docs = section(&format!("param {}", param.name), &param.docs);
            self.push(CompletionKind::Param, &param.name, "parameter", docs);
        }
    }

    fn resources(&mut self) {
        for row in METRICS.iter().filter(|row| is_resource(row)) {
            let docs = metric_markdown(row);
            self.push(CompletionKind::Metric, row.name, "resource", docs);
        }
    }

    fn statistics(&mut self, metric: &str) {
        let Some(metric) = metric_row(metric) else {
            return;
        };
        let named = metric.statistics.iter();
        for row in named.filter(|row| row.statistic != Statistic::Value) {
            let docs = statistic_markdown(metric, row);
            self.push(CompletionKind::Metric, row.statistic.name(), row.unit, docs);
        }
    }

    fn call(&mut self) {
        if let Some(row) = metric_row("call") {
            let docs = metric_markdown(row);
            self.push(CompletionKind::Metric, row.name, "calls", docs);
            self.give_arguments("call(${1:actor.function})".to_owned());
        }
    }

    fn behaviors(&mut self) {
        for row in BEHAVIORS {
            let docs = behavior_markdown(row);
            self.push(CompletionKind::Behavior, row.name, &row.signature(), docs);
            self.give_arguments(behavior_snippet(row));
        }
    }

    fn keywords(&mut self, names: &[&str]) {
        for row in names.iter().filter_map(|name| keyword(name)) {
            let docs = keyword_markdown(row);
            self.push(CompletionKind::Keyword, row.name, row.usage, docs);
        }
    }

    /// Gives the last item its arguments, unless the text has them.
    fn give_arguments(&mut self, snippet: String) {
        if let Some(item) = self.items.last_mut() {
            item.snippet = (!self.cursor.has_arguments).then_some(snippet);
        }
    }

    pub(super) fn push(&mut self, kind: CompletionKind, label: &str, detail: &str, docs: String) {
        use CompletionKind::{Function, Property, Type};
        let is_inferred = !self.analysis.schema().declared;
        let is_of_schema = matches!(kind, Type | Property | Function);
        if is_inferred && is_of_schema && self.cursor.is_only_here(label) {
            return;
        }
        self.items.push(CompletionItem {
            label: label.to_owned(),
            kind,
            detail: detail.to_owned(),
            docs,
            insert: label.to_owned(),
            snippet: None,
            replace: self.replace,
            also: None,
        });
    }
}

fn is_resource(row: &Metric) -> bool {
    matches!(row.scope, MetricScope::Resource(_))
}

/// `Type(variable)`, `any(variable)` and `server(variable)` in a rule, and what a definition is about: the
/// kind and the variable.
fn introductions<'a>(rule: &'a [Lexeme<'a>]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let head = match rule.first() {
        Some(def) if def.text == "def" => rule.iter().position(|l| l.text == "="),
        _ => None,
    };
    let params = rule.get(..head.unwrap_or(0)).unwrap_or(&[]).windows(3);
    let params = params.filter_map(|w| match w {
        [name, colon, kind] if colon.text == ":" => Some((kind.text, name.text)),
        _ => None,
    });
    let introduced = rule.windows(4).filter_map(|w| match w {
        [kind, open, name, close] if open.text == "(" && close.text == ")" => {
            let is_type = kind.text.starts_with(|c: char| c.is_ascii_uppercase());
            let is_kind = is_type || matches!(kind.text, "any" | "server");
            (is_kind && name.is_word()).then_some((kind.text, name.text))
        }
        _ => None,
    });
    params.chain(introduced)
}

/// `(s: server, by: percent)` as arguments to be filled in: `(${1:s}, ${2:by})`.
fn holes(params: &str) -> String {
    let inner = params.trim_start_matches('(').trim_end_matches(')');
    let names = inner.split(',').filter(|param| !param.trim().is_empty());
    let holes = names.enumerate().map(|(place, param)| {
        let name = param.split(':').next().unwrap_or("").trim();
        format!("${{{}:{name}}}", place + 1)
    });
    format!("({})", holes.collect::<Vec<_>>().join(", "))
}

fn behavior_snippet(row: &BehaviorRow) -> String {
    let parameters = row.parameters.iter().enumerate();
    let arguments = parameters.map(|(place, (name, kind))| {
        let hole = format!("${{{}:{name}}}", place + 1);
        match kind {
            Parameter::Types => format!("{{{hole}\\}}"),
            Parameter::Label => format!("by \"{hole}\""),
            Parameter::Message => format!("\"{hole}\""),
            Parameter::Actor | Parameter::Server | Parameter::Resource | Parameter::Count => hole,
        }
    });
    let arguments: Vec<_> = arguments.collect();
    format!("{}({});", row.name, arguments.join(", "))
}

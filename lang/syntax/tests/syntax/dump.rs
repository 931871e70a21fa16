//! Trees as compact s-expressions, written with the public interface only.

use plasma_syntax::Number;
use plasma_syntax::cluster::{
    CallerName, ClusterTree, Field, FieldValue, Figure, SeriesEntry, SeriesShape, Statement,
};
use plasma_syntax::tree::{
    ActorDecl, AllowDecl, AttributeName, BehaviorCall, DefDecl, Docs, Expectation, ExprId,
    ExprKind, ExprList, Item, LimitDecl, LimitShape, Member, MemberKind, Name, Rule, Sense,
    TestDecl, TestStatement, Tree, TypeShape, UseDecl, Wanted, WordKind,
};

/// A policy, one line an item and one more for each of its parts.
pub(crate) fn tree(tree: &Tree) -> String {
    let mut out = String::new();
    for item in tree.items() {
        match item {
            Item::Actor(actor) => actor_decl(tree, actor, &mut out),
            Item::Param(param) => {
                out += &docs(tree, param.docs, "");
                let name = name(tree, param.name);
                out += &format!("(param {name} {})\n", expr(tree, param.value));
            }
            Item::Use(module) => use_decl(tree, module, &mut out),
            Item::Def(definition) => def_decl(tree, definition, &mut out),
            Item::Require(requirement) => rule_decl(tree, "require", requirement, &mut out),
            Item::Limit(limit) => limit_decl(tree, limit, &mut out),
            Item::Rule(rule) => rule_decl(tree, "rule", rule, &mut out),
            Item::Test(test) => test_decl(tree, test, &mut out),
            Item::Allow(allow) => {
                out += &docs(tree, allow.docs, "");
                out += &format!("({})\n", allow_decl(tree, *allow));
            }
        }
    }
    for stray in tree.stray_docs() {
        out += &format!("(stray-doc {:?})\n", tree.text(*stray));
    }
    out
}

fn use_decl(tree: &Tree, module: &UseDecl, out: &mut String) {
    let path: Vec<&str> = module.path.iter().map(|name| tree.name(*name)).collect();
    let settings = module.settings.iter().map(|setting| {
        let value = expr(tree, setting.value);
        format!(" (set {} {value})", tree.name(setting.name))
    });
    let settings: String = settings.collect();
    out.push_str(&docs(tree, module.docs, ""));
    out.push_str(&format!("(use {}{settings})\n", path.join(".")));
}

fn def_decl(tree: &Tree, definition: &DefDecl, out: &mut String) {
    let params = definition.params.iter().map(|param| {
        let ty = param.ty.map_or("?", |ty| tree.name(ty.name));
        format!(" ({} {ty})", tree.name(param.name))
    });
    let params: String = params.collect();
    let body = expr(tree, definition.body);
    out.push_str(&docs(tree, definition.docs, ""));
    let name = tree.name(definition.name);
    out.push_str(&format!("(def {name}{params} {body})\n"));
}

fn docs(tree: &Tree, docs: Docs, indent: &str) -> String {
    let text = tree.docs(docs);
    if text.is_empty() {
        return String::new();
    }
    format!("{indent}(doc {text:?})\n")
}

fn name(tree: &Tree, name: Option<Name>) -> &str {
    name.map_or("_", |name| tree.name(name))
}

fn actor_decl(tree: &Tree, actor: &ActorDecl, out: &mut String) {
    *out += &docs(tree, actor.docs, "");
    *out += &format!("(actor {}", name(tree, actor.name));
    for member in &actor.members {
        *out += "\n";
        *out += &docs(tree, member.docs, "  ");
        *out += &format!("  {}", member_decl(tree, member));
    }
    *out += ")\n";
}

fn member_decl(tree: &Tree, member: &Member) -> String {
    let member_name = name(tree, member.name);
    match member.kind {
        MemberKind::Function => format!("(fn {member_name})"),
        MemberKind::Property(None) => format!("(property {member_name} _)"),
        MemberKind::Property(Some(ty)) => {
            let type_name = name(tree, ty.name);
            let ty = match ty.shape {
                TypeShape::One => type_name.to_owned(),
                TypeShape::Optional => format!("(optional {type_name})"),
                TypeShape::List => format!("(list {type_name})"),
            };
            format!("(property {member_name} {ty})")
        }
    }
}

fn limit_decl(tree: &Tree, limit: &LimitDecl, out: &mut String) {
    *out += &docs(tree, limit.docs, "");
    *out += &format!("(limit {}", tree.name(limit.what));
    *out += &match limit.shape {
        LimitShape::Rate {
            count,
            window,
            each,
        } => {
            let each = each.map_or(String::new(), |each| {
                format!(" (each {})", expr(tree, each))
            });
            format!(
                " (per {} {}){each})\n",
                expr(tree, count),
                expr(tree, window)
            )
        }
        LimitShape::Range { least, most } => {
            format!(" (range {} {}))\n", expr(tree, least), expr(tree, most))
        }
    };
}

fn test_decl(tree: &Tree, test: &TestDecl, out: &mut String) {
    *out += &docs(tree, test.docs, "");
    *out += &format!("(test {:?}", tree.text_value(test.name));
    for attribute in &test.attributes {
        *out += &format!(
            " ({} {})",
            attribute.name.word(),
            expr(tree, attribute.value)
        );
    }
    let cluster = |statements: &[Statement]| {
        let said = ClusterTree::of_policy(tree, statements.to_vec());
        statements
            .iter()
            .map(|s| format!("\n  {}", statement(&said, s)))
            .collect::<String>()
    };
    for statement in &test.statements {
        *out += &match statement {
            TestStatement::Cluster(statement) => cluster(std::slice::from_ref(statement)),
            TestStatement::At {
                time, statements, ..
            } => {
                let statements = cluster(statements).replace('\n', "\n  ");
                format!("\n  (at {}{statements})", expr(tree, *time))
            }
            TestStatement::Expectation(expectation) => {
                format!("\n  {}", expectation_decl(tree, expectation))
            }
        };
    }
    *out += ")\n";
}

fn expectation_decl(tree: &Tree, expectation: &Expectation) -> String {
    let wanted = match &expectation.wanted {
        Wanted::NoActions => "no-actions".to_owned(),
        Wanted::Condition(condition) => expr(tree, *condition),
        Wanted::Behavior {
            call,
            is_negated,
            by,
        } => {
            let by = by.map(|by| format!(" (by {})", tree.name(by)));
            let not = if *is_negated { "not " } else { "" };
            format!(
                "{not}{}{}",
                behavior_call(tree, call),
                by.unwrap_or_default()
            )
        }
    };
    let timed = |word: &str, value: Option<ExprId>| {
        value.map_or(String::new(), |value| {
            format!(" ({word} {})", expr(tree, value))
        })
    };
    let (at, within) = (
        timed("at", expectation.at),
        timed("within", expectation.within),
    );
    format!(
        "({} {wanted}{at}{within})",
        tree.text(expectation.mode_span)
    )
}

fn allow_decl(tree: &Tree, allow: AllowDecl) -> String {
    let part = |part: Option<_>| part.map_or("_", |span| tree.text(span));
    let lint = tree.text(allow.lint);
    format!("allow {lint} {} {}", part(allow.reason), part(allow.until))
}

fn rule_decl(tree: &Tree, word: &str, rule: &Rule, out: &mut String) {
    *out += &docs(tree, rule.docs, "");
    *out += &format!("({word}");
    if let Some(head) = &rule.head {
        *out += &format!(" {}", name(tree, head.name));
        for attribute in &head.attributes {
            let which = match attribute.name {
                AttributeName::Unknown => "_",
                known => known.word(),
            };
            *out += &match attribute.allow {
                Some(allow) => format!(" ({})", allow_decl(tree, allow)),
                None => format!(" ({which} {})", expr(tree, attribute.value)),
            };
        }
    }
    *out += &format!("\n  {}", expr(tree, rule.condition));
    for behavior in tree.behaviors(rule) {
        *out += &format!("\n  {}", behavior_call(tree, behavior));
    }
    *out += ")\n";
}

fn behavior_call(tree: &Tree, behavior: &BehaviorCall) -> String {
    let args = list(tree, behavior.args);
    format!("(do {}{args})", name(tree, behavior.name))
}

/// An expression.
pub(crate) fn expr(tree: &Tree, id: ExprId) -> String {
    let found = tree.expr(id);
    match found.kind {
        ExprKind::Hole => "_".to_owned(),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Number(value) => number(value),
        ExprKind::Word(word) => match word.kind {
            WordKind::Lower | WordKind::Upper => tree.name(word.name).to_owned(),
            WordKind::Any | WordKind::Server | WordKind::Client => {
                format!("<{}>", tree.name(word.name))
            }
        },
        ExprKind::Call { word, args } => {
            format!("(call {}{})", tree.name(word.name), list(tree, args))
        }
        ExprKind::Member { base, name, args } => {
            let member = self::name(tree, name);
            match args {
                None => format!("(. {} {member})", expr(tree, base)),
                Some(args) => {
                    let args = list(tree, args);
                    format!("(. {} ({member}{args}))", expr(tree, base))
                }
            }
        }
        ExprKind::Types(types) => format!("(types{})", list(tree, types)),
        ExprKind::Paren(inner) => format!("(paren {})", expr(tree, inner)),
        ExprKind::Not(inner) => format!("(not {})", expr(tree, inner)),
        ExprKind::And(parts) => format!("(and{})", list(tree, parts)),
        ExprKind::Or(parts) => format!("(or{})", list(tree, parts)),
        ExprKind::Compare {
            op, left, right, ..
        } => format!("({} {} {})", op.text(), expr(tree, left), expr(tree, right)),
        ExprKind::InRef {
            actor,
            property,
            sense,
        } => {
            let (actor, property) = (expr(tree, actor), expr(tree, property));
            format!("({}in-ref {actor} {property})", negation(sense))
        }
        ExprKind::On { actor, host, sense } => {
            let (actor, host) = (expr(tree, actor), expr(tree, host));
            format!("({}on {actor} {host})", negation(sense))
        }
        ExprKind::Text => format!("{:?}", tree.text_value(found.span)),
        ExprKind::By(label) => format!("(by {})", expr(tree, label)),
        ExprKind::Minus(inner) => format!("(- {})", expr(tree, inner)),
        ExprKind::Arithmetic {
            op, left, right, ..
        } => format!("({} {} {})", op.text(), expr(tree, left), expr(tree, right)),
        ExprKind::Windowed { of, window } => {
            format!("(over {} {})", expr(tree, of), expr(tree, window))
        }
        ExprKind::Sustained { condition, window } => {
            format!("(for {} {})", expr(tree, condition), expr(tree, window))
        }
        ExprKind::Aggregate {
            word,
            of,
            ranges,
            filter,
        } => {
            let (word, of) = (tree.name(word.name), expr(tree, of));
            let filter = filter.map(|filter| format!(" (where {})", expr(tree, filter)));
            let filter = filter.unwrap_or_default();
            format!("({word} {of} (for{}){filter})", list(tree, ranges))
        }
    }
}

fn negation(sense: Sense) -> &'static str {
    match sense {
        Sense::Is => "",
        Sense::IsNot => "not-",
    }
}

fn list(tree: &Tree, list: ExprList) -> String {
    let parts = tree.list(list).iter();
    parts.map(|id| format!(" {}", expr(tree, *id))).collect()
}

fn number(number: Number) -> String {
    let unit = number.unit.map_or("", |unit| unit.text);
    format!("{}{unit}", number.value)
}

/// A cluster literal, one line a statement.
pub(crate) fn cluster(tree: &ClusterTree) -> String {
    let statements = tree.statements().iter();
    statements
        .map(|s| format!("{}\n", statement(tree, s)))
        .collect()
}

fn statement(tree: &ClusterTree, statement: &Statement) -> String {
    let name = |name: Option<Name>| name.map_or("_", |name| tree.name(name));
    match statement {
        Statement::Server(server) => {
            format!(
                "(server {}{})",
                name(server.name),
                fields(tree, &server.fields)
            )
        }
        Statement::Actor(actor) => {
            let host = actor.host.map(|host| format!(" (on {})", tree.name(host)));
            format!(
                "(actor {} {}{}{})",
                tree.name(actor.type_name),
                name(actor.name),
                host.unwrap_or_default(),
                fields(tree, &actor.fields)
            )
        }
        Statement::Calls(calls) => {
            let caller = match calls.caller {
                CallerName::Client(_) => "<client>",
                CallerName::Actor(actor) => tree.name(actor),
            };
            let (callee, function) = (name(calls.callee), name(calls.function));
            let figures: String = calls.figures.iter().map(figure).collect();
            format!("(calls {caller} {callee} {function}{figures})")
        }
    }
}

fn figure(figure: &Figure) -> String {
    figure
        .number
        .map_or(" _".to_owned(), |value| format!(" {}", number(value)))
}

fn series_entry(entry: &SeriesEntry) -> String {
    let known = |value: Option<Number>| value.map_or("_".to_owned(), number);
    let shape = match entry.shape {
        SeriesShape::Missing => "missing".to_owned(),
        SeriesShape::Value(value) => known(value),
        SeriesShape::Range { from, to, step } => {
            format!("({}..{} {})", known(from), known(to), known(step))
        }
    };
    match entry.times {
        1 => shape,
        times => format!("({shape} x{times})"),
    }
}

fn fields(tree: &ClusterTree, fields: &[Field]) -> String {
    let texts = fields.iter().map(|field| {
        let value = match &field.value {
            FieldValue::Hole => "_".to_owned(),
            FieldValue::Number(value) => number(*value),
            FieldValue::Bool(value) => value.to_string(),
            FieldValue::Missing => "missing".to_owned(),
            FieldValue::Series(entries) => {
                let entries = entries
                    .iter()
                    .map(|entry| format!(" {}", series_entry(entry)));
                format!("(series{})", entries.collect::<String>())
            }
            FieldValue::Text(text) => format!("{text:?}"),
            FieldValue::Names(names) => {
                let names = names.iter().map(|name| format!(" {}", tree.name(*name)));
                format!("(names{})", names.collect::<String>())
            }
            FieldValue::Texts(texts) => {
                let texts = texts.iter().map(|(key, text)| {
                    let key = tree.name(*key);
                    format!(" ({key} {text:?})")
                });
                format!("(texts{})", texts.collect::<String>())
            }
        };
        format!(" ({} {value})", tree.name(field.name))
    });
    texts.collect()
}

//! Generated policies: the words of any policy of the grammar, laid out anyhow.

use proptest::prelude::*;

/// The words and signs of a policy, item by item.
pub(super) type Words = Vec<String>;

/// A policy as a list of items; with actors and tests, whose blocks stay on one line if they are
/// written so, or without.
pub(super) fn policy(with_blocks: bool) -> impl Strategy<Value = Vec<Words>> {
    let item = if with_blocks {
        prop_oneof![
            3 => rule(),
            1 => param(),
            1 => module(),
            1 => definition(),
            1 => test(),
            1 => actor(),
        ]
        .boxed()
    } else {
        prop_oneof![3 => rule(), 1 => param(), 1 => module(), 1 => definition()].boxed()
    };
    prop::collection::vec(item, 0..5)
}

fn words(text: &str) -> Words {
    text.split_whitespace().map(str::to_owned).collect()
}

fn one_of(names: &'static [&'static str]) -> impl Strategy<Value = Words> + Clone {
    prop::sample::select(names).prop_map(words)
}

/// The parts one after the other, with a sign between them.
fn joined(parts: Vec<Words>, sign: &str) -> Words {
    let mut all = Words::new();
    for (place, part) in parts.into_iter().enumerate() {
        if place > 0 {
            all.extend(words(sign));
        }
        all.extend(part);
    }
    all
}

fn name() -> impl Strategy<Value = Words> + Clone {
    one_of(&["f", "x", "a_name_that_says_much", "rule", "on", "hot"])
}

fn type_name() -> impl Strategy<Value = Words> + Clone {
    one_of(&["Folder", "File", "A", "AnActorTypeWithALongName"])
}

fn number() -> impl Strategy<Value = Words> + Clone {
    one_of(&["80", "40%", "1.50", "10/s", "4KiB/s", "0", "30s"])
}

fn rule() -> BoxedStrategy<Words> {
    let head = prop_oneof![
        Just(Words::new()),
        name().prop_map(|name| joined(vec![words("rule"), name, words(":")], "")),
        (name(), -9..9i32).prop_map(|(name, priority)| {
            let priority = priority.to_string().replace('-', "- ");
            let attribute = words(&format!("[ priority {priority} ] :"));
            joined(vec![words("rule"), name, attribute], "")
        }),
    ];
    let behaviors = prop::collection::vec(behavior(), 1..5);
    (head, condition(), behaviors)
        .prop_map(|(head, condition, behaviors)| {
            let behaviors = behaviors.concat();
            joined(vec![head, condition, words("=>"), behaviors], "")
        })
        .boxed()
}

fn param() -> BoxedStrategy<Words> {
    let value = prop_oneof![number(), one_of(&["true", "false"])];
    (name(), value)
        .prop_map(|(name, value)| {
            joined(
                vec![words("param"), name, words("="), value, words(";")],
                "",
            )
        })
        .boxed()
}

/// A used module, with some of its parameters set.
fn module() -> BoxedStrategy<Words> {
    let path = prop::collection::vec(one_of(&["std", "hotspot", "rule", "with"]), 1..4);
    let value = prop_oneof![number(), one_of(&["true", "Folder", "any", "high"])];
    let setting = (one_of(&["share", "Primary", "with"]), value)
        .prop_map(|(name, value)| joined(vec![name, words("="), value], ""));
    let settings = prop::option::of(prop::collection::vec(setting, 0..4));
    (path, settings)
        .prop_map(|(path, settings)| {
            let mut parts = vec![words("use"), joined(path, ".")];
            if let Some(settings) = settings {
                parts.extend([words("with {"), joined(settings, ","), words("}")]);
            }
            parts.push(words(";"));
            joined(parts, "")
        })
        .boxed()
}

fn definition() -> BoxedStrategy<Words> {
    let about = one_of(&["server", "Folder", "any", "percent", "duration"]);
    let param = (name(), about).prop_map(|(name, ty)| joined(vec![name, words(":"), ty], ""));
    let params = prop::collection::vec(param, 0..4);
    let body = prop_oneof![condition(), quantity()];
    (
        one_of(&["busy", "a_definition_of_much", "pin"]),
        params,
        body,
    )
        .prop_map(|(name, params, body)| {
            let head = joined(vec![words("def"), name, words("(")], "");
            let params = joined(params, ",");
            joined(vec![head, params, words(") ="), body, words(";")], "")
        })
        .boxed()
}

fn actor() -> BoxedStrategy<Words> {
    let function = name().prop_map(|name| joined(vec![words("fn"), name, words(";")], ""));
    let shape = prop::sample::select(&[("", ""), ("", "?"), ("[", "]")][..]);
    let property = (name(), shape, type_name()).prop_map(|(name, (before, after), ty)| {
        let colon = words(&format!(": {before}"));
        joined(vec![name, colon, ty, words(&format!("{after} ;"))], "")
    });
    let members = prop::collection::vec(prop_oneof![function, property], 0..5);
    (type_name(), members)
        .prop_map(|(name, members)| {
            let members = members.concat();
            joined(
                vec![words("actor"), name, words("{"), members, words("}")],
                "",
            )
        })
        .boxed()
}

fn test() -> BoxedStrategy<Words> {
    let head = (
        one_of(&[r#"test "a" {"#, r#"test "of_much" [ period 1s ] {"#]),
        prop::collection::vec(test_statement(), 0..6),
        prop::collection::vec((timed(), cluster_statement()), 0..2),
    );
    head.prop_map(|(head, statements, later)| {
        let mut words_of = vec![head];
        words_of.extend(statements);
        for (at, statement) in later {
            words_of.extend([words("at"), at, words("{"), statement, words("}")]);
        }
        words_of.push(words("}"));
        joined(words_of, "")
    })
    .boxed()
}

fn timed() -> impl Strategy<Value = Words> + Clone {
    one_of(&["20s", "1m", "30s"])
}

/// What a field may hold: a number or a series, a text, names, labels.
fn literal() -> impl Strategy<Value = Words> + Clone {
    let other = one_of(&[r#""text""#, "true", "[ x , y ]", r#"{ zone : "a" }"#]);
    prop_oneof![2 => amounts(), 1 => other]
}

/// A number, or one for each period.
fn amounts() -> impl Strategy<Value = Words> + Clone {
    let entry = one_of(&[
        "10%",
        "_",
        "40% x5",
        "_ x2",
        "10%..90% step 20%",
        "30%..10% step 5%",
    ]);
    let series = prop::collection::vec(entry, 1..4)
        .prop_map(|entries| joined(vec![words("["), joined(entries, ","), words("]")], ""));
    prop_oneof![one_of(&["40%", "3", "2GB"]), series]
}

fn cluster_statement() -> BoxedStrategy<Words> {
    let field = (one_of(&["cpu", "mem", "files"]), literal())
        .prop_map(|(name, value)| joined(vec![name, words(":"), value], ""));
    let fields = || {
        prop::collection::vec(field.clone(), 1..3)
            .prop_map(|fields| joined(vec![words("{"), joined(fields, ","), words("}")], ""))
    };
    let server = fields().prop_map(|fields| joined(vec![words("server s1"), fields], ""));
    let actor = (type_name(), one_of(&["f", "x", "hot"]), fields())
        .prop_map(|(ty, name, fields)| joined(vec![ty, name, words("on s1"), fields], ""));
    let calls = (one_of(&["client", "f"]), one_of(&["40", "3, 4KiB, 2ms"]))
        .prop_map(|(from, count)| joined(vec![from, words("-> x . read :"), count], ""));
    prop_oneof![server, actor, calls].boxed()
}

fn test_statement() -> BoxedStrategy<Words> {
    let expected = || {
        let by = one_of(&["by hot", "by even"]);
        let behavior = one_of(&["pin ( f )", "migrate ( f , s1 )", "not reserve ( f )"]);
        let asked = (behavior.clone(), by).prop_map(|(asked, by)| joined(vec![asked, by], ""));
        prop_oneof![
            1 => one_of(&["no actions"]),
            1 => behavior,
            1 => asked,
            2 => condition(),
        ]
    };
    let expect = (expected(), prop::option::of(timed())).prop_map(|(expected, at)| {
        let at = at.map_or(Words::new(), |at| joined(vec![words("at"), at], ""));
        joined(vec![words("expect"), expected, at, words(";")], "")
    });
    let word = one_of(&["eventually", "never", "always"]);
    let temporal =
        (word, expected(), prop::option::of(timed())).prop_map(|(word, expected, within)| {
            let within = within.map_or(Words::new(), |t| joined(vec![words("within"), t], ""));
            joined(vec![word, expected, within, words(";")], "")
        });
    prop_oneof![3 => cluster_statement(), 2 => expect, 1 => temporal].boxed()
}

fn behavior() -> impl Strategy<Value = Words> {
    let behaviors = one_of(&[
        "pin",
        "reserve",
        "colocate",
        "separate",
        "balance",
        "drain",
        "migrate",
        "spread",
        "passivate",
        "checkpoint",
        "scale_out",
        "scale_in",
    ]);
    let types = prop::collection::vec(type_name(), 1..4)
        .prop_map(|types| joined(vec![words("{"), joined(types, ","), words("}")], ""));
    let label = one_of(&["by \"zone\"", "by zone"]);
    let argument = prop_oneof![6 => operand(), 2 => types, 1 => label];
    let arguments = prop::collection::vec(argument, 1..4);
    let placed = (behaviors, arguments).prop_map(|(name, arguments)| {
        let arguments = joined(arguments, ",");
        joined(vec![name, words("("), arguments, words(") ;")], "")
    });
    let alert = one_of(&[
        "alert ( \"hot\" ) ;",
        "alert ( \"{f}:{f.cpu.perc}{{x}}\" ) ;",
        "alert ( \"{s.label(\\\"zone\\\")}\" ) ;",
    ]);
    prop_oneof![9 => placed, 1 => alert]
}

fn window() -> impl Strategy<Value = Words> + Clone {
    one_of(&["30s", "5m", "for", "w", "over"])
}

/// Something with a value: names, features, numbers.
fn operand() -> BoxedStrategy<Words> {
    prop_oneof![3 => feature(), 1 => number()].boxed()
}

/// Names and what is measured.
fn feature() -> BoxedStrategy<Words> {
    let variable = (type_name(), name())
        .prop_map(|(ty, name)| joined(vec![ty, words("("), name, words(")")], ""));
    let head = prop_oneof![
        name(),
        type_name(),
        variable,
        one_of(&["server", "client", "any", "server ( s )"]),
    ];
    head.prop_recursive(3, 12, 2, |inner| {
        let member = (inner.clone(), name())
            .prop_map(|(base, name)| joined(vec![base, words("."), name], ""));
        let arguments = prop::collection::vec(inner.clone(), 0..3);
        let call = (inner, arguments).prop_map(|(base, arguments)| {
            let arguments = joined(arguments, ",");
            joined(vec![base, words(". call ("), arguments, words(")")], "")
        });
        prop_oneof![2 => member, 1 => call]
    })
    .boxed()
}

/// A side of a comparison: an operand, or something reckoned from operands.
fn quantity() -> BoxedStrategy<Words> {
    let sum = (operand(), one_of(&["+", "-", "*", "/"]), operand())
        .prop_map(|(left, sign, right)| joined(vec![left, sign, right], ""));
    let minus = operand().prop_map(|inner| joined(vec![words("-"), inner], ""));
    let ranges = prop::collection::vec(one_of(&["server ( s )", "Folder ( f )"]), 0..3);
    let aggregate = (
        one_of(&["avg", "count", "p99"]),
        one_of(&["f . cpu . perc", "Folder ( f )", "s . mem", "3"]),
        ranges,
        one_of(&["f . depth", "x"]),
    )
        .prop_map(|(word, of, ranges, kept)| {
            let mut parts = vec![word, words("("), of];
            if !ranges.is_empty() {
                parts.extend([words("for"), joined(ranges, ",")]);
            }
            parts.extend([words("where"), kept, words("> 3 )")]);
            joined(parts, "")
        });
    let windowed = (feature(), name(), window()).prop_map(|(of, name, window)| {
        joined(vec![of, words("."), name, words("over"), window], "")
    });
    let rate = windowed
        .clone()
        .prop_map(|of| joined(vec![words("rate ("), of, words(")")], ""));
    prop_oneof![6 => operand(), 1 => sum, 1 => minus, 1 => aggregate, 1 => windowed, 1 => rate]
        .boxed()
}

fn condition() -> BoxedStrategy<Words> {
    let comparison = (
        quantity(),
        one_of(&["<", "<=", ">", ">=", "==", "!="]),
        quantity(),
    )
        .prop_map(|(left, op, right)| joined(vec![left, op, right], ""));
    let in_ref = (operand(), one_of(&["in ref (", "not in ref ("]), operand()).prop_map(
        |(actor, relation, property)| joined(vec![actor, relation, property, words(")")], ""),
    );
    let relation = one_of(&["on", "not on"]);
    let on = (
        one_of(&["f", "Folder", "any ( a )"]),
        relation,
        one_of(&["s", "server ( s )", "f . server"]),
    )
        .prop_map(|(actor, relation, host)| joined(vec![actor, relation, host], ""));
    let atom = prop_oneof![
        1 => one_of(&["true", "false"]),
        4 => comparison,
        1 => in_ref,
        1 => on,
        1 => operand(),
    ];
    let sustained = (quantity(), window())
        .prop_map(|(left, window)| joined(vec![left, words("< 3 for"), window], ""));
    let atom = prop_oneof![9 => atom, 1 => sustained];
    atom.prop_recursive(3, 16, 4, |inner| {
        let parts = || prop::collection::vec(inner.clone(), 2..4);
        let in_parentheses = |inner: Words| joined(vec![words("("), inner, words(")")], "");
        prop_oneof![
            2 => parts().prop_map(|parts| joined(parts, "and")),
            1 => parts().prop_map(|parts| joined(parts, "or")),
            1 => inner.clone().prop_map(in_parentheses),
            1 => inner.clone().prop_map(move |inner| {
                joined(vec![words("not"), in_parentheses(inner)], "")
            }),
        ]
    })
    .boxed()
}

/// What stands between two words; `#` is the number of a comment.
const GAPS: &[&str] = &[
    " // c#\n",
    "\n// c#\n",
    "\n\n  // c#\n\n\n",
    " /* c# */ ",
    "/* c# */",
    "\n/* c# */\n",
    "\n/* c# */ ",
    " /* c# */\n",
    "/* c#\n     d  \n*/",
    "\n/// c#\n",
    " /// c#\n\n",
    "/* c# */ /* d# */",
    "/* c# */ // d#\n",
    "\n/* c# */ // d#\n\n",
    "\n  /* c# */ /* d# */ /* e# */",
];

/// What stands between two words without comments.
const BLANKS: &[&str] = &["", " ", "  \t", "\n", "\n   ", "\r\n"];

/// What stands between two words without comments, with blank lines.
const BLANK_LINES: &[&str] = &["\n\n", "\n \n\n\n  ", "\r\n\r\n"];

pub(super) type Gaps = Vec<&'static str>;

/// Blanks of all kinds, but no blank lines.
pub(super) fn blanks() -> impl Strategy<Value = Gaps> {
    prop::collection::vec(prop::sample::select(BLANKS), 1..40)
}

/// Blanks, blank lines and comments.
pub(super) fn gaps() -> impl Strategy<Value = Gaps> {
    let gap = prop_oneof![
        8 => prop::sample::select(BLANKS),
        1 => prop::sample::select(BLANK_LINES),
        2 => prop::sample::select(GAPS),
    ];
    prop::collection::vec(gap, 1..40)
}

/// Lays the words out with these gaps, over and over.
pub(super) fn laid_out(items: &[Words], gaps: &Gaps) -> String {
    let mut gaps = gaps.iter().cycle().enumerate();
    let mut text = String::new();
    for word in items.iter().flatten() {
        let (number, gap) = gaps.next().expect("there is a gap");
        // A division before a comment would begin another comment.
        if text.ends_with('/') && gap.starts_with('/') {
            text.push(' ');
        }
        text.push_str(&gap.replace('#', &number.to_string()));
        let last = text.chars().last().unwrap_or(' ');
        let is_closed_up =
            |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '{' | '}' | ',' | ';');
        let is_sign = word.len() == 1 && word.chars().all(is_closed_up);
        if !is_closed_up(last) && !is_sign {
            text.push(' ');
        }
        text.push_str(word);
    }
    let (number, gap) = gaps.next().expect("there is a gap");
    text.push_str(&gap.replace('#', &number.to_string()));
    text
}

//! Random conditions, as text, over a folder `f`, a file `x` and servers.

use proptest::prelude::*;

/// The application that the conditions are about.
pub(crate) const SCHEMA: &str = "actor Folder { files: [File]; depth: float; hot: bool; fn open; }
actor File { depth: float; hot: bool; fn open; }
";

/// What is measured, by unit: only values of one unit are compared.
const PERCENTS: &[&str] = &[
    "Folder(f).cpu.perc",
    "Folder(f).mem.perc",
    "File(x).cpu.perc",
    "Folder(f).server.cpu.perc",
    "server(s).cpu.perc",
    "server(s).mem.perc",
    "client.call(Folder(f).open).perc",
    "max(t.cpu.perc for server(t))",
    "avg(t.cpu.perc for server(t))",
    "min(Folder(f).cpu.perc, File(x).cpu.perc)",
    "Folder.cpu.perc",
    "2 * Folder(f).cpu.perc",
    "(100 - Folder(f).mem.perc) / 2",
    "(Folder(f).cpu.perc + Folder(f).mem.perc)",
    "(Folder(f).mem.perc + Folder(f).cpu.perc)",
    "(Folder(f).cpu.perc - File(x).cpu.perc * 3)",
];
const CALLS: &[&str] = &[
    "client.call(Folder(f).open).count",
    "File(x).call(Folder(f).open).count",
];
const MESSAGES: &[&str] = &["Folder(f).mailbox", "File(x).mailbox"];
const DEPTHS: &[&str] = &["Folder(f).depth", "File(x).depth"];
const ACTORS: &[&str] = &["server(s).actors", "server(t).actors"];

fn one_of(measured: &'static [&'static str]) -> BoxedStrategy<String> {
    prop::sample::select(measured)
        .prop_map(str::to_owned)
        .boxed()
}

/// A number of one unit, perhaps calculated.
fn number(measured: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let constant = prop::sample::select(vec!["10", "50", "2"]);
    prop_oneof![
        5 => measured.clone(),
        1 => (measured.clone(), constant.clone()).prop_map(|(a, b)| format!("{a} + {b}")),
        1 => (measured.clone(), constant.clone()).prop_map(|(a, b)| format!("{a} - {b}")),
        1 => (measured.clone(), constant.clone()).prop_map(|(a, b)| format!("{a} * {b}")),
        1 => (measured.clone(), constant).prop_map(|(a, b)| format!("{a} / {b}")),
        1 => (measured.clone(), measured.clone()).prop_map(|(a, b)| format!("{a} + {b}")),
        1 => (measured.clone(), measured.clone()).prop_map(|(a, b)| format!("abs({a} - {b})")),
        1 => (measured.clone(), measured).prop_map(|(a, b)| format!("max({a}, {b})")),
    ]
    .boxed()
}

/// One question.
pub(crate) fn atoms() -> BoxedStrategy<String> {
    let constant = prop::sample::select(vec!["0", "20", "50", "60", "90", "100"]);
    let of = |measured: BoxedStrategy<String>| {
        let number = number(measured);
        let right = prop_oneof![3 => constant.clone().prop_map(str::to_owned), 1 => number.clone()];
        (number, signs(), right).prop_map(|(a, sign, b)| format!("{a} {sign} {b}"))
    };
    let relations = [
        "Folder(f) on server(s)",
        "Folder(f) not on server(s)",
        "File(x) on server(s)",
        "Folder(f) on server(t)",
        "server(s) == server(t)",
        "server(s) != server(t)",
        "File(x) on Folder(f).server",
        "File(x) in ref(Folder(f).files)",
        "File(x) not in ref(Folder(f).files)",
        "Folder(f).hot",
        "server(s).label(\"zone\") == \"a\"",
        "server(s).label(\"zone\") == \"b\"",
        "server(s).label(\"zone\") != \"a\"",
    ];
    let relations = prop::sample::select(relations.to_vec()).prop_map(str::to_owned);
    prop_oneof![
        6 => of(one_of(PERCENTS)),
        1 => of(one_of(CALLS)),
        1 => of(one_of(MESSAGES)),
        1 => of(one_of(DEPTHS)),
        1 => of(one_of(ACTORS)),
        4 => relations,
    ]
    .boxed()
}

/// Two comparisons of the same values.
fn pairs() -> BoxedStrategy<String> {
    let measured = prop_oneof![2 => Just(PERCENTS), 1 => Just(MESSAGES), 1 => Just(CALLS)];
    measured
        .prop_flat_map(|measured| {
            let number = number(one_of(measured));
            let constant = prop::sample::select(vec!["10", "50", "60"]).prop_map(str::to_owned);
            let right = prop_oneof![number.clone(), constant];
            (number, right, signs(), signs(), any::<bool>())
        })
        .prop_map(|(a, b, first, second, is_turned)| match is_turned {
            true => format!("{a} {first} {b} and {b} {second} {a}"),
            false => format!("{a} {first} {b} and {a} {second} {b}"),
        })
        .boxed()
}

/// Several questions that hold together, some under `not`.
pub(crate) fn conjunctions() -> impl Strategy<Value = String> {
    let atom = (atoms(), prop::bool::weighted(0.25));
    let literal = atom.prop_map(|(atom, is_negated)| match is_negated {
        true => format!("not ({atom})"),
        false => atom,
    });
    let part = prop_oneof![4 => literal, 1 => pairs()];
    prop::collection::vec(part, 1..5).prop_map(|parts| parts.join(" and "))
}

fn signs() -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="])
}

/// Two conditions that ask about one value, the second one often about more besides.
pub(crate) fn related() -> impl Strategy<Value = (String, String)> {
    let compared = |measured: &'static str| {
        let constant = prop::sample::select(vec!["0", "20", "50", "60", "90"]);
        (signs(), constant, any::<bool>()).prop_map(move |(sign, constant, is_negated)| {
            match is_negated {
                true => format!("not {measured} {sign} {constant}"),
                false => format!("{measured} {sign} {constant}"),
            }
        })
    };
    let measured = prop::sample::select(PERCENTS);
    let pair = measured.prop_flat_map(move |m| (compared(m), compared(m), compared(m)));
    (pair, atoms(), atoms(), 0..3u8, 0..3u8).prop_map(|((a, b, c), more, other, wide, narrow)| {
        let wide = match wide {
            0 => a,
            1 => format!("{a} or ({more}) and Folder(f).cpu.perc >= 0"),
            _ => format!("not ({a} and {c})"),
        };
        let narrow = match narrow {
            0 => b,
            1 => format!("{b} and ({other})"),
            _ => format!("({b} or {c}) and ({other})"),
        };
        (wide, narrow)
    })
}

//! Random policies for a random application: conditions directed by what has which type and unit, now and then
//! with a name that there is not.

use proptest::prelude::*;
use proptest::sample::select;

use super::schema::{Schema, TYPES};

/// A policy of some rules, as text.
pub(crate) fn policies(schema: &Schema) -> BoxedStrategy<String> {
    let written = schema.text();
    prop::collection::vec(rules(schema), 1..4)
        .prop_map(move |rules| format!("{written}{}", rules.concat()))
        .boxed()
}

fn rules(schema: &Schema) -> BoxedStrategy<String> {
    let behaviors = prop::collection::vec(behaviors(schema), 1..3);
    (conditions(schema), behaviors)
        .prop_map(|(condition, behaviors)| format!("{condition} => {};\n", behaviors.join("; ")))
        .boxed()
}

/// Places of types.
fn places(schema: &Schema) -> BoxedStrategy<usize> {
    (0..schema.types.len()).boxed()
}

/// An actor of a type: one of two variables, or some actor.
fn actors_of(place: usize) -> BoxedStrategy<String> {
    let (name, letter) = TYPES[place];
    prop_oneof![
        8 => Just(format!("{name}({letter})")),
        3 => Just(format!("{name}({letter}2)")),
        1 => Just(name.to_owned()),
    ]
    .boxed()
}

fn actors(schema: &Schema) -> BoxedStrategy<String> {
    let typed = places(schema).prop_flat_map(actors_of);
    prop_oneof![12 => typed, 1 => Just("any(w)".to_owned())].boxed()
}

fn servers(schema: &Schema) -> BoxedStrategy<String> {
    let of_actor = actors(schema).prop_map(|actor| format!("{actor}.server"));
    prop_oneof![
        3 => Just("server".to_owned()),
        2 => Just("server(z)".to_owned()),
        1 => of_actor,
    ]
    .boxed()
}

/// A function of a type, seldom one that it does not have.
fn functions_of(schema: &Schema, place: usize) -> BoxedStrategy<String> {
    let has = select(schema.types[place].functions.clone());
    prop_oneof![40 => has, 1 => Just("oepn")]
        .prop_map(str::to_owned)
        .boxed()
}

fn calls(schema: &Schema) -> BoxedStrategy<String> {
    let callers = prop_oneof![2 => Just("client".to_owned()), 2 => actors(schema)];
    let schema = schema.clone();
    let callees = places(&schema)
        .prop_flat_map(move |place| (actors_of(place), functions_of(&schema, place)));
    (callers, callees)
        .prop_map(|(caller, (callee, function))| format!("{caller}.call({callee}.{function})"))
        .boxed()
}

/// What an aggregate of percents is over.
fn aggregates(schema: &Schema) -> BoxedStrategy<String> {
    let function = select(vec!["avg", "max", "min", "sum", "p50", "stddev"]);
    let of_actors =
        (function.clone(), places(schema), any::<bool>()).prop_map(|(f, place, all)| {
            let name = TYPES[place].0;
            let filter = if all { "" } else { " where q.cpu.perc > 20" };
            format!("{f}(q.cpu.perc for {name}(q){filter})")
        });
    let of_servers = function.prop_map(|f| format!("{f}(r.cpu.perc for server(r))"));
    prop_oneof![of_actors, of_servers].boxed()
}

fn percents(schema: &Schema) -> BoxedStrategy<String> {
    let usage = select(vec!["cpu.perc", "mem.perc"]);
    let of_actor = (actors(schema), usage.clone()).prop_map(|(a, usage)| format!("{a}.{usage}"));
    let of_server = (servers(schema), usage).prop_map(|(s, usage)| format!("{s}.{usage}"));
    let measured = prop_oneof![3 => of_actor, 3 => of_server];
    let window = select(vec!["", " over 20s", " over 30s"]);
    let over = (measured.clone(), window).prop_map(|(m, window)| format!("{m}{window}"));
    let ahead = measured.clone().prop_map(|m| format!("forecast({m}, 20s)"));
    let of_calls = calls(schema).prop_map(|calls| format!("{calls}.perc"));
    prop_oneof![
        6 => measured,
        2 => over,
        1 => ahead,
        3 => of_calls,
        2 => aggregates(schema),
    ]
    .boxed()
}

fn counts(schema: &Schema) -> BoxedStrategy<String> {
    let statistic = select(vec!["count", "count", "count over 20s"]);
    let of_calls = (calls(schema), statistic).prop_map(|(calls, s)| format!("{calls}.{s}"));
    let matching = places(schema).prop_map(|place| {
        let name = TYPES[place].0;
        format!("count({name}(q) where q.cpu.perc > 10)")
    });
    prop_oneof![4 => of_calls, 1 => matching].boxed()
}

/// Plain numbers: queues, hosted actors, published ones.
fn plain(schema: &Schema) -> BoxedStrategy<String> {
    let mailbox = actors(schema).prop_map(|a| format!("{a}.mailbox"));
    let hosted = servers(schema).prop_map(|s| format!("{s}.actors"));
    let mut all = vec![mailbox.boxed(), hosted.boxed()];
    for (place, plan) in schema.types.iter().enumerate() {
        if plan.has_depth {
            all.push(actors_of(place).prop_map(|a| format!("{a}.depth")).boxed());
        }
    }
    proptest::strategy::Union::new(all).boxed()
}

fn comparisons(numbers: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let sign = select(vec![">", "<", ">=", "<=", ">", ">", "==", "!="]);
    let constant = select(vec!["0", "2", "10", "25", "40", "60"]).prop_map(str::to_owned);
    let left = prop_oneof![
        5 => numbers.clone(),
        1 => numbers.clone().prop_map(|n| format!("{n} * 2")),
        1 => (numbers.clone(), numbers.clone()).prop_map(|(a, b)| format!("max({a}, {b})")),
    ];
    (left, sign, prop_oneof![4 => constant, 1 => numbers])
        .prop_map(|(left, sign, right)| format!("{left} {sign} {right}"))
        .boxed()
}

/// Who refers to whom, where, of which kind.
fn relations(schema: &Schema) -> BoxedStrategy<String> {
    let on = (actors(schema), any::<bool>())
        .prop_map(|(a, is_on)| format!("{a} {} server(z)", if is_on { "on" } else { "not on" }));
    let different = places(schema).prop_map(|place| {
        let (name, letter) = TYPES[place];
        format!("{name}({letter}) != {name}({letter}2)")
    });
    let zone = servers(schema).prop_map(|s| format!("{s}.label(\"zone\") == \"a\""));
    let mut all = vec![on.boxed(), different.boxed(), zone.boxed()];
    for (place, plan) in schema.types.iter().enumerate() {
        for (property, to, _) in &plan.refs {
            let property = *property;
            let ends = (actors_of(to % schema.types.len()), actors_of(place));
            let named = ends
                .prop_map(move |(member, owner)| format!("{member} in ref({owner}.{property})"));
            // Referring is how rules link their variables.
            all.extend([named.clone().boxed(), named.boxed()]);
            let ends = (actors_of(to % schema.types.len()), actors_of(place));
            let any = ends.prop_map(|(member, owner)| format!("{member} in ref({owner})"));
            all.push(any.boxed());
        }
        if plan.has_hot {
            all.push(actors_of(place).prop_map(|a| format!("{a}.hot")).boxed());
        }
        if plan.has_zone {
            let zone = actors_of(place).prop_map(|a| format!("{a}.zone != \"b\""));
            all.push(zone.boxed());
        }
    }
    proptest::strategy::Union::new(all).boxed()
}

fn conditions(schema: &Schema) -> BoxedStrategy<String> {
    let atoms = prop_oneof![
        4 => comparisons(percents(schema)),
        2 => comparisons(counts(schema)),
        1 => comparisons(plain(schema)),
        4 => relations(schema),
    ];
    atoms
        .prop_recursive(2, 4, 2, |inner| {
            let all = prop::collection::vec(inner.clone(), 2..3);
            prop_oneof![
                4 => all.prop_map(|parts| parts.join(" and ")),
                1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
                1 => inner.clone().prop_map(|inner| format!("not ({inner})")),
                1 => inner.prop_map(|inner| format!("({inner}) for 20s")),
            ]
        })
        .boxed()
}

fn behaviors(schema: &Schema) -> BoxedStrategy<String> {
    let actor = places(schema).prop_map(|place| {
        let (name, letter) = TYPES[place];
        format!("{name}({letter})")
    });
    let two = (actor.clone(), actor.clone());
    let name = places(schema).prop_map(|place| TYPES[place].0);
    prop_oneof![
        3 => actor.clone().prop_map(|a| format!("pin({a})")),
        2 => two.clone().prop_map(|(a, b)| format!("colocate({a}, {b})")),
        1 => two.prop_map(|(a, b)| format!("separate({a}, {b})")),
        1 => actor.prop_map(|a| format!("reserve({a}, cpu)")),
        1 => name.prop_map(|name| format!("balance({{{name}}}, cpu)")),
        1 => Just("drain(server(z))".to_owned()),
    ]
    .boxed()
}

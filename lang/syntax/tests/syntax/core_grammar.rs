//! The published core grammar is accepted unchanged.

use plasma_diagnostic::{FileId, SourceMap};
use plasma_syntax::parse;
use plasma_syntax::tree::{ExprKind, Item};

use crate::{policies, show};

/// The policy must be read without mistakes and without holes, as so many rules.
fn accepts(source: &str, rules: usize) {
    let (sources, file) = SourceMap::single("test.plasma", source);
    let parsed = parse(file, source);
    let mistakes = show::rendered(&sources, &parsed.diagnostics);
    assert!(mistakes.is_empty(), "{source}\n{mistakes}");
    assert_eq!(parsed.tree.rules().count(), rules, "{source}");
    for rule in parsed.tree.rules() {
        assert!(!parsed.tree.behaviors(rule).is_empty());
        let condition = parsed.tree.expr(rule.condition).kind;
        assert!(condition != ExprKind::Hole, "{source}");
    }
}

#[test]
fn every_published_policy_is_read() {
    for (application, source) in policies::PUBLISHED {
        let behaviors_of_one_rule = source.matches("=>").count() + source.matches('⇒').count();
        accepts(source, behaviors_of_one_rule);
        assert!(!application.is_empty());
    }
}

#[test]
fn every_alternative_of_every_production_is_read() {
    let atoms = [
        "true",
        "server.cpu.perc > 80",
        "Folder(f).mem.size < 1.25",
        "Folder.net.perc >= 7",
        "f.cpu.perc <= 0",
        "any(a).cpu.perc > 1",
        "any.cpu.perc > 1",
        "client.call(Folder(f).open).count > 1",
        "Folder(f).call(f.open).size > 1",
        "Folder.call(any.open).perc > 1",
        "any.call(Folder.open).perc > 1",
        "f.call(any(a).open).perc > 1",
        "File(x) in ref(Folder(f).files)",
        "File in ref(Folder.files)",
        "any in ref(f.files)",
        "x in ref(any(f).files)",
    ];
    let behaviors = [
        "balance({Folder}, cpu);",
        "balance({Folder, any, File}, mem);",
        "reserve(f, net);",
        "reserve(Folder(f), cpu);",
        "reserve(any, cpu);",
        "colocate(f, File(x));",
        "separate(Folder, any(x));",
        "pin(f); pin(Folder); pin(any(x));",
    ];
    for (place, atom) in atoms.iter().enumerate() {
        let behavior = behaviors[place % behaviors.len()];
        let other = atoms[(place + 5) % atoms.len()];
        accepts(&format!("{atom} => {behavior}"), 1);
        let joined = format!("{atom} and {other} or ({other} or {atom}) and true");
        accepts(&format!("{joined} => {behavior} {joined} => {behavior}"), 2);
    }
}

/// After `;` a behavior belongs to the rule; anything else begins the next one, even with a
/// behavior's word as its name.
#[test]
fn a_behavior_is_told_from_the_next_condition() {
    accepts("true => pin(f); pin.cpu > 3 => pin(g); reserve(g, cpu);", 2);
    accepts("true => pin(f); not pin.cpu > 3 => pin(pin);", 2);
    accepts("true => pin(f); (pin.cpu > 3) => pin(f);", 2);
}

/// Words of the language are names wherever the grammar does not need them.
#[test]
fn words_are_names_where_the_grammar_does_not_need_them() {
    for word in [
        "rule", "param", "actor", "fn", "ref", "on", "priority", "limit", "test", "for", "over",
        "at", "count", "size", "rate", "perc", "cpu", "call", "pin", "balance", "colocate",
        "separate", "reserve",
    ] {
        accepts(
            &format!("Folder({word}).cpu > 1 and {word}.cpu > 2 and {word} == f => pin({word});"),
            1,
        );
        accepts(&format!("{word} in ref({word}.{word}) => pin({word});"), 1);
        accepts(&format!("rule {word}: true => pin(f);"), 1);
        accepts(&format!("rule {word} [priority 1]: true => pin(f);"), 1);
        accepts(&format!("param {word} = 1; true => pin(f);"), 1);
    }
    for word in ["true", "and", "or", "not", "in", "client", "server", "any"] {
        accepts(
            &format!("client.call(Folder(f).{word}).count > 1 => pin(f);"),
            1,
        );
        accepts(&format!("f.{word} > 3 and f.{word} => pin(f);"), 1);
        accepts(&format!("rule {word}: true => pin(f);"), 1);
        let schema = format!("actor A {{ {word}: int; fn {word}; fn {word} }}");
        let parsed = parse(FileId(0), schema.replace("fn {word} }", "}").as_str());
        // The last member lacks its `;`.
        assert_eq!(parsed.diagnostics.len(), 1, "{schema}");
        let [Item::Actor(actor)] = parsed.tree.items() else {
            panic!("{schema}");
        };
        let names = actor.members.iter().flat_map(|member| member.name);
        let names: Vec<&str> = names.map(|name| parsed.tree.name(name)).collect();
        assert_eq!(names, [word, word, word]);
    }
}

#[test]
fn a_policy_with_everything_in_it() {
    snapshot!(show::policy(policies::EVERYTHING));
}

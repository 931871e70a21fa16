//! The canonical layout: before and after.

mod generated;
mod properties;

use plasma_diagnostic::FileId;
use plasma_syntax::{format, parse};

use crate::policies;

/// The policy in its layout.
fn formatted(source: &str) -> String {
    let parsed = parse(FileId(0), source);
    assert_eq!(parsed.diagnostics, [], "{source}");
    format(&parsed).expect("a policy without mistakes has a layout")
}

/// Each policy, and below it its layout.
fn before_and_after(sources: &[&str]) -> String {
    let shown = sources.iter().map(|source| {
        let after = formatted(source);
        assert_eq!(formatted(&after), after, "once is enough: {source}");
        format!("{source}\n---- becomes\n{after}")
    });
    shown.collect::<Vec<_>>().join("\n====\n")
}

#[test]
fn rules() {
    snapshot!(before_and_after(&[
        "true=>pin( Folder ) ;",
        "rule\ncalm\n:\ntrue\n=>\npin(f);\nrule x:true=>pin(f);rule y:true=>pin(f);",
        "rule calm[priority   -3]:true⇒pin(f);reserve( f,cpu ) ;",
        "rule long_enough_for_two_lines: Folder(f).call(File(x).read).count > 0 and f.cpu > 3 => colocate(f, x);",
        "rule hot_folder [priority 10]: server.cpu.perc > 80 and client.call(Folder(f).open).perc > 40 and File(x) in ref(f.files) => reserve(f, cpu); colocate(f, x);",
        "rule hot_folder [priority 10]: server.cpu.perc > high and client.call(Folder(f).open).perc > share and f.cpu.perc > own and File(x) in ref(f.files) => reserve(f, cpu); colocate(f, x);",
        "server.cpu.perc > high and client.call(Folder(f).open).perc > share and f.cpu.perc > own and File(x) in ref(f.files) => reserve(f, cpu); colocate(f, x);",
        "rule many: true => pin(Folder(a_folder)); pin(Folder(another_folder)); pin(Folder(a_third_folder)); pin(Folder(the_last_one));",
    ]));
}

#[test]
fn silenced_lints() {
    snapshot!(before_and_after(&[
        r#"allow   "no-gap"
"steps"until "2027-01-31" ;true=>pin(f);"#,
        r#"rule x [ allow "no-gap" "steps of 30 %"  until"2027-01-31"  ]:true=>pin(f);"#,
        r#"rule hot_folder [priority 10, allow "no-gap" "load comes in steps" until "2027-01-31", allow "cross-product" "few of them" until "2027-01-31"]: true => pin(f);"#,
    ]));
}

#[test]
fn conditions() {
    snapshot!(before_and_after(&[
        "not  a and(b or( not(c) )) and a<1 and a  !=  2 and 80%<=server . cpu => pin(f);",
        "File ( x )in ref(f . files)and any in   ref( Folder.files ) => pin(f);",
        "Folder(a).call(b).perc > 1 and any(c) . call ( any . open ) . size >= 4KiB => pin(f);",
        "a_long_name.cpu.perc > 80 and another_long_name.cpu.perc > 80 or a_third_long_name.cpu.perc > 80 and the_last.cpu.perc > 80 => pin(f);",
        "a_long_name.cpu.perc > 80 and (another_long_name.cpu.perc > 80 or a_third_long_name.cpu.perc > 80 or the_last.cpu.perc > 80) and true => pin(f);",
        "client.call(Folder(a_folder_with_a_name_that_says_too_much).a_function_with_a_name_that_says_too_much).perc > 80 => pin(f);",
        "an_actor_with_a_name_that_says_much.its_property.and_a_property_of_it == another_actor_with_a_name.its_property => pin(f);",
        "true => balance({Folder,AnActorTypeWithALongName, AnotherActorTypeWithALongName,AThirdActorTypeWithALongName},cpu);",
    ]));
}

#[test]
fn declarations() {
    snapshot!(before_and_after(&[
        "actor Folder{}",
        "actor Folder {\n}",
        "actor Folder{files:[ File ];parent:Folder ?;depth:int;fn open;}",
        "actor Folder {\nfiles:[File]; parent: Folder?;\n\n\n\n  fn open; fn list;\n\n}",
        "actor Folder { files: [File]; parent: Folder?; depth: int; owner: User; size: bytes; age: duration; fn open; }",
        "param high=80% ;param  grows = true;\n\n\n\nparam rate=10/s;",
    ]));
}

#[test]
fn tests() {
    snapshot!(before_and_after(&[
        r#"test "a hot folder gets a server with its files" {           // test ".." [period 1s] { ... }
  server s1 { cpu: 90% }  server s2 { cpu: 10% }
  Folder f on s1 { cpu: 60%, files: [x] }   File x on s1 { cpu: 5% }   Folder g on s1 { cpu: 25% }
  client -> f.open: 500    client -> g.open: 100, 4KiB        // count, size, latency
  expect reserve(f, cpu) by hot_folder;
  expect f on s2;  expect x on s2;  expect not migrate(g);
  at 30s { server s1 { cpu: 20% } }
  expect no actions at 40s;
  eventually f on s2 within 60s;  never migrate(g);  always f on s2;      // in place of `expect`
}
"#,
        "test \"series\" [ period 1s ]{server s1{cpu:[10%,30% .. 90% step 10%,_,40% x5],labels:{zone:\"a\"}}\n\n\n// of f\nFolder f on s1{depth:- 3}at 20s{\nserver s1\n}\nexpect not reserve( f )at 30s;eventually f on s2\nwithin 30s ;}",
        "test \"nothing\" { }",
    ]));
}

#[test]
fn comments() {
    snapshot!(before_and_after(&[
        "// first\n\n\n// second\nrule a: true => pin(f); // behind\n\n  // third\n/* fourth */ rule b: true => pin(f); /* behind */ /* and again */\n// last\n\n",
        "/// One.\n///Two.\n\nrule a: true => pin(f);\n// a remark\n/// Documentation.\n// not of it\nparam p = 3;",
        "rule a:\n  // why\n  true // because\n  and b // of this\n  // and that\n  or c // too\n  => // then\n  pin(f); // one\n  // another\n  pin(g); // two\nparam p = 3;",
        "rule a: /* x */ true /* y */ => /* z */ pin(/* a */ f /* b */, /* c */ g /* d */) /* e */; /* f */",
        "/* a\n   block */ rule a: true /* in\n two lines */ and b => pin(f);",
        "actor A { // behind\n\n  // first\n\n  a: int; // of a\n  /// of b\n  b: /* type */ int;\n\n  // last\n\n}",
        "actor A { /* nothing */ }\nactor B {\n// nothing\n}\nactor C { /* one */ fn a; /* two */ }",
        "a // of a\n.cpu // of cpu\n> // of more\n3 => pin(f);",
        "true => pin( // of f\nf\n// of the end\n);",
    ]));
}

#[test]
fn everything() {
    snapshot!(before_and_after(&[policies::EVERYTHING]));
}

#[test]
fn what_is_published() {
    let sources: Vec<&str> = policies::PUBLISHED.iter().map(|(_, s)| *s).collect();
    snapshot!(before_and_after(&sources));
}

#[test]
fn an_empty_policy_stays_empty() {
    assert_eq!(formatted(""), "");
    assert_eq!(formatted("\n \t\n"), "");
    assert_eq!(formatted("\n\n// nothing\n\n\n"), "// nothing\n");
}

/// The first line break decides for all, and a byte order mark goes.
#[test]
fn text_of_other_systems() {
    assert_eq!(
        formatted("\u{feff}// a\r\n/* b\r\n   c */\ntrue\r\n=>pin(f);"),
        "// a\r\n/* b\r\n   c */\r\ntrue => pin(f);\r\n"
    );
    assert_eq!(
        formatted("// a\n/* b\r\n   c */\r\ntrue=>pin(f);\r\n"),
        "// a\n/* b\n   c */\ntrue => pin(f);\n"
    );
}

#[test]
fn a_policy_with_mistakes_has_no_layout() {
    for source in [
        "true =>",
        "true => pin(f)",
        "param p = 3; )",
        "/* open",
        "é",
    ] {
        assert_eq!(format(&parse(FileId(0), source)), None, "{source}");
    }
}

/// A width beyond the bounds of what is read does not harm, nor does depth.
#[test]
fn deep_and_wide_policies() {
    let deep = format!("{}true{} => pin(f);", "(".repeat(100), ")".repeat(100));
    assert_eq!(formatted(&deep), deep.replace(" =>", "\n  =>") + "\n");
    let wide = format!(
        "{}true => pin(f);",
        "server.cpu.perc > 80 and ".repeat(10_000)
    );
    assert_eq!(formatted(&wide).lines().count(), 10_002);
}

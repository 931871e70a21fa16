//! What literals say, and what is wrong with them.

use plasma_check::{Environment, check_source};
use plasma_diagnostic::SourceMap;
use plasma_model::{Resource, Snapshot};
use plasma_syntax::parse_cluster;

use super::{LiteralCluster, LiteralError};

const SCHEMA: &str = "actor Folder { files: [File]; depth: int; fn open; } actor File { fn read; }";

/// The cluster after each of the texts; the mistakes, one a line, if there are any.
fn observed(schema: &str, texts: &[&str]) -> Result<Snapshot, String> {
    let mut sources = SourceMap::new();
    let file = sources.add("schema", schema);
    let checked = check_source(file, schema, &Environment::default());
    let mut cluster = LiteralCluster::new(10.0);
    let mut last = Snapshot::default();
    for text in texts {
        let file = sources.add("cluster", *text);
        let parsed = parse_cluster(file, *text);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let said = cluster.say(&parsed.tree, &checked.program.schema);
        said.map_err(|error| match error {
            LiteralError::Cluster(error) => error.to_string(),
            LiteralError::Text(diagnostics) => {
                let lines = diagnostics.iter().map(|d| {
                    let place = sources.slice(d.primary);
                    let help = d
                        .help
                        .as_deref()
                        .map_or(String::new(), |h| format!(" ({h})"));
                    format!("{} at `{place}`: {}{help}", d.code.number(), d.message)
                });
                lines.collect::<Vec<_>>().join("\n")
            }
        })?;
        let observed = cluster.observe().map_err(|error| error.to_string())?;
        last = observed.snapshot();
    }
    Ok(last)
}

fn mistakes(text: &str) -> String {
    observed(SCHEMA, &[text]).err().unwrap_or_default()
}

#[test]
fn a_literal_says_what_an_engine_would_report() {
    let text = "server s1 { cpu: 50%, cores: 4, mem: 1GiB, labels: {zone: \"a\"} }
        Folder f on s1 { cpu: 25%, files: [x], depth: 3 }
        File x on s1 { mem: 1MB }
        client -> f.open: 500, 4KiB, 2ms";
    let snapshot = observed(SCHEMA, &[text]).expect("no mistakes");
    let server = &snapshot.servers["s1"];
    assert_eq!(server.usage[Resource::Cpu].size, Some(2.0));
    assert_eq!(server.usage[Resource::Mem].size, Some(1_073_741_824.0));
    assert_eq!(server.usage[Resource::Mem].perc, None);
    assert_eq!(server.labels["zone"], "a");
    let folder = &snapshot.actors["f"];
    assert_eq!(folder.usage[Resource::Cpu].size, Some(1.0));
    assert_eq!(folder.refs["files"], ["x".into()]);
    let [calls] = &snapshot.calls[..] else {
        panic!("one entry, not {:?}", snapshot.calls);
    };
    assert_eq!((calls.count, calls.size), (500.0, Some(4096.0)));
    assert_eq!(calls.latency.mean_seconds, Some(0.002));
}

#[test]
fn naming_a_thing_again_changes_only_what_is_given() {
    let first = "server s1 { cpu: 50%, mem: 10% }
        Folder f on s1 { cpu: 25%, files: [x] }
        File x on s1 { cpu: 1% }
        client -> f.open: 500, 4KiB";
    let second = "server s1 { cpu: 20% }
        Folder f { cpu: 5% }
        client -> f.open: 7";
    let snapshot = observed(SCHEMA, &[first, second]).expect("no mistakes");
    let server = &snapshot.servers["s1"];
    assert_eq!(server.usage[Resource::Cpu].perc, Some(20.0));
    assert_eq!(server.usage[Resource::Mem].perc, Some(10.0));
    let folder = &snapshot.actors["f"];
    assert_eq!(folder.usage[Resource::Cpu].perc, Some(5.0));
    assert_eq!(folder.refs["files"], ["x".into()]);
    let calls: Vec<_> = snapshot.calls.iter().map(|c| (c.count, c.size)).collect();
    assert_eq!(calls, [(7.0, Some(4096.0))]);
}

#[test]
fn names_that_nothing_introduces() {
    insta::assert_snapshot!(
        mistakes(
        "server south { cpu: 1% }
         Folder f on suoth { cpu: 1% }
         Folder g on elsewhere { cpu: 1% }
         client -> h.open: 5"
        ),
        @r#"
        E0104 at `suoth`: unknown server `suoth` (did you mean `south`?)
        E0104 at `elsewhere`: unknown server `elsewhere` (introduce it: `server elsewhere { cpu: 50% }`)
        E0104 at `h`: unknown actor `h` (introduce it with its type and host: `Type h on s1`)
        "#
    );
}

#[test]
fn names_that_the_schema_does_not_know() {
    insta::assert_snapshot!(
        mistakes(
        "server s1 { cpus: 1% }
         Foldr f on s1 { cpu: 1% }
         Folder g on s1 { flies: [x] }
         client -> g.opne: 5"
        ),
        @r#"
        E0103 at `cpus`: a server has no `cpus` (did you mean `cpu`?)
        E0101 at `Foldr`: unknown actor type `Foldr` (did you mean `Folder`?)
        E0103 at `flies`: actor type `Folder` has no property `flies` (did you mean `files`?)
        E0102 at `opne`: actor type `Folder` has no function `opne` (did you mean `open`?)
        "#
    );
}

#[test]
fn figures_in_the_wrong_unit() {
    insta::assert_snapshot!(
        mistakes(
        "server s1 { cpu: 60, mem: 4, net: 1MB, cores: 50% }
         Folder f on s1 { cpu: 1MB, mem: 2s }
         client -> f.open: 5%, 10, 3KiB"
        ),
        @r#"
        E0202 at `60`: `cpu` needs a share such as `60%` (write `60%`)
        E0202 at `4`: `mem` needs a share such as `60%`, or a size such as `64MB` (write `4%`)
        E0202 at `1MB`: `net` needs a share such as `60%`, or a flow such as `2MB/s`
        E0202 at `50%`: expected a number without unit
        E0202 at `1MB`: `cpu` needs a share such as `60%` (an amount of cpu follows from its share and `cores`)
        E0202 at `2s`: `mem` needs a share such as `60%`, or a size such as `64MB`
        E0202 at `5%`: expected the number of calls, without unit
        E0202 at `10`: expected the size of the calls, such as `4KiB`
        E0202 at `3KiB`: expected the latency of the calls, such as `2ms`
        "#
    );
}

#[test]
fn values_of_the_wrong_kind() {
    insta::assert_snapshot!(
        mistakes(
        "server s1 { cpu: 1%, labels: 5 }
         Folder f on s1 { files: 3, depth: [x] }
         Folder g { cpu: 1% }
         File f on s1 { cpu: 1% }"
        ),
        @r#"
        E0201 at `5`: `labels` needs names with texts (write `labels: {zone: "a"}`)
        E0201 at `3`: `files` of `Folder` holds references: names in `[ ]`
        E0201 at `[x]`: `depth` of `Folder` holds a value, not references
        E0002 at `g`: `g` needs a host at first mention (write `Folder g on s1`)
        E0201 at `File`: `f` is a Folder already (an actor keeps its type for its whole life)
        "#
    );
}

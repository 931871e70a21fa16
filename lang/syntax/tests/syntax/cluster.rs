//! Cluster literals: their trees and their mistakes.

use crate::show;

#[test]
fn statements() {
    snapshot!(show::cluster(
        r#"server s1 { cpu: 90%, mem: 1.5GiB, net: 10MB/s, labels: {zone: "a", rack: "r\"1"}, cores: 4 }
server s2 { }  server s3   // three on one line
Folder f on s1 { cpu: 60%, files: [x, y], depth: -3, hot: true, owner: "ann\n", none: [], }
File x on s1 { cpu: 5% }   File y { }   Folder g on s1
client -> f.open: 500    client -> g.open: 100, 4KiB, 2ms
f -> x.read: 10  f -> y.read: 3, 1KB
server s1 { server: 1, in: 2, on: 3 }
Folder on on on { on: [on] }  on -> on.on: 1"#
    ));
}

#[test]
fn nothing() {
    snapshot!(show::cluster("// nothing yet"));
}

#[test]
fn mistakes() {
    let examples = [
        "server s1 { cpu 90% }",
        "server s1 { cpu: 90% mem: 3 } server s2",
        "server s1 { cpu: }",
        "server s1 { cpu: 90%\nserver s2 { cpu: 1% }",
        "server { cpu: 90% }\nserver s2",
        "Folder f in s1 { cpu: 1% } server s2",
        "Folder on s1 { cpu: 1% }",
        "Folder f on { cpu: 1% }",
        "folder f on s1 { cpu: 1% }\nserver s2",
        "Folder f on s1 { parent: g, files: [x y] }",
        "Folder f on s1 { cpu: [10%, 20% x] }",
        "Folder f on s1 { cpu: [10%, _x5, 20%] }",
        "Folder f on s1 { cpu: [10%..30%, x] }",
        "Folder f on s1 { labels: {zone: a} }",
        "client f.open: 5\nserver s2",
        "client -> f: 5",
        "client -> f.open 5",
        "client -> f.open: many\nclient -> g.open: 5",
        "client -> f.open:",
        "client => f.open: 5",
        "client -> f.open: 5, , 6\nserver s2",
        "client -> f.open: 500; client -> g.open: 100;",
        "client -> f.open: 500, 4kib",
        "Folder f on s1 { cpu: 40x5 }",
    ];
    let shown: Vec<String> = examples.map(show::cluster_mistakes).to_vec();
    snapshot!(shown.join("\n"));
}

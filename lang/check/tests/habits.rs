//! What people write who know another language or forget a part: each has one cause and gets one
//! report, and each fix of it leads on. Read them as somebody who is called at night would.

use crate::report::single_report;

macro_rules! habits {
    ($($(#[$doc:meta])* $name:ident: [$($source:expr),* $(,)?];)*) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            let reports: Vec<String> = [$($source),*].into_iter().map(single_report).collect();
            insta::assert_snapshot!(reports.join("\n"));
        }
    )*};
}

habits! {
    /// What the parser could not read may have introduced the variables of the behaviors.
    conditions_that_cannot_be_read: [
        "Folder(f).cpu.perc > 3) => pin(f);",
        "Folder(f).cpu.perc > 3, => pin(f);",
        "Folder(f).cpu.perc > 3; => pin(f);",
        "Folder(f).cpu.perc > 3 for 30s => reserve(f, cpu); pin(g);",
        "File(x) in Folder(f).files => pin(f);",
        "client.call(Folder(f) open).perc > 40 => pin(f);",
        "client.call(Folder(f).open.perc > 40 => pin(f);",
        "Folder(f.cpu.perc > 3 => pin(f);",
        "Folder(f).cpu.perc > 3 > .. => pin(f);",
        "Folder(f).cpu > 3 in ref(f.files) => pin(f);",
        "Folder(f).cpu > 3 or @ => pin(f);",
    ];
    numbers: [
        "Folder(f).cpu.perc > .5 => pin(f);",
        "Folder(f).mem.size > 1,000,000 => pin(f);",
        "Folder(f).mem.size > 0x10 => pin(f);",
        "Folder(f).net.size > 10KB/ s => pin(f);",
        "Folder(f).mem.size > 1 GB => pin(f);",
        "Folder(f).cpu > -5 => pin(f);",
        "Folder(f).cpu > 80 % => pin(f);",
        "Folder(f).cpu > \"80\" => pin(f);",
    ];
    comparisons: [
        "Folder(f).cpu = 80 => pin(f);",
        "Folder(f).cpu is 80 => pin(f);",
        "Folder(f).cpu above 80 => pin(f);",
        "Folder(f).cpu below 80 => pin(f);",
        "Folder(f).cpu between 20 and 80 => pin(f);",
        "Folder(f).cpu !> 80 => pin(f);",
        "Folder(f).cpu not > 80 => pin(f);",
        "Folder(f).cpu > 80 or < 20 => pin(f);",
        "Folder(f).cpu > 80 and and f.mem > 3 => pin(f);",
        "Folder(f).cpu > 80, f.mem > 20 => pin(f);",
    ];
    parentheses: [
        "(Folder(f).cpu > 80 => pin(f);",
        "Folder(f).cpu > 80 and (f.mem > 3 or f.net > 3 => pin(f);",
        "client.call(Folder(f).open)).count > 4 => pin(f);",
        "File(x) in ref(Folder(f).files => colocate(f, x);",
        "File(x) in ref Folder(f).files => colocate(f, x);",
        "Folder(f).cpu > 80 => pin(f;",
        "Folder(f).cpu > 80 => pin[f];",
    ];
    actors_and_servers: [
        "Folder f.cpu > 80 => pin(f);",
        "\"Folder\"(f).cpu > 80 => pin(f);",
        "client.call(Folder(f).\"open\").count > 5 => pin(f);",
        "server[0].cpu > 80 => pin(Folder);",
        "server{zone=\"a\"}.cpu > 80 => pin(Folder);",
        "servr.cpu > 80 => pin(Folder);",
        "cpu > 80 => pin(Folder);",
        ".cpu > 80 => pin(Folder);",
        "* => pin(Folder);",
        "_ => pin(Folder);",
        "True => pin(Folder);",
        "true => pin(*);",
    ];
    sentences: [
        "SELECT f FROM Folder WHERE f.cpu > 80",
        "if Folder(f).cpu > 80 { pin(f); }",
        "when server.cpu > 80 => pin(Folder);",
        "server.cpu > 80 then pin(Folder);",
        "permit(principal, action, resource) when { server.cpu > 80 };",
        "forall f in Folder: f.cpu > 80 => pin(f);",
        "for f in Folder { if f.cpu > 80 { pin(f) } }",
        "f: Folder, f.cpu > 80 => pin(f);",
        "Folder(f): f.cpu > 80 => pin(f);",
        "Folder(f).cpu > 80 => pin(f); else pin(f);",
    ];
    arrows_and_behaviors: [
        "Folder(f).cpu > 80 -> pin(f);",
        "Folder(f).cpu > 80 ==> pin(f);",
        "Folder(f).cpu > 80 pin(f);",
        "Folder(f).cpu > 80; pin(f);",
        "Folder(f).cpu > 80 and pin(f);",
        "=> pin(Folder);",
        "Folder(f).cpu > 80 => { pin(f); reserve(f, cpu); }",
        "Folder(f).cpu > 80 => pin(f), reserve(f, cpu);",
        "Folder(f).cpu > 80 => pin(f) and reserve(f, cpu);",
        "Folder(f).cpu > 80 => pin(f);;",
        "Folder(f).cpu > 80 => pin(f);}",
        "Folder(f).cpu > 80 => Pin(f);",
        "Folder(f).cpu > 80 => reserve(f, \"cpu\");",
        "server.cpu > 80 => balance([Folder], cpu);",
    ];
    heads_of_rules: [
        "hot: Folder(f).cpu > 80 => pin(f);",
        "rule \"hot\": Folder(f).cpu > 80 => pin(f);",
        "rule very-hot-folder: Folder(f).cpu > 80 => pin(f);",
        "rule hot { Folder(f).cpu > 80 => pin(f); }",
        "rule hot: if Folder(f).cpu > 80 then pin(f);",
        "rule hot priority 10: Folder(f).cpu > 80 => pin(f);",
        "rule hot [priority=10]: Folder(f).cpu > 80 => pin(f);",
        "rule hot(priority 10): Folder(f).cpu > 80 => pin(f);",
    ];
    declarations: [
        "let high = 80%; Folder(f).cpu > high => pin(f);",
        "param high: 80%; Folder(f).cpu > high => pin(f);",
        "param high = \"80%\"; Folder(f).cpu > high => pin(f);",
        "param in = 3; Folder(f).cpu.perc > in => pin(f);",
        "param and = 3; and < Folder(f).cpu.perc => pin(f);",
        "param high = low; Folder(f).cpu > high => pin(f);",
        "actor File { } actor Folder { files: List<File>; } true => pin(Folder);",
        "actor File { } actor Folder { file: Option<File>; } true => pin(Folder);",
        "actor File { } actor Folder { files: File[]; } true => pin(Folder);",
        "actor File { } actor Folder { files: [File], fn open; } true => pin(Folder);",
        "actor Folder { fn open(); } true => pin(Folder);",
        "actor Folder; true => pin(Folder);",
    ];
}

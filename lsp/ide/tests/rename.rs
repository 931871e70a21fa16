//! Names are changed everywhere, and nothing else changes; what is renamed is marked in the sources.

use std::fs;
use std::path::Path;

use plasma_diagnostic::Severity;
use plasma_ide::{Index, Place, Renaming, diagnostics, prepare_rename, rename};

use crate::workspace::Workspace;

fn renamed(workspace: &Workspace, new_name: &str) -> Result<Renaming, String> {
    let (file, offset) = workspace.cursor();
    let mut again = |file: &str, renaming: &Renaming| {
        Some(Index::new(&workspace.renamed(renaming).analysis(file)))
    };
    let analysis = workspace.analysis(file);
    rename(
        &analysis,
        &workspace.indexes(),
        offset,
        new_name,
        &mut again,
    )
}

/// Renames what is at the cursor, which must be what is marked.
fn check(new_name: &str, fixture: &str) {
    let workspace = Workspace::new(fixture);
    let renaming = renamed(&workspace, new_name).expect("a name that can be given");
    let places = renaming.places().flat_map(|(_, places)| places);
    let expected: Vec<_> = workspace.marks.keys().collect();
    assert_eq!(places.collect::<Vec<_>>(), expected);
    for (file, text) in &workspace.files {
        let mut shown = text.clone();
        let marks = workspace.marks.keys().filter(|place| place.file == *file);
        for place in marks.rev() {
            shown.replace_range(place.start as usize..place.end as usize, new_name);
        }
        assert_eq!(renaming.applied(file, text), shown);
    }
}

fn refusal(new_name: &str, fixture: &str) -> String {
    renamed(&Workspace::new(fixture), new_name).expect_err("a refusal")
}

#[test]
fn every_kind_of_name_is_changed_everywhere() {
    check(
        "folder",
        "Folder(«f$0»).cpu > 3 and «f».mem > 3 => pin(«f»); alert(\"é {«f»}: {«f».cpu}\");\nFile(f).cpu > 3 => pin(f);",
    );
    check(
        "g",
        "def deep(«f$0»: Folder) = «f».cpu > 3;\nFolder(f).cpu > 3 and deep(f) => pin(f);",
    );
    check(
        "b",
        "param «high$0» = 80%;\nFolder(f).cpu.perc > «high» => pin(f); alert(\"{«high»}\");",
    );
    check(
        "hotter",
        "rule «hot$0»: Folder(f).cpu.perc > 80 => reserve(f, cpu);\n\
         test \"t\" { server s1 {} Folder f on s1 {} expect reserve(f, cpu) by «hot»; }",
    );
    check(
        "Dir",
        "//- a.plasma\n«Folder$0»(f).cpu > 3 => pin(f);\n//- app.plasma\nactor «Folder» { up: «Folder»?; }\n\
         //- b.plasma\ntrue => balance({«Folder»}, cpu);\ntest \"t\" { server s {} «Folder» f on s {} }\n",
    );
    check(
        "OpenFile",
        "//- a.plasma\nclient.call(Folder(f).«open$0») > 3 => pin(f);\n//- app.plasma\nactor Folder { fn «open»; }\n",
    );
    check(
        "all",
        "//- a.plasma\nFile(x) in ref(Folder(f).«files») => pin(x);\n\
         test \"t\" { server s {} File x on s {} Folder f on s { «files»: [x] } }\n\
         //- app.plasma\nactor Folder { «files$0»: [File]; }\nactor File {}\n",
    );
    check(
        "part",
        "//- a.plasma\nuse lib.hot with { «share» = 3% };\ntrue => pin(Folder);\n\
         //- lib/hot.plasma\nparam «share» = 40%;\nrule r: Folder(f).cpu.perc > «share$0» => pin(f);\n",
    );
    check(
        "full",
        "//- a.plasma\nuse lib.hot;\nhot.«busy$0»(server(s)) => drain(s);\n\
         //- lib/hot.plasma\ndef «busy»(s: server) = s.cpu.perc > 3;\n",
    );
    check(
        "Shard",
        "param «Primary$0» = any;\n«Primary»(p).cpu > 3 => pin(p);",
    );
    check(
        "one",
        "Folder(f).cpu > 3 => pin(f);\ntest \"é\" { server «s1$0» {} Folder f on «s1» {} expect f on «s1»; }",
    );
}

#[test]
fn a_name_may_hide_one_that_nobody_needs_there() {
    check(
        "s",
        "avg(«x$0».cpu for server(«x»)) > 3 and server(s).cpu > 3 => drain(s);",
    );
}

#[test]
fn a_name_that_is_none_is_refused() {
    let policy = "Folder(f$0).cpu > 3 => pin(f);";
    for name in ["", "3f", "f f", "f-g", "f.g", "ö", "f ", "\"f\""] {
        assert!(
            refusal(name, policy).starts_with(&format!("`{name}` is no name")),
            "{name}"
        );
    }
    assert_eq!(
        refusal("server", policy),
        "`server` is a word of the language"
    );
    assert_eq!(
        refusal("F", policy),
        "`F` must begin with a lower-case letter, as a variable does"
    );
    assert_eq!(
        refusal("dir", "Fold$0er(f).cpu > 3 => pin(f);"),
        "`dir` must begin with an upper-case letter, as an actor type does"
    );
    assert_eq!(
        refusal(
            "avg",
            "def de$0ep(f: Folder) = f.cpu > 3;\ndeep(Folder(f)) => pin(f);"
        ),
        "`avg` is a word of the language"
    );
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let taken = |new_name: &str, fixture: &str| {
        let refusal = refusal(new_name, fixture);
        assert!(refusal.starts_with(&format!("`{new_name}` ")), "{refusal}");
        assert!(
            refusal.contains("is taken") || refusal.contains("cannot be the name"),
            "{refusal}"
        );
    };
    taken(
        "g",
        "Folder(f$0).cpu > 3 and Folder(g).cpu > 3 => pin(f); pin(g);",
    );
    taken(
        "g",
        "Folder(f$0).cpu > 3 and File(g).cpu > 3 => pin(f); pin(g);",
    );
    taken("high", "param high = 3;\nFolder(f$0).cpu > high => pin(f);");
    taken("f", "param hi$0gh = 3;\nFolder(f).cpu > high => pin(f);");
    taken(
        "low",
        "param hi$0gh = 3;\nparam low = 3;\nFolder(f).cpu > high and f.mem > low => pin(f);",
    );
    taken(
        "b",
        "rule a$0: Folder(f).cpu > 3 => pin(f);\nrule b: File(f).cpu > 3 => pin(f);",
    );
    taken(
        "File",
        "actor Folder$0 {}\nactor File {}\nFolder(f).cpu > 3 => pin(f);",
    );
    taken(
        "File",
        "Folder$0(f).cpu > 3 => pin(f);\nFile(f).cpu > 3 => pin(f);",
    );
    taken(
        "close",
        "actor Folder { fn open$0; fn close; }\nclient.call(Folder(f).open) > 3 => pin(f);",
    );
    taken(
        "cpu",
        "actor Folder { depth$0: int; }\nFolder(f).depth > 3 => pin(f);",
    );
    taken(
        "g",
        "Folder(g).cpu > avg(f$0.cpu + g.cpu for Folder(f)) => pin(g);",
    );
}

#[test]
fn what_policies_do_not_name_keeps_its_name() {
    assert_eq!(
        refusal("x", "Folder(f).cp$0u > 3 => pin(f);"),
        "`cpu` is a word of the language"
    );
    assert_eq!(
        refusal("x", "Folder(f).cpu > 3 => pi$0n(f);"),
        "`pin` is a word of the language"
    );
    assert_eq!(
        refusal("x", "ru$0le r: Folder(f).cpu > 3 => pin(f);"),
        "`rule` is a word of the language"
    );
    assert_eq!(
        refusal("x", "Folder(f).cpu > 3$0 => pin(f);"),
        "there is no name here"
    );
    let unknown = "actor Folder {}\nFol$0dr(f).cpu > 3 => pin(f);";
    assert_eq!(
        refusal("x", unknown),
        "it is not known what `Foldr` stands for"
    );
    let std = "//- a.plasma\nuse std.hot with { sha$0re = 3% };\ntrue => pin(Folder);\n//- std.hot\nparam share = 40%;\nrule r: Folder(f).cpu.perc > share => pin(f);\n";
    assert_eq!(
        refusal("x", std),
        "`share` belongs to the standard library (`std.hot`)"
    );
    let module = "//- a.plasma\nuse lib.ho$0t;\n//- lib/hot.plasma\ntrue => pin(Folder);\n";
    assert_eq!(
        refusal("x", module),
        "`hot` is the module `lib/hot.plasma`: it is called as its file is"
    );
}

#[test]
fn a_parameter_that_the_project_sets_keeps_its_name() {
    let mut workspace = Workspace::new("param hi$0gh = 3;\nFolder(f).cpu > high => pin(f);");
    workspace.params = vec![("high".to_owned(), "5".to_owned())];
    let refusal = renamed(&workspace, "x").expect_err("a refusal");
    assert!(
        refusal.starts_with("`high` is set in the project's plasma.toml"),
        "{refusal}"
    );
}

#[test]
fn what_can_be_renamed_is_told_before() {
    let prepared = |fixture: &str| {
        let workspace = Workspace::new(fixture);
        let (file, offset) = workspace.cursor();
        let found = prepare_rename(&workspace.analysis(file), &workspace.indexes(), offset);
        found.map(|found| found.map(|found| (found.name.to_string(), found.place.start)))
    };
    assert_eq!(
        prepared("Folder(f).cpu > 3 => pin(f$0);"),
        Ok(Some(("f".to_owned(), 25)))
    );
    assert_eq!(prepared("Folder(f).cpu > 3 =>$0 pin(f);"), Ok(None));
    assert!(prepared("Folder(f).c$0pu > 3 => pin(f);").is_err());
}

/// The policies below a folder of the repository, with the library.
fn policies(folder: &Path, workspace: &mut Workspace, prefix: &str) {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            policies(&path, workspace, &format!("{prefix}{name}/"));
        } else if name.ends_with(".plasma") {
            let text = fs::read_to_string(&path).unwrap_or_default();
            workspace
                .files
                .insert(format!("{prefix}{name}").into(), text);
        }
    }
}

/// Gives every name of a file a fresh one and then its own again; counts the names, and tells what goes
/// wrong.
fn rename_there_and_back(workspace: &Workspace, file: &str, wrong: &mut Vec<String>) -> usize {
    let indexes = workspace.indexes();
    let index = indexes.iter().find(|index| &*index.file == file);
    let index = index.expect("an index of each file");
    let is_own = |place: &&Place| &*place.file == file && place.end > place.start;
    let problems = diagnostics(&workspace.analysis(file));
    let has_errors = problems.iter().any(|p| p.severity == Severity::Error);
    let mut count = 0;
    for thing in &index.things {
        let Some(place) = thing.occurrences.keys().find(is_own) else {
            continue;
        };
        let there = Workspace {
            cursor: Some(place.clone()),
            ..workspace.clone()
        };
        let analysis = there.analysis(file);
        if prepare_rename(&analysis, &indexes, place.start).is_err() {
            continue;
        }
        let fresh = match thing.name.starts_with(|c: char| c.is_uppercase()) {
            true => format!("Fresh{}", thing.name),
            false => format!("fresh_{}", thing.name),
        };
        count += 1;
        let renaming = match renamed(&there, &fresh) {
            Ok(renaming) => renaming,
            // Of names within a mistake it is not known what they stand for.
            Err(_) if has_errors => continue,
            Err(reason) => {
                wrong.push(format!("{file}: {reason}"));
                continue;
            }
        };
        let mut back = there.renamed(&renaming);
        let (_, places) = renaming
            .places()
            .find(|(f, _)| &***f == file)
            .expect("itself");
        let growth = (fresh.len() - thing.name.len()) as u32;
        let before = places.iter().filter(|p| p.start < place.start).count() as u32;
        let start = place.start + before * growth;
        back.cursor = Some(Place {
            start,
            end: start,
            ..place.clone()
        });
        match renamed(&back, &thing.name) {
            Ok(undone) if back.renamed(&undone).files == workspace.files => {}
            Ok(_) => wrong.push(format!("{file}: {fresh}: not as it was")),
            Err(reason) => wrong.push(format!("{file}: {fresh}: {reason}")),
        }
    }
    count
}

/// A workspace for each policy of the library, and one for each folder of examples.
fn workspaces() -> Vec<Workspace> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut library = Workspace::default();
    policies(&root.join("stdlib"), &mut library, "");
    let of_library = library.files.into_iter().map(|(file, text)| Workspace {
        files: [(file, text)].into(),
        ..Workspace::default()
    });
    let folders = [
        "examples/hello",
        "docs/book/src/tutorial.in",
        "docs/book/src/how-to/modules.in",
        "docs/book/src/how-to/change.in",
        "cli/tests/commands/modules.in",
        "cli/tests/commands/test.in",
        "cli/tests/repl/names.in",
    ];
    let of_folders = folders.map(|folder| {
        let mut workspace = Workspace::default();
        policies(&root.join(folder), &mut workspace, "");
        assert!(!workspace.files.is_empty(), "{folder}");
        workspace
    });
    of_library.chain(of_folders).collect()
}

#[test]
fn every_name_of_every_policy_can_be_changed_and_changed_back() {
    let (mut count, mut wrong) = (0, Vec::new());
    for workspace in workspaces() {
        for file in workspace.files.keys() {
            count += rename_there_and_back(&workspace, file, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "of {count} names:\n{}", wrong.join("\n"));
    assert!(count > 300, "{count} names");
}

//! Schemas: declared, given from outside, and written back as source.

use plasma_check::schema::{PropertyKind, Schema};
use plasma_check::{Environment, check_source, schema_of};
use plasma_diagnostic::FileId;

const SOURCE: &str = "\
/// A folder of files.
/// It may have a parent.
actor Folder {
  /// What it holds.
  files: [File];
  parent: Folder?;
  home: Disk;
  depth: int;
  full: percent;
  /// A client opens it.
  fn open;
  fn list;
}

actor File {
  fn read;
}

actor Disk {}
";

fn schema(source: &str) -> Schema {
    let (schema, diagnostics) = schema_of(&plasma_syntax::parse(FileId(1), source).tree);
    assert_eq!(diagnostics, []);
    schema
}

#[test]
fn is_written_back_as_it_was_read() {
    assert_eq!(schema(SOURCE).to_source(), SOURCE);
}

#[test]
fn a_policy_may_declare_less_than_the_application_offers() {
    let environment = Environment {
        schema: Some(schema(SOURCE)),
        params: Vec::new(),
        today: None,
        leaves_out_tests: false,
        notes_names: false,
        ..Environment::default()
    };
    let policy = "actor Folder { files: [File]; fn open; } \
                  client.call(Folder(f).list).count > 10 => pin(f);";
    let checked = check_source(FileId(0), policy, &environment);
    assert_eq!(checked.diagnostics, []);
    assert_eq!(checked.program.schema.to_source(), SOURCE);
}

#[test]
fn is_inferred_from_use() {
    let policy = "File(x) in ref(Folder(f).files) and client.call(f.open).count > 9 => pin(x);
                  any(y) in ref(Folder(f).links) => colocate(f, y);";
    let checked = check_source(FileId(0), policy, &Environment::default());
    assert_eq!(checked.diagnostics, []);
    let schema = checked.program.schema;
    assert!(!schema.declared);
    insta::assert_snapshot!(schema.to_source(), @r"
    actor File {}

    actor Folder {
      files: [File];
      // links: references of unknown type
      fn open;
    }
    ");
    let (_, folder) = schema.find("Folder").unwrap();
    let links = folder.property("links").unwrap();
    assert!(matches!(
        links.kind,
        PropertyKind::Reference { target: None, .. }
    ));
}

//! What the built-in applications offer: names, schemas, and the same start for the same seed.

use insta::assert_snapshot;
use plasma_actor::{Application, Setup};
use plasma_apps::metadata::Metadata;

#[test]
fn applications_have_different_names_and_whole_schemas() {
    let mut names: Vec<&str> = plasma_apps::all().iter().map(|app| app.name()).collect();
    names.dedup();
    assert_eq!(names.len(), plasma_apps::all().len());
    for app in plasma_apps::all() {
        assert!(app.schema().is_ok(), "{} has no schema", app.name());
    }
}

#[test]
fn the_metadata_server_tells_policies_of_folders_and_files() {
    let schema = Metadata::default().schema().unwrap_or_default();
    assert_snapshot!(schema, @r"
    actor Folder {
      files: [File];
      opened: int;
      fn open;
    }

    actor File {
      fn read;
    }
    ");
}

#[test]
fn the_same_seed_gives_the_same_actors() {
    let actors = |seed| {
        let mut setup = Setup::new(seed);
        let created = Metadata::default().create(&mut setup);
        assert_eq!(created, Ok(()));
        setup.into_actors()
    };
    assert_eq!(actors(3), actors(3));
    assert_eq!(actors(3).len(), 16 + 128);
}

#[test]
fn clients_are_as_many_as_asked_for() {
    let few = Metadata {
        clients: 5,
        ..Metadata::default()
    };
    assert_eq!(few.load(1).len(), 5);
}

//! What the types declare to policies.

use insta::assert_snapshot;
use plasma_actor::{Actor, Durability, Functions, Types};
use std::time::Duration;

use crate::application::{Document, Shelf};

#[test]
fn the_schema_is_what_the_source_says() {
    let mut types = Types::default();
    types.add::<Shelf>().add::<Document>();
    let schema = types.into_catalog().map(|catalog| catalog.schema());
    assert_snapshot!(schema.unwrap_or_default());
}

#[test]
fn options_set_durability_and_beginning() {
    assert_eq!(
        Shelf::DURABILITY,
        Durability::Checkpoint(Duration::from_secs(2))
    );
    assert_eq!(Document::DURABILITY, Durability::None);
    assert!(Shelf::fresh(1).is_some());
    assert!(Document::fresh(1).is_none());
}

#[test]
fn functions_say_whether_they_are_shared_and_of_one_size() {
    let table = |functions: &[plasma_actor::Function]| -> Vec<_> {
        functions
            .iter()
            .map(|f| (f.name, f.shared, f.fixed_size))
            .collect()
    };
    assert_eq!(
        table(Shelf::FUNCTIONS),
        [
            ("count", true, Some(0)),
            ("put", false, None),
            ("stamp_all", false, Some(2))
        ]
    );
    assert_eq!(
        table(Document::FUNCTIONS),
        [("stamp", false, Some(2)), ("replace", false, None)]
    );
}

#[test]
fn references_and_values_are_visited_by_property() {
    let shelf = Shelf {
        documents: vec![plasma_actor::Ref::new(7), plasma_actor::Ref::new(8)],
        next: None,
        fill: 12.5,
        opened: 0,
    };
    let mut references = Vec::new();
    shelf.references(&mut |property, actor| references.push((property, actor.key())));
    assert_eq!(references, [(0, 7), (0, 8)]);
    let mut values = Vec::new();
    shelf.values(&mut |index, value| values.push((index, value)));
    assert_eq!(values, [(0, plasma_actor::Value::Float(12.5))]);
}

//! `#[derive(Actor)]`.

use insta::assert_snapshot;

use super::derive;

#[test]
fn references_become_properties() {
    assert_snapshot!(derive(
        "
        struct Folder {
            parent: Option<Ref<Self>>,
            owner: Ref<users::User>,
            files: Vec<plasma_actor::Ref<File>>,
        }
    "
    ));
}

#[test]
fn marked_fields_are_published_by_kind() {
    assert_snapshot!(derive(
        "
        struct Session {
            #[publish] players: u16,
            #[publish] score: i64,
            #[publish(bytes)] cached: usize,
            #[publish] rate: f64,
            #[publish(percent)] fill: f32,
            #[publish] open: bool,
            #[publish] r#mode: String,
            #[publish] lag: std::time::Duration,
            secret: u64,
        }
    "
    ));
}

#[test]
fn options_say_what_survives_and_how_an_actor_begins() {
    assert_snapshot!(derive(
        "
        #[actor(default, checkpoint = \"500ms\")]
        struct Counter { total: u64 }
    "
    ));
    assert_snapshot!(derive("#[actor(durable = none)] struct Cache;"));
}

#[test]
fn the_layout_is_what_is_written() {
    assert_snapshot!(derive(
        "
        struct Index {
            #[serde(with = \"compact\")]
            keys: BTreeMap<String, [u8; 16]>,
            name: &'static str,
            #[serde(skip)]
            cache: Vec<Entry>,
            #[actor(skip)]
            shards: BTreeMap<u64, Ref<Shard>>,
            turn: (bool, fn(u8) -> u8),
        }
    "
    ));
}

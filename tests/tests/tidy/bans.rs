//! The crates that must behave the same in every run ban what differs between runs.

use toml::Table;

use super::{read, root};

/// Folders of the crates that the simulator runs (runtime.md, section 6).
const DETERMINISTIC: [&str; 4] = ["apps", "runtime/actor", "runtime/manager", "runtime/sim"];

/// What each of them must ban at least: orders and clocks that differ, state beside the state.
const BANNED: [&str; 6] = [
    "std::collections::HashMap",
    "std::collections::HashSet",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::thread::LocalKey",
    "std::thread::sleep",
];

fn banned(folder: &str) -> Vec<String> {
    let path = root().join(folder).join("clippy.toml");
    let table: Table = read(&path).parse().expect("clippy.toml is TOML");
    let lists = ["disallowed-types", "disallowed-methods"];
    let entries = lists.iter().filter_map(|list| table.get(*list)?.as_array());
    entries
        .flatten()
        .filter_map(|entry| entry.get("path")?.as_str())
        .map(str::to_owned)
        .collect()
}

#[test]
fn deterministic_crates_ban_what_differs_between_runs() {
    for folder in DETERMINISTIC {
        let banned = banned(folder);
        for path in BANNED {
            let is_banned = banned.iter().any(|entry| entry == path);
            assert!(is_banned, "{folder}/clippy.toml does not ban {path}");
        }
    }
}

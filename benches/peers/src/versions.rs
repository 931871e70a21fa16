//! Versions of the peers that are crates, as the lock has them.

const LOCK: &str = include_str!("../Cargo.lock");

/// The version of a crate that this program is built with.
pub(crate) fn of(name: &str) -> &'static str {
    let mut packages = LOCK.split("[[package]]");
    let head = format!("\nname = \"{name}\"\nversion = \"");
    let version = packages.find_map(|package| package.strip_prefix(&head)?.split('"').next());
    version.unwrap_or("of an unknown version")
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn every_peer_has_a_version() {
        for name in [
            "cedar-policy",
            "cel",
            "nickel-lang-parser",
            "regorus",
            "rusqlite",
            "starlark",
        ] {
            assert!(
                of(name).starts_with(|first: char| first.is_ascii_digit()),
                "{name}"
            );
        }
    }
}

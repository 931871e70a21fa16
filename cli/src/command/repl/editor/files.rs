//! Names of files, completed.

use std::path::Path;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A policy, or one of the library.
    Policy,
    /// A snapshot or trace.
    Snapshot,
    /// Any file.
    Any,
}

/// At most so many entries of a folder are looked at.
const ENTRIES_MAX: usize = 10_000;

/// What a file name begun so can become: what is shown, and the whole name. Folders end with `/`.
pub(super) fn offers(begun: &str, kind: Kind) -> Vec<(String, String)> {
    let (folder, begin) = match begun.rfind('/') {
        Some(at) => begun.split_at(at + 1),
        None => ("", begun),
    };
    let entries = std::fs::read_dir(match folder {
        "" => Path::new("."),
        folder => Path::new(folder),
    });
    let entries = entries.into_iter().flatten().take(ENTRIES_MAX).flatten();
    let mut found: Vec<(String, String)> = entries
        .filter_map(|entry| {
            let mut name = entry.file_name().into_string().ok()?;
            let is_hidden = name.starts_with('.') && !begin.starts_with('.');
            if is_hidden || !name.starts_with(begin) {
                return None;
            }
            if entry.path().is_dir() {
                name.push('/');
            } else if !kind.fits(&name) {
                return None;
            }
            let whole = format!("{folder}{name}");
            Some((name, whole))
        })
        .collect();
    if kind == Kind::Policy {
        let names = plasma_stdlib::POLICIES
            .iter()
            .map(|p| format!("std.{}", p.name));
        found.extend(
            names
                .filter(|n| n.starts_with(begun))
                .map(|n| (n.clone(), n)),
        );
    }
    found.sort();
    found
}

impl Kind {
    fn fits(self, name: &str) -> bool {
        let name = name.strip_suffix(".zst").unwrap_or(name);
        match self {
            Kind::Policy => name.ends_with(".plasma"),
            Kind::Snapshot => [".jsonl", ".json", ".msgpack"]
                .iter()
                .any(|end| name.ends_with(end)),
            Kind::Any => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, offers};

    #[test]
    fn files_of_the_right_kind_are_offered() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.plasma", "ab.jsonl.zst", "b.plasma", ".hidden.plasma"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("apps")).unwrap();
        let begun = format!("{}/a", folder.path().display());
        let names = |kind| {
            let found = offers(&begun, kind).into_iter();
            found.map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names(Kind::Policy), ["a.plasma", "apps/"]);
        assert_eq!(names(Kind::Snapshot), ["ab.jsonl.zst", "apps/"]);
        assert_eq!(names(Kind::Any), ["a.plasma", "ab.jsonl.zst", "apps/"]);
        let library = offers("std.hot", Kind::Policy);
        assert_eq!(
            library,
            [("std.hotspot".to_owned(), "std.hotspot".to_owned())]
        );
    }
}

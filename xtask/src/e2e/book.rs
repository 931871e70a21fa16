//! The book as readers see it: made by mdBook, which is installed below `target` once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Trouble;
use crate::session::{cargo, root, succeed};

/// The book is written for this one. Without its features, which serve and watch, it is built sooner.
const VERSION: &str = "0.5.4";

pub(crate) fn test() -> Result<(), Trouble> {
    let folder = root().join("target/e2e-book");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let mdbook = installed(&folder).map_err(Trouble::Skipped)?;
    let pages = folder.join("html");
    let mut build = Command::new(mdbook);
    build.arg("build").arg("--dest-dir").arg(&pages);
    build.arg(root().join("docs/book"));
    succeed(build)?;
    let made = pages_below(&pages)?;
    let summary = fs::read_to_string(root().join("docs/book/src/SUMMARY.md"));
    let summary = summary.map_err(|error| error.to_string())?;
    let listed = summary.split("](").skip(1);
    let listed = listed.filter_map(|rest| rest.split_once(".md)"));
    for (page, _) in listed {
        let page = page.replace("README", "index");
        let html = pages.join(format!("{page}.html"));
        if !made.contains(&html) {
            return Err(format!("no page was made of {page}.md").into());
        }
    }
    let dead: Vec<String> = made.iter().flat_map(|page| dead_links(page)).collect();
    match dead.is_empty() {
        true => Ok(()),
        false => Err(dead.join("\n").into()),
    }
}

/// mdBook of the right version, installed if it is not there.
fn installed(folder: &Path) -> Result<PathBuf, String> {
    let mdbook = folder.join("bin/mdbook");
    let mut version = Command::new(&mdbook);
    version.arg("--version");
    if succeed(version).is_ok_and(|version| version.contains(VERSION)) {
        return Ok(mdbook);
    }
    let target = folder.join("build");
    let mut install = cargo(folder, &["install", "mdbook", "--locked", "--quiet"]);
    install.args(["--no-default-features", "--version", VERSION]);
    install.arg("--root").arg(folder);
    install.arg("--target-dir").arg(target);
    succeed(install)?;
    Ok(mdbook)
}

fn pages_below(folder: &Path) -> Result<BTreeSet<PathBuf>, String> {
    let mut pages = BTreeSet::new();
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            pages.extend(pages_below(&path)?);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "html")
        {
            pages.insert(path);
        }
    }
    Ok(pages)
}

/// Links of a page to other pages of the book, or to places in them, that are not there.
fn dead_links(page: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(page) else {
        return vec![format!("{} cannot be read", page.display())];
    };
    let links = text.split("href=\"").skip(1);
    let links = links.filter_map(|rest| Some(rest.split_once('"')?.0));
    let inner = links.filter(|link| !link.contains("://") && !link.starts_with("mailto:"));
    let is_dead = |link: &&str| {
        let (file, place) = link.split_once('#').unwrap_or((link, ""));
        let target = match file {
            "" => page.to_owned(),
            _ => page.with_file_name("").join(file),
        };
        match fs::read_to_string(&target) {
            Ok(text) => !place.is_empty() && !text.contains(&format!("id=\"{place}\"")),
            // Fonts and pictures are no text.
            Err(_) => !target.exists(),
        }
    };
    let dead = inner.filter(is_dead);
    dead.map(|link| format!("{}: {link}", page.display()))
        .collect()
}

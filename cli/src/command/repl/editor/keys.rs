//! The keys that a person is used to: `set editing-mode vi` in the settings of readline, which bash, psql and
//! Python read, too.

use std::path::PathBuf;

use crate::command::repl::options::Keys;

/// What `$INPUTRC`, else `~/.inputrc` says.
pub(super) fn of_person() -> Keys {
    let named = std::env::var_os("INPUTRC").filter(|path| !path.is_empty());
    let in_home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".inputrc"));
    let path = named.map(PathBuf::from).or_else(in_home);
    let text = path.and_then(|path| std::fs::read_to_string(path).ok());
    of_settings(&text.unwrap_or_default())
}

/// What settings of readline say; the last word counts.
fn of_settings(text: &str) -> Keys {
    let words = |line: &str| {
        line.to_lowercase()
            .split_whitespace()
            .map(str::to_owned)
            .collect()
    };
    let mut modes = text.lines().rev().filter_map(|line| {
        let words: Vec<String> = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["set", "editing-mode", "vi"] => Some(Keys::Vi),
            ["set", "editing-mode", "emacs"] => Some(Keys::Emacs),
            _ => None,
        }
    });
    modes.next().unwrap_or(Keys::Emacs)
}

#[cfg(test)]
mod tests {
    use super::{Keys, of_settings};

    #[test]
    fn the_last_word_counts() {
        assert_eq!(of_settings(""), Keys::Emacs);
        assert_eq!(of_settings("# set editing-mode vi\n"), Keys::Emacs);
        assert_eq!(
            of_settings("set bell-style none\nset editing-mode vi"),
            Keys::Vi
        );
        let both = "set Editing-Mode vi\nset editing-mode emacs\n";
        assert_eq!(of_settings(both), Keys::Emacs);
    }
}

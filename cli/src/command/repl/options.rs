//! The settings of a prompt: what `:set` changes.

use ratatui::crossterm::terminal;

use super::answer::{Answer, Refusal, json};

/// How answers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// As text.
    Human,
    /// One JSON document each.
    Json,
}

/// Which keys edit a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keys {
    /// As in Emacs.
    Emacs,
    /// As in vi.
    Vi,
}

/// Where lines end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// Where the terminal ends, if there is one.
    Auto,
    /// After so many columns.
    Columns(usize),
}

/// The settings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub(super) format: Format,
    pub(super) keys: Keys,
    /// At most so many rows of a table are shown.
    pub(super) rows_max: usize,
    pub(super) width: Width,
    /// Whether answers go to a terminal.
    pub(super) is_terminal: bool,
}

/// How tables and messages are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) rows_max: usize,
    /// Columns of a line; `None` without bound.
    pub(super) width: Option<usize>,
}

/// One row of [`SETTINGS`].
pub(super) struct SettingRow {
    /// Its name.
    pub(super) name: &'static str,
    /// What it can be.
    values: &'static str,
    /// Those of its values that are words.
    pub(super) words: &'static [&'static str],
    about: &'static str,
    get: fn(&Options) -> String,
    /// Whether that is a value of it, which it has then.
    set: fn(&mut Options, &str) -> bool,
}

/// A terminal narrower than this is no use to anybody.
const WIDTH_MIN: usize = 20;
const WIDTH_MAX: usize = 10_000;
const ROWS_MAX: usize = 1_000_000;

/// Every setting, in the order of `:set`.
pub(super) const SETTINGS: &[SettingRow] = &[
    SettingRow {
        name: "format",
        values: "human or json",
        words: &["human", "json"],
        about: "how answers are printed",
        get: |options| match options.format {
            Format::Human => "human".to_owned(),
            Format::Json => "json".to_owned(),
        },
        set: |options, value| {
            options.format = match value {
                "human" => Format::Human,
                "json" => Format::Json,
                _ => return false,
            };
            true
        },
    },
    SettingRow {
        name: "keys",
        values: "emacs or vi",
        words: &["emacs", "vi"],
        about: "the keys that edit a line",
        get: |options| match options.keys {
            Keys::Emacs => "emacs".to_owned(),
            Keys::Vi => "vi".to_owned(),
        },
        set: |options, value| {
            options.keys = match value {
                "emacs" => Keys::Emacs,
                "vi" => Keys::Vi,
                _ => return false,
            };
            true
        },
    },
    SettingRow {
        name: "rows",
        values: "a number from 1 to 1000000",
        words: &[],
        about: "at most so many rows of a table are shown",
        get: |options| options.rows_max.to_string(),
        set: |options, value| {
            let rows = value.parse().ok();
            let rows = rows.filter(|rows| (1..=ROWS_MAX).contains(rows));
            options.rows_max = rows.unwrap_or(options.rows_max);
            rows.is_some()
        },
    },
    SettingRow {
        name: "width",
        values: "auto, or a number from 20 to 10000",
        words: &["auto"],
        about: "where lines of a table end; auto: where the terminal does",
        get: |options| match options.width {
            Width::Auto => "auto".to_owned(),
            Width::Columns(columns) => columns.to_string(),
        },
        set: |options, value| {
            let columns = value.parse().ok();
            let columns = columns.filter(|width| (WIDTH_MIN..=WIDTH_MAX).contains(width));
            let width = match value {
                "auto" => Some(Width::Auto),
                _ => columns.map(Width::Columns),
            };
            options.width = width.unwrap_or(options.width);
            width.is_some()
        },
    },
];

impl Options {
    /// What holds until something is set.
    pub(super) fn new(is_terminal: bool) -> Options {
        Options {
            format: Format::Human,
            keys: Keys::Emacs,
            rows_max: 50,
            width: Width::Auto,
            is_terminal,
        }
    }

    /// How answers are laid out now: a terminal may have been made wider or narrower.
    pub(super) fn layout(&self) -> Layout {
        let of_terminal = || {
            let (columns, _) = terminal::size().ok().filter(|_| self.is_terminal)?;
            Some(usize::from(columns).max(WIDTH_MIN))
        };
        Layout {
            rows_max: self.rows_max,
            width: match self.width {
                Width::Auto => of_terminal(),
                Width::Columns(columns) => Some(columns),
            },
        }
    }

    /// Sets one of them.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<Answer, Refusal> {
        let Some(row) = SETTINGS.iter().find(|row| row.name == name) else {
            let names = SETTINGS.iter().map(|row| row.name);
            let help = match plasma_diagnostic::did_you_mean(name, names) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "`:set` lists them".to_owned(),
            };
            return Err(Refusal::helped(
                format!("there is no setting `{name}`"),
                help,
            ));
        };
        if value.is_empty() {
            return Ok(Answer::note(self.format, (row.get)(self)));
        }
        match (row.set)(self, value) {
            true => Ok(Answer::new(self.format)),
            false => Err(Refusal::from(format!(
                "error: `{value}` is no value of `{name}`: it is {}",
                row.values
            ))),
        }
    }

    /// All of them.
    pub(super) fn list(&self) -> Answer {
        let text = || {
            let line = |row: &SettingRow| {
                format!(
                    "{:8} {:8} {} ({})\n",
                    row.name,
                    (row.get)(self),
                    row.about,
                    row.values
                )
            };
            SETTINGS.iter().map(line).collect()
        };
        let value = || {
            let all = SETTINGS.iter().map(|row| (row.name, (row.get)(self)));
            json(all.collect::<std::collections::BTreeMap<_, _>>())
        };
        Answer::of(self.format, "settings", text, value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, Keys, Layout, Options};

    #[test]
    fn settings_are_set_and_mistakes_say_what_is_possible() {
        let mut options = Options::new(false);
        assert!(options.layout().width.is_none());
        for (name, value) in [("rows", "7"), ("width", "60"), ("keys", "vi")] {
            assert!(options.set(name, value).is_ok(), "{name}");
        }
        let layout = Layout {
            rows_max: 7,
            width: Some(60),
        };
        assert_eq!(options.layout(), layout);
        assert_eq!((options.keys, options.format), (Keys::Vi, Format::Human));
        let mut mistake = |name: &str, value: &str| match options.set(name, value) {
            Err(refusal) => refusal.text,
            Ok(_) => String::new(),
        };
        assert_eq!(
            mistake("kyes", "vi"),
            "error: there is no setting `kyes`\n  help: did you mean `keys`?"
        );
        assert_eq!(
            mistake("width", "5"),
            "error: `5` is no value of `width`: it is auto, or a number from 20 to 10000"
        );
        assert_eq!(options.rows_max, 7);
    }
}

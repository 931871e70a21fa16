//! Policies of many rules, the same for the same seed.

use std::fmt::Write as _;

use oorandom::Rand32;

/// How the rules of a policy look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One comparison or two, one behavior: some 55 bytes.
    Short,
    /// Calls and references, one behavior or two: some 100 bytes.
    Medium,
    /// A name, attributes, a comment, four or five atoms, windows and an aggregate: some 350 bytes.
    Long,
    /// A third of each.
    Mixed,
}

impl Kind {
    pub(crate) const ALL: [Kind; 4] = [Kind::Short, Kind::Medium, Kind::Long, Kind::Mixed];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Short => "short",
            Kind::Medium => "medium",
            Kind::Long => "long",
            Kind::Mixed => "mixed",
        }
    }
}

/// What the rules are about. Each type has a function, a list of another type and a value.
const TYPES: [(&str, &str, &str, &str, &str); 10] = [
    ("Partition", "read", "children", "Partition", "depth"),
    ("Folder", "open", "files", "File", "entries"),
    ("File", "write", "readers", "Client", "versions"),
    ("Player", "update", "seen", "Item", "level"),
    ("Session", "join", "players", "Player", "round"),
    ("Client", "poll", "opened", "Folder", "age"),
    ("Item", "take", "owners", "Player", "price"),
    ("Room", "enter", "doors", "Room", "seats"),
    ("Index", "search", "shards", "Shard", "terms"),
    ("Shard", "fetch", "copies", "Shard", "documents"),
];

const RESOURCES: [&str; 3] = ["cpu", "mem", "net"];

/// A policy of so many rules with the declarations that they need. Nothing in it is wrong or doubtful
/// by itself; what is said of the whole is that there are too many rules for two of the lints.
pub(crate) fn policy(kind: Kind, rules: usize, seed: u64) -> String {
    let mut text = String::new();
    for (name, function, list, listed, value) in TYPES {
        let _ = writeln!(
            text,
            "actor {name} {{\n  fn {function};\n  {list}: [{listed}];\n  {value}: int;\n}}"
        );
    }
    text.push('\n');
    let mut writer = Writer {
        random: Rand32::new(seed),
        text,
    };
    for number in 0..rules {
        match (kind, number % 3) {
            (Kind::Short, _) | (Kind::Mixed, 0) => writer.short(),
            (Kind::Medium, _) | (Kind::Mixed, 1) => writer.medium(),
            (Kind::Long, _) | (Kind::Mixed, _) => writer.long(number),
        }
    }
    writer.text
}

/// A policy of so many rules that give a warning each.
pub(crate) fn doubtful_policy(rules: usize, seed: u64) -> String {
    let mut random = Rand32::new(seed);
    let mut text = String::new();
    for _ in 0..rules {
        let (bound, own) = (random.rand_range(101..200), random.rand_range(1..50));
        let _ = writeln!(
            text,
            "server.cpu.perc > {bound} and Folder(f).cpu.perc > {own} => reserve(f, cpu);"
        );
    }
    text
}

struct Writer {
    random: Rand32,
    text: String,
}

impl Writer {
    fn number(&mut self, from: u32, to: u32) -> u32 {
        self.random.rand_range(from..to)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let place = self.random.rand_range(0..all.len() as u32);
        all[place as usize]
    }

    fn short(&mut self) {
        let (high, low) = (self.number(70, 99), self.number(10, 50));
        let resource = self.one_of(&RESOURCES);
        let name = self.one_of(&TYPES).0;
        let _ = match self.number(0, 4) {
            0 => writeln!(
                self.text,
                "server.{resource}.perc > {high} or server.{resource}.perc < {low} => balance({{{name}}}, {resource});"
            ),
            1 => writeln!(
                self.text,
                "{name}(a).{resource}.perc > {low} => reserve(a, {resource});"
            ),
            _ => writeln!(
                self.text,
                "server.{resource}.perc > {high} => balance({{{name}}}, {resource});"
            ),
        };
    }

    fn medium(&mut self) {
        let (name, function, list, listed, value) = self.one_of(&TYPES);
        let resource = self.one_of(&RESOURCES);
        let (share, count) = (self.number(10, 60), self.number(100, 5000));
        let _ = match self.number(0, 3) {
            0 => writeln!(
                self.text,
                "client.call({name}(a).{function}).perc > {share} and {listed}(b) in ref(a.{list})\n  => reserve(a, {resource}); colocate(a, b);"
            ),
            1 => writeln!(
                self.text,
                "{name}(a).call({listed}(b)).count > {count} and b.{resource}.perc > {share} => colocate(a, b);"
            ),
            _ => writeln!(
                self.text,
                "{name}(a).{value} > {count} and a.{resource}.perc > {share} and server.{resource}.perc > 60 => reserve(a, {resource});"
            ),
        };
    }

    fn long(&mut self, number: usize) {
        let (name, function, list, listed, value) = self.one_of(&TYPES);
        let resource = self.one_of(&RESOURCES);
        let (high, low) = (self.number(70, 99), self.number(10, 50));
        let (priority, seconds) = (self.number(1, 100), self.number(10, 90));
        let count = self.number(100, 5000);
        let _ = writeln!(
            self.text,
            "
// What clients ask for most gets room of its own.
rule busy_{number} [priority {priority}, cooldown {seconds}s]:
  client.call({name}(a).{function}).perc > {low} and {listed}(b) in ref(a.{list})
  and (a.{resource}.perc > {low} or a.{value} > {count} and a on server(t) and t.{resource}.perc over {seconds}s > {high})
  and avg(s.{resource}.perc for server(s)) < {high} and not b.{resource}.perc > {high}
  => reserve(a, {resource}); colocate(a, b);"
        );
    }
}

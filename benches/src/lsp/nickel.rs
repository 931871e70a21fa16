//! A configuration in Nickel with as many rules: each a typed record that names a condition and what to do.

use std::fmt::Write as _;

/// The declarations that the rules use.
const HEAD: &str = "\
let Rule = { when | Bool, priority | Number | default = 0, behavior | [| \'balance, \'reserve, \'pin |] } in
let server = { cpu = { perc = 50 }, mem = { perc = 20 } } in
let folder = { cpu = { perc = 12 }, mailbox = 3 } in
";

/// A text of so many rules.
pub(super) fn rules(count: usize) -> String {
    let mut text = String::from(HEAD);
    text.push_str("{\n");
    for place in 0..count {
        let (high, share) = (50 + place % 45, place % 90);
        let behavior = ["balance", "reserve", "pin"][place % 3];
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "  rule_{place} | Rule = {{ when = server.cpu.perc > {high} && folder.cpu.perc > {share} && \
             folder.mailbox > {}, priority = {}, behavior = \'{behavior} }},",
            place % 17,
            place % 5,
        );
    }
    text.push_str("}\n");
    text
}

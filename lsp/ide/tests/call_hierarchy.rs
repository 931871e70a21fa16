//! Which items use which.

use plasma_ide::{Owner, Place, Use, hierarchy_item, incoming_uses, outgoing_uses};

use crate::workspace::Workspace;

const FIXTURE: &str = "//- a.plasma
use lib.hot;
def high(s: server) = s.cpu.perc > 80 and hot.busy(s);
rule é: true => pin(Folder);
rule both: high(server(s)) and not high(server(t)) => drain(s); drain(t);
hot.busy(server(s)) => drain(s);
test \"t\" { server s1 {} expect drain(s1) by both; }
//- lib/hot.plasma
def busy(s: server) = s.mem.perc > 80;
";

fn item(cursor: &str) -> (Workspace, Owner) {
    let fixture = FIXTURE.replacen(&cursor.replace("$0", ""), cursor, 1);
    let workspace = Workspace::new(&fixture);
    let (file, offset) = workspace.cursor();
    let item = hierarchy_item(&workspace.indexes(), file, offset).expect("an item");
    (workspace, item)
}

fn shown(workspace: &Workspace, uses: Vec<Use>) -> Vec<String> {
    let text =
        |place: &Place| &workspace.files[&place.file][place.start as usize..place.end as usize];
    let uses = uses.into_iter().map(|found| {
        let places: Vec<_> = found.places.iter().map(text).collect();
        let kind = found.item.kind.word();
        format!("{kind} {}: {}", found.item.name, places.join(" "))
    });
    uses.collect()
}

fn outgoing(cursor: &str) -> Vec<String> {
    let (workspace, item) = item(cursor);
    shown(
        &workspace,
        outgoing_uses(&workspace.indexes(), &item.selection),
    )
}

fn incoming(cursor: &str) -> Vec<String> {
    let (workspace, item) = item(cursor);
    shown(
        &workspace,
        incoming_uses(&workspace.indexes(), &item.selection),
    )
}

#[test]
fn an_item_is_named_or_stands_around_the_cursor() {
    assert_eq!(item("rule bo$0th").1.name, "both");
    assert_eq!(item("=> drain(s); dr$0ain(t)").1.name, "both");
    assert_eq!(item("not hi$0gh").1.name, "high");
    assert_eq!(item("hot.bu$0sy(s)").1.name, "busy");
    assert_eq!(item("by bo$0th").1.name, "both");
}

#[test]
fn uses_go_from_rules_to_definitions_and_on() {
    assert_eq!(outgoing("rule bo$0th"), ["def high: high high"]);
    assert_eq!(outgoing("def hi$0gh"), ["def busy: busy"]);
    assert_eq!(outgoing("def bu$0sy"), [""; 0]);
    assert_eq!(outgoing("test \"t$0\""), ["rule both: both"]);
}

#[test]
fn users_are_found_in_other_files() {
    assert_eq!(incoming("def bu$0sy"), ["def high: busy", "rule #3: busy"]);
    assert_eq!(incoming("def hi$0gh"), ["rule both: high high"]);
    assert_eq!(incoming("rule bo$0th"), ["test t: both"]);
    assert_eq!(incoming("test \"t$0\""), [""; 0]);
}

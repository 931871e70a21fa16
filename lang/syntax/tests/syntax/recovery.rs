//! Several mistakes in one text: each is reported once, and everything around them is read.

use crate::show;

#[test]
fn each_rule_recovers_by_itself() {
    snapshot!(show::mistakes(
        "rule one: server.cpu > => pin(f);
rule two: client.call(Folder(f).open.perc > 40 => reserve(f, cpu)
rule three [priority]: File(x) in f.files => colocate(f x); separate(f, x);
server.mem 80 => pin(f);
rule five: true => pin(f);"
    ));
}

#[test]
fn declarations_recover_by_themselves() {
    snapshot!(show::mistakes(
        "actor Folder { files: [File; fn open(path); depth int; fn list; }
param high 80%
actor File {
  fn read;
param low = ;
rule a: server.cpu > high => balance({Folder File}, cpu);"
    ));
}

#[test]
fn behaviors_recover_by_themselves() {
    snapshot!(show::mistakes(
        "rule a: true => reserve(f, cpu) colocate(f, x); pin(; separate(f, x;
rule b: true => pin(f)"
    ));
}

#[test]
fn a_lost_beginning_does_not_lose_the_rest() {
    snapshot!(show::mistakes(
        ") } this is no policy at all
rule a: true => pin(f);
=> pin(g);
rule b true => pin(f);"
    ));
}

#[test]
fn every_place_of_a_rule_may_be_where_it_ends() {
    let rule = "rule a [priority 1]: x.cpu > 1 and y in ref(z.w) => pin(f);";
    let next = "\nrule b: true => pin(g);";
    let mut shown = String::new();
    for (end, _) in rule.match_indices(' ') {
        shown += &show::mistakes(&format!("{}{next}", &rule[..end]));
        shown += "\n";
    }
    assert_eq!(
        shown.matches("(rule b\n  true\n  (do pin g))").count(),
        rule.matches(' ').count()
    );
    snapshot!(shown);
}

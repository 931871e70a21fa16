//! Policies that check without any diagnostic: the whole core grammar, and published policies.

use plasma_check::{Environment, check_source};
use plasma_diagnostic::{RenderOptions, SourceMap, render};

/// Checks a policy without a schema and expects nothing to be said about it.
#[track_caller]
pub(crate) fn accepts(source: &str) {
    let (sources, file) = SourceMap::single("policy.plasma", source);
    let checked = check_source(file, source, &Environment::default());
    let report = render(&sources, &checked.diagnostics, RenderOptions::default());
    assert!(checked.diagnostics.is_empty(), "\n{source}\n{report}");
}

#[test]
fn every_resource_statistic_and_comparison() {
    accepts(
        "server.cpu.perc > 80 => balance({Folder}, cpu);
         server.mem.size >= 1000000 => balance({Folder, File}, mem);
         server.net.perc <= 20.5 => balance({any}, net);
         Folder(f).cpu.size < 2 => pin(f);
         any(a).mem.perc > 50 => pin(a);",
    );
}

#[test]
fn calls_from_clients_and_actors_with_and_without_function() {
    accepts(
        "client.call(Folder(f).open).count > 100 => pin(f);
         client.call(Folder.open).size > 100 => balance({Folder}, net);
         User(a).call(User(b).send).count >= 500 => colocate(a, b);
         User.call(Folder(f).open).perc > 20 => pin(f);
         rule apart [priority 1]: any(a).call(any(b).open).count > 10 => separate(a, b);
         any.call(any.open).count > 10 => balance({any}, cpu);
         Folder(f).call(f.open).count > 0 => pin(f);",
    );
}

#[test]
fn membership_by_variable_type_and_any() {
    accepts(
        "File(x) in ref(Folder(f).files) => colocate(x, f);
         File in ref(Folder(f).files) => pin(f);
         rule apart [priority 1]: any(x) in ref(any(y).children) => separate(x, y);
         true and File(x) in ref(Folder.files) => pin(x);",
    );
}

#[test]
fn every_behavior_with_every_kind_of_actor() {
    accepts(
        "true => balance({Folder, any}, cpu);
         rule fixed [priority 1]: true => pin(Folder(f)); pin(any);
         server.cpu.perc > 90 => colocate(Folder, File);
         rule apart [priority 1]: server.cpu.perc > 90 => separate(Folder(f), any);
         Folder(f).mem.perc > 15 => reserve(f, mem);
         any(a).net.perc > 15 => reserve(a, net); reserve(File, net);",
    );
}

#[test]
fn or_binds_on_every_side() {
    accepts(
        "client.call(Folder(f).open).perc > 40 or f.cpu.perc > 50 => pin(f);
         (Folder(f).cpu.perc > 50 and f.mem.perc > 9 or File.cpu.perc > 50) and Disk(d).cpu.perc > 9 => pin(d);
         server.cpu.perc < 60 or server.cpu.perc > 80 => balance({FrontEnd}, cpu);",
    );
}

#[test]
fn sugar_of_the_published_examples() {
    accepts(
        "server.cpu > 80 ⇒ balance({Folder}, cpu);
         A(a).call(B(b)).count > 1000 => colocate(a, b);
         A(a).call(B(b)) > 500 => colocate(a, b);",
    );
}

#[test]
fn words_are_reserved_only_where_the_grammar_needs_them() {
    accepts(
        "client.call(Directory(rule).AccessFile).count > 10 => pin(rule);
         Folder(cpu).mem.perc > 20 => reserve(cpu, cpu);
         Item(x) in ref(Folder(limit).balance) => colocate(x, limit);
         rule fixed [priority 1]: client.call(Folder(test).any).count > 1 => pin(test);",
    );
}

#[test]
fn names_and_attributes_and_params() {
    accepts(
        "param high = 80%;
         /// Busy folders stay.
         rule busy [priority 10]: Folder(f).cpu.perc > high => pin(f);
         param many = 500;
         rule called: client.call(Folder(f).open).count > many => pin(f);",
    );
}

#[test]
fn equality_hosts_and_not() {
    accepts(
        "Folder(f).server == File(x).server and File(x) in ref(f.files) => pin(f);
         User(a) in ref(Room(r).users) and User(b) in ref(r.users) and a != b => separate(a, b);
         not Folder(f).server.cpu.perc > 80 => pin(f);
         server(s).cpu.perc > 80 and Folder(f).server == s => pin(f);
         not (Folder.cpu.perc > 80) and server.cpu.perc > 20 => balance({Folder}, cpu);",
    );
}

#[test]
fn calculations_and_aggregates() {
    accepts(
        "param high = 80%;
         server.cpu.perc > high - 10% => balance({Folder}, cpu);
         Folder(f).cpu.perc > 2 * avg(x.cpu.perc for Folder(x)) => pin(f);
         abs(Folder(f).cpu - f.server.cpu / 2) > 10 => pin(f);
         count(Folder(f) where f.cpu.perc > 10 and f on server(s)) > 3 and server.cpu > 5 => pin(Folder);
         stddev(s.cpu.perc for server(s)) > 20 => balance({Folder}, cpu);
         max(Folder(f).cpu, f.mem, 5%) > 30 => pin(f);
         client.call(Folder(f).open).mean > 20ms and client.call(f.open).rate > 5/s => pin(f);",
    );
}

#[test]
fn values_and_conditions_over_time() {
    accepts(
        "param window = 1m; param high = 80%;
         server.cpu.perc over window > high => balance({Folder}, cpu);
         not Folder(f).cpu > 50 for 30s and f.server.cpu > 60 for window => pin(f);
         (Folder(f).cpu > 50 or f.mailbox > 10) for 500ms => pin(f);
         rate(Folder(f).mailbox over 30s) > 2/s or delta(f.depth over 1h) > 3 => pin(f);
         max(Folder(f).cpu.perc over 30s) - min(f.cpu over 30s) > 20% => pin(f);
         forecast(server.mem.size, 2m) > 4GiB and server.mem.perc > 60 => balance({Folder}, mem);
         avg(s.cpu.perc over 60s for server(s)) > 50 and server.cpu.perc > 60 => balance({Folder}, cpu);
         client.call(Folder(f).open).count over 1m > 5 and delta(client.call(f.open).count over 1m) > 60
           => pin(f);
         rate(client.call(Folder(f).open).size over 1m) > 5KB/s and Folder(f).call(File(x).read).perc over 1m > 5
           => pin(f); colocate(f, x);
         count(Folder(f) where f.cpu.perc > 10 for 30s) > 3 and server.cpu > 5 => pin(Folder);",
    );
}

#[test]
fn hosts_labels_and_published_values() {
    accepts(
        "Folder(f) on server(s) and s.label(\"zone\") == \"a\" and f.idle > 30s => pin(f);
         Folder(f) not on server(s) and s.actors > 40 and f.depth > 3 => pin(f);
         File(x) not in ref(Folder(f).files) and x in ref(f) => separate(x, f);
         Folder(f).hot and f.name != \"tmp\" and f.mailbox > 5 and f.moves < 3 => pin(f);
         Folder(f).server.label(\"zone\") != server(s).label(\"zone\") => pin(f);",
    );
}

#[test]
fn an_actor_is_looked_at_before_it_is_introduced() {
    accepts("f.cpu.perc > 10 and client.call(Folder(f).open).count > 5 => pin(f);");
}

/// The policies known of the original system, in the language's words.
#[test]
fn published_policies() {
    accepts(
        "server.cpu.perc > 80 and client.call(Folder(fo).open).perc > 40
           and File(fi) in ref(fo.files) and fo.cpu.perc > 15
           => reserve(fo, cpu); colocate(fo, fi);
         client.call(DirNode(d)).perc > 30 and server.cpu.perc > 80 and d.cpu.perc > 20
           => reserve(d, cpu); colocate(d, FileNode);
         server.cpu.perc < 60 or server.cpu.perc > 80 => balance({FrontEnd}, cpu);
         VideoStream(v).call(UserInfo(u).updateHistoryReply).count >= 1 => pin(v); colocate(u, v);
         Review(r).call(UserReview(u).replyUpdateUserReviews).count >= 1 => pin(r); colocate(u, r);
         server.cpu.perc < 30 or server.cpu.perc > 70 => balance({Router}, cpu);
         Player(p) in ref(GameSession(s).players) => colocate(p, s);
         GameSession(s).call(Player(p).playerHeartbeat).count >= 500 => pin(s); colocate(p, s);
         server.cpu.perc < 50 or server.cpu.perc > 80 => balance({User}, cpu);
         User(a).call(User(b).sendMessage).count >= 500
           or User(a).call(User(b).replyMessage).count >= 500 => colocate(a, b);",
    );
}

/// The same without what keeps a reservation from lasting for ever: a lint, never an error.
#[test]
fn published_metadata_policy_is_accepted_unchanged() {
    let source = "client.call(Folder(fo).open).perc > 40 and server.cpu.perc > 80
                  and File(fi) in ref(fo.files) => reserve(fo, cpu); colocate(fo, fi);";
    accepts(source);
}

#[test]
fn declared_schema() {
    accepts(
        "/// A folder.
         actor Folder {
           files: [File]; parent: Folder?; home: Disk;
           depth: int; ratio: float; open: bool; name: text; bytes: bytes; age: duration; full: percent;
           fn open; fn list;
         }
         actor File { fn read; }
         actor Disk {}
         client.call(Folder(f).open).count > 10 and File(x) in ref(f.files) => colocate(f, x);
         Disk(d) in ref(any(a).home) => colocate(a, d);
         client.call(any(a).read).count > 10 => pin(a);",
    );
}

#[test]
fn a_schema_alone_is_no_empty_policy() {
    accepts("actor Folder { fn open; }");
}

#[test]
fn the_policy_of_the_metadata_application() {
    let source = include_str!("../../../stdlib/metadata.plasma");
    accepts(source);
}

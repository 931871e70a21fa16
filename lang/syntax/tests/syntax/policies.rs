//! Whole policies that several tests read: those published with the core grammar, and one that uses
//! everything this language has.

/// Policies in the published core grammar, by application. Priorities are not part of it.
pub(crate) const PUBLISHED: &[(&str, &str)] = &[
    (
        "metadata server, with a function named",
        "server.cpu.perc > 80 and client.call(Folder(fo).open).perc > 40
           and File(fi) in ref(fo.files)
         => reserve(fo, cpu); colocate(fo, fi);",
    ),
    (
        "metadata server, any function",
        "client.call(DirNode(d).AccessFile).perc > 30 and server.cpu.perc > 80
         => reserve(d, cpu);
         FileNode(f) in ref(d.files) and client.call(DirNode(d)).count >= 1 => colocate(d, f);",
    ),
    (
        "media service",
        "server.cpu.perc < 60 or server.cpu.perc > 80 => balance({FrontEnd}, cpu);
         server.cpu.perc < 60 or server.cpu.perc > 80 => balance({ReviewChecker}, cpu);
         server.cpu.perc < 60 or server.cpu.perc > 80 => balance({VideoStream}, cpu);
         VideoStream(v).call(UserInfo(u).updateHistoryReply).count >= 1
         => pin(v); colocate(u, v);
         Review(r).call(UserReview(u).replyUpdateUserReviews).count >= 1
         => pin(r); colocate(u, r);",
    ),
    (
        "presence service",
        "server.cpu.perc < 30 or server.cpu.perc > 70 => balance({Router}, cpu);
         Player(p) in ref(GameSession(s).players) => colocate(p, s);
         GameSession(s).call(Player(p).playerHeartbeat).count >= 500
         => pin(s); colocate(p, s);",
    ),
    (
        "chat",
        "server.cpu.perc < 50 or server.cpu.perc > 80 => balance({User}, cpu);
         User(a).call(User(b).sendMessage).count >= 500
           or User(a).call(User(b).replyMessage).count >= 500
         => colocate(a, b);",
    ),
    (
        "partitioned store",
        "server.cpu.perc > 80 and client.call(Partition(p).Execute).perc > 30
           and any(a) in ref(p.rows)
         => reserve(p, net); colocate(p, a);
         server.cpu.perc < 50 => balance({Partition}, cpu);",
    ),
    (
        "page rank",
        "server.cpu.perc > 80 or server.cpu.perc < 60 => balance({GraphPartition, any}, cpu);",
    ),
    (
        "without statistics, and with the arrow of print",
        "server.cpu > 80 ⇒ balance({A}, cpu);
         A(a).call(B(b)).count > 1000 ⇒ separate(a, b);
         (server.net.size > 1.5 or any.mem.perc >= 70) and true ⇒ pin(A);",
    ),
];

/// One policy with everything in it.
pub(crate) const EVERYTHING: &str = r#"// A line comment, /* and a block */
/// Folders of a file system.
actor Folder {
  /// What lies in it.
  files: [File];
  parent: Folder?;
  owner: User;
  depth: int;
  rule: text;
  fn open; fn list; fn in; fn fn;
}
actor File {}
param high = 80%;
param on = true;

/// Hot folders get a server
/// of their own.
rule hot_folder [priority 10]:
  server.cpu.perc > high and client.call(Folder(f).open).perc > 40
  and not (f.depth == 3 or f.server.mem != 50%) and File(x) in ref(f.files)
  => reserve(f, cpu); colocate(f, x);
/// For some time.
rule busy:
  server.cpu.perc over 60s > high for 30s and rate(f.mailbox over 1m) > 10/s
  or forecast(server.mem.size, 2m) > 4GiB
  => pin(Folder(f));
/* unnamed */ server(s).cpu.perc < 20 or 80 <= s.cpu => balance({Folder, File, any}, cpu);
"#;

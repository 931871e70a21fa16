//! What can be folded.

use insta::assert_snapshot;
use plasma_ide::{folding_ranges, line_starts};

use crate::at_cursor;

/// The document, with the lines of each range before it.
fn told(source: &str) -> String {
    let analysis = at_cursor(source).0;
    let starts = line_starts(source);
    let line = |offset: u32| starts.partition_point(|start| *start <= offset as usize);
    let ranges = folding_ranges(&analysis).into_iter();
    let ranges = ranges.map(|range| {
        let first = source
            .get(range.span.range())
            .and_then(|text| text.lines().next());
        let lines = (line(range.span.start), line(range.span.end));
        format!(
            "{}-{} {:?}: {}",
            lines.0,
            lines.1,
            range.kind,
            first.unwrap_or("?")
        )
    });
    ranges.collect::<Vec<_>>().join("\n")
}

#[test]
fn items_blocks_and_runs_fold() {
    let source = "\
// One.
// Two.

use std.hotspot;
use std.balance with {
  high = 80%,
};

actor Folder { fn open; }
actor File {
  fn read;
}

rule r:
  server.cpu > 80
  => balance({File}, cpu);

test \"t\" {
  server s1 { cpu: 3% }
  at 30s {
    server s1 { cpu: 9% }
  }
  /* so
     it is */
  expect no actions;
}
";
    assert_snapshot!(told(source), @r#"
    1-2 Comment: // One.
    4-7 Imports: use std.hotspot;
    5-7 Region: use std.balance with {
    10-12 Region: actor File {
    14-16 Region: rule r:
    18-26 Region: test "t" {
    20-22 Region: at 30s {
    23-24 Comment: /* so
    "#);
}

#[test]
fn nothing_on_one_line_folds() {
    assert_eq!(
        told("// One.\nserver.cpu > 80 => balance({File}, cpu);\n"),
        ""
    );
    assert_eq!(told(""), "");
}

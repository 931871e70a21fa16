//! One specification page: Markdown with fenced blocks, cases by heading.

use std::ops::Range;

/// A page.
#[derive(Debug)]
pub(super) struct Page {
    /// Its path below `tests/spec`.
    pub(super) name: String,
    pub(super) cases: Vec<Case>,
}

/// One case: a policy, and what it does period after period.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) heading: String,
    pub(super) policy: Block,
    /// The modules that it can use, each under the name of its file.
    pub(super) modules: Vec<Block>,
    pub(super) steps: Vec<Step>,
}

/// One period, or the refusal of the policy.
#[derive(Debug)]
pub(super) struct Step {
    /// What changes in the cluster, in order; nothing for an unchanged workload.
    pub(super) cluster: Vec<Block>,
    pub(super) expected: Block,
}

/// A fenced block.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// For a policy that stands in a file of the repository: its path from the root. For a module: the
    /// name of its file.
    pub(super) file: Option<String>,
    pub(super) text: String,
    /// Line of its first line of text, from 1.
    pub(super) line: usize,
    /// Where its text stands in the page, in bytes.
    pub(super) place: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A policy.
    Plasma,
    /// A module that the policy can use.
    Module,
    /// What a cluster looks like.
    Cluster,
    /// The expected plan.
    Plan,
    /// The expected refusal of the policy.
    Errors,
    /// How the policy's own tests are expected to end.
    Tests,
}

/// A piece of a page.
enum Piece {
    Title,
    Heading(String),
    Block(Block),
}

impl Page {
    /// Reads a page. Blocks before the first case hold for every case without its own; a page
    /// without cases, and a case without expectations, is an error.
    pub(super) fn parse(name: &str, text: &str) -> Result<Page, String> {
        let error = |line: usize, message: &str| format!("{name}:{line}: {message}");
        let mut shared: Vec<Block> = Vec::new();
        let mut cases: Vec<(usize, String, Vec<Block>)> = Vec::new();
        let mut titles = 0;
        for (line, piece) in pieces(text).map_err(|(line, message)| error(line, &message))? {
            match (piece, cases.last_mut()) {
                (Piece::Title, _) => titles += 1,
                (Piece::Heading(heading), _) => cases.push((line, heading, Vec::new())),
                (Piece::Block(block), Some((_, _, blocks))) => blocks.push(block),
                (Piece::Block(block), None) => match block.kind {
                    Kind::Plasma | Kind::Module | Kind::Cluster => shared.push(block),
                    Kind::Plan | Kind::Errors | Kind::Tests => {
                        return Err(error(line, "expectations belong under a `## ` heading"));
                    }
                },
            }
        }
        if titles != 1 {
            return Err(error(1, "a page has one `# ` title"));
        }
        if cases.is_empty() {
            return Err(error(
                1,
                "a page without cases tests nothing: add a `## ` heading",
            ));
        }
        let cases = cases.into_iter().map(|(line, heading, blocks)| {
            case(heading, &shared, blocks).map_err(|message| error(line, &message))
        });
        Ok(Page {
            name: name.to_owned(),
            cases: cases.collect::<Result<_, _>>()?,
        })
    }
}

fn case(heading: String, shared: &[Block], blocks: Vec<Block>) -> Result<Case, String> {
    let of_kind = |blocks: &[Block], kind| -> Vec<Block> {
        blocks.iter().filter(|b| b.kind == kind).cloned().collect()
    };
    let own = of_kind(&blocks, Kind::Plasma);
    let mut policies = match own.is_empty() {
        true => of_kind(shared, Kind::Plasma),
        false => own,
    };
    let (Some(policy), true) = (policies.pop(), policies.is_empty()) else {
        return Err(format!(
            "case `{heading}` needs one policy of its own, or the page's"
        ));
    };
    let mut cluster = match blocks.iter().any(|b| b.kind == Kind::Cluster) {
        true => Vec::new(),
        false => of_kind(shared, Kind::Cluster),
    };
    let mut modules = of_kind(shared, Kind::Module);
    modules.extend(of_kind(&blocks, Kind::Module));
    let mut steps: Vec<Step> = Vec::new();
    for block in blocks {
        match block.kind {
            Kind::Plasma | Kind::Module => {}
            Kind::Cluster => cluster.push(block),
            Kind::Plan if steps.is_empty() && cluster.is_empty() => {
                return Err(format!("case `{heading}` has a plan and no cluster"));
            }
            Kind::Plan | Kind::Errors | Kind::Tests if block.text.trim().is_empty() => {
                return Err(format!("case `{heading}` expects nothing: write `nothing`"));
            }
            Kind::Plan | Kind::Errors | Kind::Tests => steps.push(Step {
                cluster: std::mem::take(&mut cluster),
                expected: block,
            }),
        }
    }
    let refused = steps
        .iter()
        .filter(|s| matches!(s.expected.kind, Kind::Errors | Kind::Tests))
        .count();
    match (steps.len(), refused) {
        (0, _) => Err(format!("case `{heading}` has no expectations")),
        (1, 1) | (_, 0) => Ok(Case {
            heading,
            policy,
            modules,
            steps,
        }),
        _ => Err(format!("case `{heading}`: a refused policy has no plan")),
    }
}

/// Titles, case headings and blocks, each with its line.
fn pieces(text: &str) -> Result<Vec<(usize, Piece)>, (usize, String)> {
    let mut pieces = Vec::new();
    let mut open: Option<Block> = None;
    let mut offset = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let start = offset;
        offset += line.len();
        let content = line.trim_end();
        match (&mut open, content.strip_prefix("```")) {
            (Some(block), Some("")) => {
                block.place.end = start;
                block.text = text[block.place.clone()].to_owned();
                pieces.extend(open.take().map(|block| (block.line, Piece::Block(block))));
            }
            (Some(_), _) => {}
            (None, Some(kind)) => {
                let (kind, file) = kind_named(kind).map_err(|message| (number, message))?;
                open = Some(Block {
                    kind,
                    file,
                    text: String::new(),
                    line: number + 1,
                    place: offset..offset,
                });
            }
            (None, None) => {
                if content.starts_with("# ") {
                    pieces.push((number, Piece::Title));
                } else if let Some(heading) = content.strip_prefix("## ") {
                    pieces.push((number, Piece::Heading(heading.to_owned())));
                }
            }
        }
    }
    match open {
        Some(block) => Err((block.line - 1, "this block is never closed".to_owned())),
        None => Ok(pieces),
    }
}

/// What `plasma stdlib/metadata.plasma` behind an opening fence says: the kind, and the file.
fn kind_named(name: &str) -> Result<(Kind, Option<String>), String> {
    match name.split_once(' ').unwrap_or((name, "")) {
        ("plasma", "") => Ok((Kind::Plasma, None)),
        ("plasma", file) => Ok((Kind::Plasma, Some(file.to_owned()))),
        ("module", file) if !file.is_empty() => Ok((Kind::Module, Some(file.to_owned()))),
        ("cluster", "") => Ok((Kind::Cluster, None)),
        ("plan", "") => Ok((Kind::Plan, None)),
        ("errors", "") => Ok((Kind::Errors, None)),
        ("tests", "") => Ok((Kind::Tests, None)),
        _ => Err(format!(
            "unknown block `{name}`; there are plasma, module, cluster, plan, tests and errors"
        )),
    }
}

/// The page with the texts of some blocks replaced.
pub(super) fn rewrite(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(place, _)| place.start);
    let mut result = String::new();
    let mut end = 0;
    for (place, new) in edits {
        result.push_str(&text[end..place.start]);
        result.push_str(&new);
        end = place.end;
    }
    result.push_str(&text[end..]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        Page::parse("a.md", text).expect_err("a page that cannot fail is refused")
    }

    #[test]
    fn a_page_that_cannot_fail_is_refused() {
        let policy = "```plasma\ntrue => pin(A(a));\n```\n";
        let cluster = "```cluster\nserver s1 { cpu: 1% }\n```\n";
        assert_eq!(
            refusal("# T\n"),
            "a.md:1: a page without cases tests nothing: add a `## ` heading"
        );
        assert_eq!(
            refusal(&format!("# T\n## c\n{policy}{cluster}")),
            "a.md:2: case `c` has no expectations"
        );
        assert_eq!(
            refusal(&format!("# T\n## c\n{policy}{cluster}```plan\n```\n")),
            "a.md:2: case `c` expects nothing: write `nothing`"
        );
        assert_eq!(
            refusal(&format!("# T\n## c\n{policy}```plan\nnothing\n```\n")),
            "a.md:2: case `c` has a plan and no cluster"
        );
        assert_eq!(
            refusal("# T\n## c\n```plan\nnothing\n"),
            "a.md:3: this block is never closed"
        );
        assert_eq!(
            refusal("# T\n## c\n```plann\n```\n"),
            "a.md:3: unknown block `plann`; there are plasma, module, cluster, plan, tests and errors"
        );
    }

    #[test]
    fn what_happened_can_be_written_into_the_page() {
        let text = "# T\n## c\n```plasma\n```\n```cluster\n```\n```plan\nold\n```\nend\n";
        let page = Page::parse("a.md", text).expect("a page");
        let place = page.cases[0].steps[0].expected.place.clone();
        let rewritten = rewrite(text, vec![(place, "new\n".to_owned())]);
        assert_eq!(rewritten, text.replace("old", "new"));
    }
}

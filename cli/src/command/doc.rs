//! `plasma doc`: browsable pages of policies.

mod markdown;
mod page;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use plasma_check::program::CheckedProgram;
use plasma_diagnostic::SourceMap;

use crate::arguments::DocArguments;
use crate::failure::Failure;
use crate::policy_file::PolicyFile;
use crate::settings::Settings;
use crate::{analysis, output, policy_file};

/// The page that lists the others.
const INDEX: &str = "index.html";

/// A policy of which a page is made.
struct Documented {
    /// The policy's name as the user wrote it.
    name: String,
    /// The file of its page.
    page: String,
    text: String,
    program: CheckedProgram,
}

pub(crate) fn run(arguments: &DocArguments) -> Result<ExitCode, Failure> {
    let mut settings = Settings::default();
    let mut failures = Vec::new();
    let mut documented = Vec::new();
    let mut taken = BTreeSet::from([INDEX.to_owned()]);
    for file in policy_file::read_all(&arguments.paths) {
        match file.and_then(|file| checked(file, &mut settings)) {
            Ok((file, program)) => documented.push(Documented {
                page: page_name(&file.name, &mut taken),
                name: file.name,
                text: file.text,
                program,
            }),
            Err(failure) => failures.push(failure),
        }
    }
    failures.extend(settings.mistakes());
    if !documented.is_empty() {
        write(&arguments.out, &documented)?;
        let index = arguments.out.join(INDEX);
        let (count, noun) = match documented.len() {
            1 => (1, "policy"),
            count => (count, "policies"),
        };
        output::line(&format!("{count} {noun} documented: {}", index.display()))?;
    }
    for failure in &failures {
        output::problem(&failure.to_string());
    }
    match failures.is_empty() {
        true => Ok(ExitCode::SUCCESS),
        false => Ok(ExitCode::from(2)),
    }
}

/// The policy, checked; its errors are shown and refuse it.
fn checked(
    file: PolicyFile,
    settings: &mut Settings,
) -> Result<(PolicyFile, CheckedProgram), Failure> {
    let mut sources = SourceMap::new();
    let mut analysis = analysis::analyse(&mut sources, &file, None, &[])?;
    settings.add(&analysis);
    analysis.diagnostics.retain(|d| d.is_error());
    if !analysis.diagnostics.is_empty() {
        let coloured = output::stderr_is_coloured();
        let text = analysis::render_all(&sources, &analysis.diagnostics, coloured);
        output::problem(text.trim_end());
        return Err(analysis::refusal(&file, analysis.diagnostics.len()));
    }
    Ok((file, analysis.program))
}

/// `policies/hot.plasma` becomes `policies.hot.html`; one that is taken gets a number.
fn page_name(policy: &str, taken: &mut BTreeSet<String>) -> String {
    let stem = policy.strip_suffix(".plasma").unwrap_or(policy);
    let parts = stem
        .split(['/', '\\'])
        .filter(|part| !matches!(*part, "" | "." | ".."));
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let plain: String = parts
        .collect::<Vec<_>>()
        .join(".")
        .chars()
        .map(|c| if is_plain(c) { c } else { '-' })
        .collect();
    let names = (1..).map(|number| match number {
        1 => format!("{plain}.html"),
        number => format!("{plain}-{number}.html"),
    });
    let free = names.into_iter().find(|name| taken.insert(name.clone()));
    free.unwrap_or(plain)
}

fn write(folder: &Path, documented: &[Documented]) -> Result<(), Failure> {
    let failure = |path: &Path, error: &std::io::Error| {
        Failure::new(format!("{} cannot be written: {error}", path.display()))
    };
    fs::create_dir_all(folder).map_err(|error| failure(folder, &error))?;
    let pages = documented
        .iter()
        .map(|policy| (policy.page.as_str(), page::policy(policy)));
    let index = std::iter::once((INDEX, page::index(documented)));
    for (name, text) in index.chain(pages) {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|error| failure(&path, &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documented(text: &str) -> Documented {
        let file = PolicyFile {
            name: "hot.plasma".to_owned(),
            path: None,
            text: text.to_owned(),
        };
        let (file, program) = checked(file, &mut Settings::default()).expect("a sound policy");
        Documented {
            name: file.name,
            page: "hot.html".to_owned(),
            text: file.text,
            program,
        }
    }

    #[test]
    fn a_page_tells_what_a_policy_is_made_of() {
        let policy = documented(
            "// For *shops*.\n\n/// Too <busy>.\nparam high = 80%;\n\n/// Close to it.\n\
             def near(s: server) = s.cpu.perc > high - 5%;\nuse std.metadata;\n\n/// Hot carts.\n\
             rule hot: near(server) and server.cpu.perc > high and Cart(c).mailbox > 9 => \
             reserve(c, cpu);\nlimit servers 2..4;\n",
        );
        let page = page::policy(&policy);
        for expected in [
            "<p>For <em>shops</em>.</p>",
            "<td class=\"number\">80%</td><td><p>Too &lt;busy&gt;.</p>",
            "<h3><code>hot</code></h3><p>Hot carts.</p>",
            "server.cpu.perc &gt; high",
            "<td><code>c.mailbox</code></td><td>messages</td>",
            "limit servers 2..4;",
            "<h3><code>near(s: server)</code></h3><p>Close to it.</p>",
            "<td><code>metadata.hot_folder</code> ",
            "<dt><code>reserve</code></dt>",
        ] {
            assert!(page.contains(expected), "{expected} is not in {page}");
        }
        assert!(!page.contains("<h2>Tests</h2>") && !page.contains("param.metadata"));
        let index = page::index(&[policy]);
        assert!(index.contains("<a href=\"hot.html\"><code>hot.plasma</code></a>"));
    }

    #[test]
    fn pages_have_names_of_their_own() {
        let mut taken = BTreeSet::from([INDEX.to_owned()]);
        let mut name = |policy| page_name(policy, &mut taken);
        assert_eq!(name("policies/hot.plasma"), "policies.hot.html");
        assert_eq!(name("../policies//hot.plasma"), "policies.hot-2.html");
        assert_eq!(name("index.plasma"), "index-2.html");
        assert_eq!(name("std.metadata"), "std.metadata.html");
        assert_eq!(name("<stdin>"), "-stdin-.html");
    }
}

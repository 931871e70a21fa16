//! Code lenses: what can be done with a part of a document at a click.

use plasma_ide::{Attached, Task, firings_title};
use serde_json::json;

use crate::commands;
use crate::lsp_types::{CodeLens, CodeLensParams, Command, Uri};
use crate::position::Lines;
use crate::session::Session;

/// `textDocument/codeLens`
pub(crate) fn code_lens(session: &mut Session, params: CodeLensParams) -> Option<Vec<CodeLens>> {
    let uri = params.text_document.uri;
    let client = session.client();
    session.analysis(&uri)?;
    let (analysis, attached) = session.beside(&uri)?;
    let lines = Lines::new(analysis.text(), client.encoding);
    let lenses = plasma_ide::code_lenses(analysis).into_iter();
    let wanted = lenses.filter(|lens| session.settings().shows_lens(&lens.task));
    let shown = wanted.filter_map(|lens| {
        Some(CodeLens {
            range: lines.range(lens.span),
            command: Some(command(&uri, lens.task, attached)?),
            data: None,
        })
    });
    Some(shown.collect())
}

/// What a lens says and does; `None` for what needs a cluster while there is none.
fn command(uri: &Uri, task: Task, attached: Option<&Attached>) -> Option<Command> {
    let (title, command, more) = match task {
        Task::RunTest(name) => (
            "▸ run test".to_owned(),
            commands::TEST,
            json!({"name": name}),
        ),
        Task::RunTests(1) => ("▸ run the test".to_owned(), commands::TEST, json!({})),
        Task::RunTests(count) => (
            format!("▸ run all {count} tests"),
            commands::TEST,
            json!({}),
        ),
        Task::Coverage => ("coverage".to_owned(), commands::COVERAGE, json!({})),
        Task::Plan => {
            let attached = attached?;
            let title = format!("plan on {}, t = {} s", attached.name, attached.t_seconds());
            (title, commands::PLAN, json!({}))
        }
        Task::Firings(rule) => {
            let title = firings_title(attached?, &rule);
            (title, commands::FIRINGS, json!({"rule": rule}))
        }
    };
    let mut argument = json!({"uri": uri.0});
    if let (Some(argument), Some(more)) = (argument.as_object_mut(), more.as_object()) {
        argument.extend(more.clone());
    }
    Some(Command {
        title,
        tooltip: None,
        command: command.to_owned(),
        arguments: Some(vec![argument]),
    })
}

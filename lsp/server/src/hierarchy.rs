//! Requests about which items use which.

use plasma_ide::{Owner, Place, Use};

use crate::convert::symbol_kind;
use crate::lsp_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem,
    CallHierarchyOutgoingCall, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, Range,
};
use crate::position::Lines;
use crate::session::Session;

pub(crate) fn prepare(
    session: &mut Session,
    params: CallHierarchyPrepareParams,
) -> Option<Vec<CallHierarchyItem>> {
    let place = params.text_document_position_params;
    let (analysis, offset) = session.at(&place)?;
    let word = plasma_ide::word_at(analysis, offset).to_owned();
    let name = session.name(&place.text_document.uri);
    let indexes = session.indexes(&word);
    let item = plasma_ide::hierarchy_item(&indexes, &name, offset)?;
    Some(vec![hierarchy_item(session, &item)?])
}

pub(crate) fn incoming(
    session: &mut Session,
    params: CallHierarchyIncomingCallsParams,
) -> Option<Vec<CallHierarchyIncomingCall>> {
    let selection = selection(session, &params.item)?;
    let indexes = session.indexes(&params.item.name);
    let uses = plasma_ide::incoming_uses(&indexes, &selection).into_iter();
    let calls = uses.filter_map(|found| {
        Some(CallHierarchyIncomingCall {
            from: hierarchy_item(session, &found.item)?,
            from_ranges: ranges(session, &found)?,
        })
    });
    Some(calls.collect())
}

pub(crate) fn outgoing(
    session: &mut Session,
    params: CallHierarchyOutgoingCallsParams,
) -> Option<Vec<CallHierarchyOutgoingCall>> {
    let selection = selection(session, &params.item)?;
    let indexes = session.indexes(&params.item.name);
    let uses = plasma_ide::outgoing_uses(&indexes, &selection).into_iter();
    let calls = uses.filter_map(|found| {
        Some(CallHierarchyOutgoingCall {
            to: hierarchy_item(session, &found.item)?,
            from_ranges: ranges(session, &found)?,
        })
    });
    Some(calls.collect())
}

/// Where the editor's item stands now.
fn selection(session: &Session, item: &CallHierarchyItem) -> Option<Place> {
    let name = session.name(&item.uri);
    let source = session.source(&name)?;
    let lines = Lines::new(&source.text, session.client().encoding);
    Some(Place {
        file: name.into(),
        start: lines.offset(item.selection_range.start) as u32,
        end: lines.offset(item.selection_range.end) as u32,
    })
}

fn ranges(session: &Session, found: &Use) -> Option<Vec<Range>> {
    let source = session.source(&found.places.first()?.file)?;
    Some(session.ranges(&source, &found.places))
}

fn hierarchy_item(session: &Session, item: &Owner) -> Option<CallHierarchyItem> {
    let source = session.source(&item.whole.file)?;
    let ranges = session.ranges(&source, [&item.whole, &item.selection]);
    let [range, selection_range] = ranges.try_into().ok()?;
    Some(CallHierarchyItem {
        name: item.name.clone(),
        kind: symbol_kind(item.kind),
        tags: None,
        detail: Some(item.kind.word().to_owned()),
        uri: source.uri,
        range,
        selection_range,
        data: None,
    })
}

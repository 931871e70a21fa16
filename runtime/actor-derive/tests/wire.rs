//! Calls as bytes.

use plasma_actor::{Calls, Ref, Types};

use crate::application::{Document, DocumentCall, Shelf, ShelfCall};

#[test]
fn a_call_is_read_as_it_was_written() {
    let call = DocumentCall::Replace("text".into(), 300, true);
    let mut bytes = Vec::new();
    assert_eq!(call.encode(&mut bytes), Ok(()));
    assert_eq!(bytes.len(), call.encoded_size());
    let read = DocumentCall::decode(call.function(), &bytes);
    assert!(matches!(read, Ok(DocumentCall::Replace(text, 300, true)) if text == "text"));
}

#[test]
fn a_call_without_arguments_is_no_bytes() {
    let mut bytes = Vec::new();
    assert_eq!(ShelfCall::Count.encode(&mut bytes), Ok(()));
    assert!(bytes.is_empty());
    assert_eq!(ShelfCall::Count.encoded_size(), 0);
    assert!(matches!(ShelfCall::decode(0, &[]), Ok(ShelfCall::Count)));
}

#[test]
fn references_cross_as_keys() {
    let mut bytes = Vec::new();
    assert_eq!(ShelfCall::Put(Ref::new(5)).encode(&mut bytes), Ok(()));
    assert_eq!(bytes, [5]);
}

#[test]
fn bytes_that_are_no_call_are_refused() {
    assert!(ShelfCall::decode(0, &[1]).is_err(), "bytes left over");
    assert!(
        DocumentCall::decode(0, &[1]).is_err(),
        "an argument is missing"
    );
    assert!(DocumentCall::decode(9, &[]).is_err(), "no such function");
}

#[test]
fn fixed_sizes_are_the_true_sizes() {
    let mut types = Types::default();
    types.add::<Shelf>().add::<Document>();
    assert_eq!(DocumentCall::Stamp(200, false).encoded_size(), 2);
}

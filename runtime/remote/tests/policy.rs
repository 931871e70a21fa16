//! The policy of a run, read and replaced from outside.

use std::sync::Arc;

use plasma_remote::{RemoteError, RemotePolicy, Token};

use super::support::{Keeper, answer, publisher, publisher_with, token};

fn remote(url: &str, token: Option<Token>) -> RemotePolicy {
    RemotePolicy::new(url, token, Some("ada".to_owned())).expect("a URL")
}

#[test]
fn whoever_has_the_token_replaces_the_policy() {
    let keeper = Arc::new(Keeper::default());
    let publisher = publisher_with(Some(token()), Arc::clone(&keeper));
    let policy = remote(publisher.url(), Some(token()));
    assert_eq!(policy.policy().expect("an answer"), "");
    let answer = policy.replace_policy("rule é: true => pin(f);");
    assert_eq!(
        answer.expect("replaced").trim(),
        "in force from the next period on"
    );
    assert_eq!(
        policy.policy().expect("an answer"),
        "rule é: true => pin(f);"
    );
    let kept = keeper.0.lock().expect("no panic").clone();
    assert_eq!(kept[0].1, "ada (127.0.0.1)");
    // What is no policy is answered with its diagnostics, and changes nothing.
    let Err(RemoteError::WrongPolicy { diagnostics }) = policy.replace_policy("wrong") else {
        panic!("expected diagnostics");
    };
    assert_eq!(diagnostics.trim(), "error: no policy");
    assert_eq!(keeper.0.lock().expect("no panic").len(), 1);
}

#[test]
fn nobody_else_does() {
    let keeper = Arc::new(Keeper::default());
    let publisher = publisher_with(Some(token()), Arc::clone(&keeper));
    for shown in [None, Token::new("battery-staple").ok()] {
        let refused = remote(publisher.url(), shown).replace_policy("rule");
        let message = refused.expect_err("a refusal").to_string();
        assert!(message.contains("(status 401)"), "{message}");
    }
    assert!(keeper.0.lock().expect("no panic").is_empty());
}

#[test]
fn without_a_token_there_is_no_replacing() {
    let publisher = publisher();
    let refused = remote(publisher.url(), Some(token())).replace_policy("rule");
    let message = refused.expect_err("a refusal").to_string();
    assert!(message.contains("(status 403)"), "{message}");
    assert!(
        message.contains("start it with PLASMA_TOKEN set"),
        "{message}"
    );
}

#[test]
fn a_policy_is_text_and_not_endless() {
    let publisher = publisher_with(Some(token()), Arc::default());
    let put = |length: usize, body: &str| {
        let head = format!(
            "PUT /policy HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer correct-horse\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        answer(&publisher, &head)
    };
    assert!(put(2 << 20, "x").starts_with("HTTP/1.1 413"));
    assert!(put(4, "rule").starts_with("HTTP/1.1 200"));
}

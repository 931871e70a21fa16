//! The commands as a user types them: transcripts of command, output and exit status, those of the book
//! included.
//!
//! `TRYCMD=overwrite cargo test -p plasma-cli` writes what the commands print now.

mod attach;
mod format;
mod hooks;
mod listen;
mod served;
mod stdin;
mod transcript;

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .case("tests/commands/*.md")
        .case("../docs/book/src/*.md")
        .case("../docs/book/src/how-to/*.md")
        .case("tests/commands/*.toml");
}

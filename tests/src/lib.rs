//! Black-box and data-driven tests of the whole product; see `tests/` beside this folder, and
//! `spec/README.md` for the specification pages.

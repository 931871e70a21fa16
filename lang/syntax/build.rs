//! Generates the parser from the grammar.

fn main() {
    // The error names the place in the grammar; a build script can only end.
    if let Err(error) = lalrpop::process_src() {
        panic!("src/grammar.lalrpop: {error}");
    }
}

//! Compiles the generated parser and the scanner.

fn main() {
    let sources = ["src/parser.c", "src/scanner.c"];
    cc::Build::new()
        .include("src")
        .flag_if_supported("-Wno-unused-parameter")
        .files(sources)
        .compile("tree-sitter-plasma");
    for source in sources {
        println!("cargo:rerun-if-changed={source}");
    }
}

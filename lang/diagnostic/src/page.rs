//! The page of each kind of diagnostic: `docs/diagnostics/E0102-unknown-function.md`. One text for
//! the documentation, `plasma explain`, SARIF and the tests.

use crate::Code;

macro_rules! pages {
    ($($code:ident: $file:literal;)*) => {
        /// The pages, by kind.
        const PAGES: &[(Code, &str)] = &[$((
            Code::$code,
            include_str!(concat!("../../../docs/diagnostics/", $file, ".md")),
        )),*];
    };
}

pages! {
    BadToken: "E0001-bad-token";
    SyntaxError: "E0002-syntax-error";
    TooLarge: "E0003-too-large";
    UnknownType: "E0101-unknown-type";
    UnknownFunction: "E0102-unknown-function";
    UnknownProperty: "E0103-unknown-property";
    UnknownVariable: "E0104-unknown-variable";
    UnknownParam: "E0105-unknown-param";
    UnknownRule: "E0106-unknown-rule";
    UnknownModule: "E0107-unknown-module";
    DuplicateName: "E0108-duplicate-name";
    TypeMismatch: "E0201-type-mismatch";
    UnitMismatch: "E0202-unit-mismatch";
    UnboundInOr: "E0301-unbound-in-or";
    OutOfRange: "E0302-out-of-range";
    WrongArgument: "E0303-wrong-argument";
    WrongAllow: "E0304-wrong-allow";
    Recursion: "E0305-recursion";
    ImportCycle: "E0306-import-cycle";
    EmptyPolicy: "W0101-empty-policy";
    StrayDoc: "W0102-stray-doc";
    ExpiredAllow: "W0103-expired-allow";
    UnusedVariable: "W0201-unused-variable";
    UnusedParam: "W0202-unused-param";
    UnusedDefinition: "W0203-unused-definition";
    NeverTrue: "W0301-never-true";
    AlwaysTrue: "W0302-always-true";
    RatioSlip: "W0303-ratio-slip";
    NoGap: "W0401-no-gap";
    NeverReleased: "W0402-never-released";
    CrossProduct: "W0403-cross-product";
    AmbiguousServer: "W0404-ambiguous-server";
    ShadowedRule: "W0405-shadowed-rule";
    ColocationChain: "W0406-colocation-chain";
    Conflict: "W0407-conflict";
}

impl Code {
    /// Its page, in Markdown; its summary if it has none (every kind has one: tested with the layout).
    pub fn page(self) -> &'static str {
        let page = PAGES.iter().find(|(code, _)| *code == self);
        page.map_or(self.summary(), |(_, text)| text)
    }
}

#[cfg(test)]
mod tests {
    use crate::CODES;

    #[test]
    fn every_page_is_headed_by_its_kind() {
        for row in CODES {
            let head = format!("# {} {}\n", row.number, row.name);
            assert!(row.code.page().starts_with(&head), "{head}");
        }
    }
}

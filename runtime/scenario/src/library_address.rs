//! The addresses at which editors show the modules of the library, which lie in no file.

/// The scheme of the addresses.
pub const LIBRARY_SCHEME: &str = "plasma-std";

/// The address of the library's module of a name, `std.hotspot`; `None` for other names.
pub fn library_address(name: &str) -> Option<String> {
    let path = name.strip_prefix("std.")?.replace('.', "/");
    Some(format!("{LIBRARY_SCHEME}:///{path}.plasma"))
}

/// The name of the library's module at an address, `std.hotspot`; `None` for other addresses. Editors may write it
/// with fewer slashes.
pub fn library_name(address: &str) -> Option<String> {
    let path = address.strip_prefix(LIBRARY_SCHEME)?.strip_prefix(':')?;
    let path = path.trim_start_matches('/').strip_suffix(".plasma")?;
    Some(format!("std.{}", path.replace('/', ".")))
}

#[cfg(test)]
mod tests {
    use super::{library_address, library_name};

    #[test]
    fn a_module_of_the_library_and_its_address_lead_to_each_other() {
        let address = library_address("std.hotspot");
        assert_eq!(address.as_deref(), Some("plasma-std:///hotspot.plasma"));
        let name = |address: &str| library_name(address);
        assert_eq!(
            name("plasma-std:///hotspot.plasma").as_deref(),
            Some("std.hotspot")
        );
        assert_eq!(
            name("plasma-std:/balance.plasma").as_deref(),
            Some("std.balance")
        );
        assert_eq!(name("file:///hotspot.plasma"), None);
        assert_eq!(name("/policies/balance.plasma"), None);
        assert_eq!(library_address("/a/std.plasma"), None);
    }
}

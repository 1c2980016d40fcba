//! Names of files of releases.

use hearth_core::{Error, Result};

/// The longest name of a file, in characters.
const LONGEST: usize = 200;

/// A file name without a path and without invisible or bidirectional characters.
pub(super) fn checked(name: &str) -> Result<String> {
    let is_fit = |letter: &char| {
        !letter.is_control()
            && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(is_fit).collect();
    let clean = clean.trim().trim_start_matches('.').trim_end_matches('.').trim();
    if clean.is_empty() {
        return Err(Error::field("name", "required"));
    }
    if clean.chars().count() > LONGEST {
        return Err(Error::field("name", "too-long"));
    }
    Ok(clean.to_owned())
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn a_name_has_no_path_and_nothing_invisible() {
        assert_eq!(checked("../a/model.safetensors").expect("a name"), "model.safetensors");
        assert_eq!(checked("a\u{202e}gnp.exe").expect("a name"), "agnp.exe");
        assert_eq!(checked(" 权重.bin ").expect("a name"), "权重.bin");
        for wrong in ["", "..", "a/", "\u{200b}", "x".repeat(201).as_str()] {
            assert!(checked(wrong).is_err(), "{wrong}");
        }
    }
}

//! Account pictures: a figure derived from the name, so that nothing is fetched from elsewhere.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The colours of figures in pictures that stand alone; pages have their own, by number.
const COLOURS: [&str; 8] =
    ["#b8461b", "#0b62b8", "#1a7f37", "#6639ba", "#9a6700", "#1f7a8c", "#b42318", "#57606a"];

/// A five by five figure, mirrored left to right, in a square of seven by seven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The filled cells, as an SVG path.
    pub path: String,
    /// From 0 to 7.
    pub colour: u8,
}

impl Figure {
    /// A name has one figure in any case.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let hash = Sha256::digest(name.to_ascii_lowercase().as_bytes());
        let mut path = String::new();
        for row in 0..5_u8 {
            for column in 0..3_u8 {
                // Half of all cells, a little more in the middle column, which gives a figure its spine.
                let is_filled = hash[usize::from(row * 3 + column)] < if column == 2 { 150 } else { 120 };
                if !is_filled {
                    continue;
                }
                let _ = write!(path, "M{} {}h1v1h-1z", column + 1, row + 1);
                if column < 2 {
                    let _ = write!(path, "M{} {}h1v1h-1z", 5 - column, row + 1);
                }
            }
        }
        Self { path, colour: hash[31] % 8 }
    }

    /// A picture that stands alone, as SVG.
    #[must_use]
    pub fn picture(&self) -> String {
        let colour = COLOURS[usize::from(self.colour)];
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"290\" height=\"290\" viewBox=\"0 0 7 7\">\
             <path fill=\"#f4f1ee\" d=\"M0 0h7v7h-7z\"/><path fill=\"{colour}\" d=\"{}\"/></svg>",
            self.path
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_figure_in_any_case() {
        assert_eq!(Figure::of("Mei"), Figure::of("mei"));
        assert_ne!(Figure::of("mei"), Figure::of("lin"));
    }

    #[test]
    fn every_figure_has_a_colour() {
        for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {
            assert!(Figure::of(name).picture().contains("fill=\"#"), "{name}");
        }
    }
}

//! Account pictures: a figure derived from the name, so that nothing is fetched from elsewhere.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::words::Html;

/// How many colours `components/avatar.css` has.
const COLOURS: u8 = 8;

/// A five by five figure, mirrored left to right.
pub(crate) fn draw(name: &str, size: u32) -> Html {
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
    let colour = hash[31] % COLOURS;
    Html::trusted(format!(
        "<svg class=\"avatar avatar-{colour}\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 7 7\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::draw;

    #[test]
    fn a_name_has_one_picture_in_any_case() {
        assert_eq!(draw("Mei", 20), draw("mei", 20));
        assert_ne!(draw("mei", 20), draw("lin", 20));
    }
}

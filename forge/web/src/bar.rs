//! Capacity bars, drawn as SVG because the content security policy forbids inline styles.

use crate::words::Html;

/// The width of the drawing's coordinates.
const WIDTH: u64 = 100;

/// `used` and `reserved` of `total`; `text` says the same for screen readers.
pub fn capacity(used: u64, reserved: u64, total: u64, text: &str) -> Html {
    let total = total.max(1);
    let used_width = (used.min(total) * WIDTH).div_ceil(total);
    let reserved_width = (reserved * WIDTH / total).min(WIDTH - used_width);
    Html::trusted(format!(
        "<svg class=\"capacity\" viewBox=\"0 0 {WIDTH} 8\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">\
         <rect class=\"capacity-free\" width=\"{WIDTH}\" height=\"8\"/>\
         <rect class=\"capacity-used\" width=\"{used_width}\" height=\"8\"/>\
         <rect class=\"capacity-reserved\" x=\"{used_width}\" width=\"{reserved_width}\" height=\"8\"/></svg>",
        Html::text(text)
    ))
}

#[cfg(test)]
mod tests {
    use super::capacity;

    #[test]
    fn bar_never_runs_over_its_end() {
        let bar = capacity(90, 40, 100, "<90 of 100>");
        assert!(bar.as_str().contains("class=\"capacity-used\" width=\"90\""));
        assert!(bar.as_str().contains("x=\"90\" width=\"10\""));
        assert!(bar.as_str().contains("aria-label=\"&lt;90 of 100&gt;\""));
        assert!(capacity(1, 0, 0, "").as_str().contains("class=\"capacity-used\" width=\"100\""));
    }
}

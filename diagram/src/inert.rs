//! Keeps what draws, and nothing else: no scripts, no links, no addresses.

use std::borrow::Cow;

use quick_xml::{
    Reader, Writer,
    events::{BytesStart, Event},
};

const ELEMENTS: &[&str] = &[
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
];

/// Elements of which only the content is kept.
const TRANSPARENT: &[&str] = &["a"];

const ATTRIBUTES: &[&str] = &[
    "alignment-baseline",
    "class",
    "clip-path",
    "cx",
    "cy",
    "d",
    "dominant-baseline",
    "dx",
    "dy",
    "fill",
    "fill-opacity",
    "fill-rule",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "gradientUnits",
    "height",
    "id",
    "letter-spacing",
    "marker-end",
    "marker-mid",
    "marker-start",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "mask",
    "offset",
    "opacity",
    "orient",
    "paint-order",
    "patternUnits",
    "points",
    "preserveAspectRatio",
    "r",
    "refX",
    "refY",
    "rx",
    "ry",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "stroke-width",
    "style",
    "text-anchor",
    "text-decoration",
    "textLength",
    "transform",
    "version",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "xmlns",
    "xml:space",
    "y",
    "y1",
    "y2",
];

const DEEPEST: usize = 64;

/// The same drawing without anything that runs, leads elsewhere or loads something; none where it is no drawing.
pub(crate) fn inert(svg: &str) -> Option<String> {
    let mut reader = Reader::from_str(svg);
    reader.config_mut().expand_empty_elements = true;
    let mut writer = Writer::new(Vec::with_capacity(svg.len()));
    // For every open element, whether it is written; and within how many dropped ones we are.
    let (mut open, mut dropped) = (Vec::new(), 0_usize);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = String::from_utf8(start.name().as_ref().to_vec()).ok()?;
                let keeps = ELEMENTS.contains(&name.as_str());
                if dropped > 0 || !(keeps || TRANSPARENT.contains(&name.as_str())) {
                    dropped += 1;
                } else {
                    if open.is_empty() && name != "svg" || open.len() >= DEEPEST {
                        return None;
                    }
                    open.push(keeps);
                    if keeps {
                        writer.write_event(Event::Start(kept(&name, &start)?)).ok()?;
                    }
                }
            }
            Event::End(end) if dropped == 0 => {
                let is_kept = open.pop()?;
                if is_kept {
                    writer.write_event(Event::End(end)).ok()?;
                }
            }
            Event::End(_) => dropped -= 1,
            event @ (Event::Text(_) | Event::CData(_) | Event::GeneralRef(_))
                if dropped == 0 && !open.is_empty() =>
            {
                writer.write_event(event).ok()?;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let whole = String::from_utf8(writer.into_inner()).ok()?;
    (open.is_empty() && whole.starts_with("<svg")).then_some(whole)
}

fn kept(name: &str, start: &BytesStart<'_>) -> Option<BytesStart<'static>> {
    let mut kept = BytesStart::new(name.to_owned());
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let key = str::from_utf8(attribute.key.as_ref()).ok()?;
        let value = str::from_utf8(&attribute.value).ok()?;
        if !ATTRIBUTES.contains(&key) || leads_elsewhere(value) {
            continue;
        }
        match (name, key) {
            ("svg", "viewBox") => kept.push_attribute((key.as_bytes(), with_margin(value).as_bytes())),
            // Graphviz's classes are sizes of its style sheet, which is not kept: `a14`.
            ("text", "class") => {
                if let Some(size) = value.strip_prefix('a').and_then(|size| size.parse::<u16>().ok()) {
                    kept.push_attribute(("font-size", size.to_string().as_str()));
                }
            }
            _ => kept.push_attribute((key.as_bytes(), value.as_bytes())),
        }
    }
    if name == "svg" && start.try_get_attribute("font-family").ok()?.is_none() {
        kept.push_attribute(("font-family", "sans-serif"));
    }
    Some(kept)
}

/// Whether an attribute names anything but a part of its own drawing.
fn leads_elsewhere(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    value.contains('\\')
        || value.contains('@')
        || value.split("url(").skip(1).any(|target| !target.starts_with('#'))
}

/// Room on all sides: frames and their titles are sometimes drawn a little outside.
fn with_margin(view: &str) -> Cow<'_, str> {
    const MARGIN: f64 = 12.0;
    let numbers: Vec<f64> = view.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [x, y, width, height] => Cow::Owned(format!(
            "{} {} {} {}",
            x - MARGIN,
            y - MARGIN,
            width + 2.0 * MARGIN,
            height + 2.0 * MARGIN
        )),
        _ => Cow::Borrowed(view),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_draws_is_kept() {
        let svg = "<?xml version=\"1.0\"?><!DOCTYPE svg><svg viewBox=\"0 0 10 20\" onload=\"x()\"><style>* { fill: red }</style>\
            <script>x()</script><a href=\"javascript:x()\"><g onclick=\"x()\" fill=\"url(#a)\"><rect fill=\"url(http://a)\" width=\"1\"/></g></a>\
            <foreignObject><p>x</p></foreignObject><text>a &amp; b</text></svg>";
        assert_eq!(
            inert(svg).unwrap(),
            "<svg viewBox=\"-12 -12 34 44\" font-family=\"sans-serif\"><g fill=\"url(#a)\"><rect width=\"1\"></rect></g><text>a &amp; b</text></svg>"
        );
    }

    #[test]
    fn what_is_no_drawing_is_nothing() {
        for text in ["", "x", "<p></p>", "<svg>", "<svg></g>", "<svg><a b c></svg>", &"<svg>".repeat(100)] {
            assert_eq!(inert(text), None, "{text}");
        }
    }
}

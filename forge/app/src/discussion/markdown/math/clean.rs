//! A second fence around what the library makes: MathML alone, without styles, links or scripts.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::Builder;

const TAGS: &[&str] = &[
    "math",
    "merror",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
];

const ATTRIBUTES: &[&str] = &[
    "accent",
    "accentunder",
    "columnspan",
    "depth",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "rowspan",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

const CLASSES: &[&str] = &[
    "cell-left",
    "cell-right",
    "menv-alignlike",
    "menv-arraylike",
    "menv-border-only",
    "menv-cases",
    "menv-cells-left",
    "menv-cells-right",
    "menv-hdashline",
    "menv-hline",
    "menv-left-dashed",
    "menv-left-solid",
    "menv-multline",
    "menv-right-dashed",
    "menv-right-solid",
];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    let of_math = HashMap::from([("math", HashSet::from(["display", "alttext"]))]);
    let classes = TAGS.iter().map(|tag| (*tag, CLASSES.iter().copied().collect::<HashSet<_>>())).collect();
    cleaner
        .tags(TAGS.iter().copied().collect())
        .tag_attributes(of_math)
        .generic_attributes(ATTRIBUTES.iter().copied().collect())
        .allowed_classes(classes);
    cleaner
});

pub(super) fn clean(mathml: &str) -> String {
    CLEANER.clean(mathml).to_string()
}

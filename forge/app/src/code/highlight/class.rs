//! The few kinds of tokens that are coloured, out of the thousands of scopes that syntaxes define.

use std::collections::HashMap;

use syntect::parsing::{Scope, ScopeStack, ScopeStackOp};

/// Scope prefixes and their classes. The innermost scope that matches decides; within it, the first match.
const CLASSES: &[(&str, &str)] = &[
    ("comment", "hl-comment"),
    ("constant.character.escape", "hl-escape"),
    ("constant.other.placeholder", "hl-escape"),
    ("constant.numeric", "hl-number"),
    ("constant", "hl-constant"),
    ("string.regexp", "hl-escape"),
    ("string", "hl-string"),
    ("keyword.operator.word", "hl-keyword"),
    ("keyword.operator", "hl-operator"),
    ("keyword", "hl-keyword"),
    ("storage.type.function", "hl-keyword"),
    ("storage", "hl-keyword"),
    ("entity.name.function", "hl-function"),
    ("entity.name.tag", "hl-tag"),
    ("entity.name.section", "hl-heading"),
    ("entity.name.label", "hl-constant"),
    ("entity.name", "hl-type"),
    ("entity.other.attribute-name", "hl-attribute"),
    ("entity.other.inherited-class", "hl-type"),
    ("support.function", "hl-function"),
    ("support.macro", "hl-function"),
    ("support.constant", "hl-constant"),
    ("support.type.property-name", "hl-attribute"),
    ("support", "hl-type"),
    ("variable.function", "hl-function"),
    ("variable.annotation", "hl-attribute"),
    ("variable.language", "hl-keyword"),
    ("variable.parameter", "hl-variable"),
    ("markup.heading", "hl-heading"),
    ("markup.bold", "hl-bold"),
    ("markup.italic", "hl-italic"),
    ("markup.inserted", "hl-inserted"),
    ("markup.deleted", "hl-deleted"),
    ("markup.raw", "hl-string"),
    ("markup.underline.link", "hl-string"),
    ("meta.diff.header", "hl-heading"),
    ("meta.diff.range", "hl-function"),
];

/// Where code is embedded in a string: its tokens are not part of the string.
const PLAIN: &[&str] = &["meta.interpolation", "meta.template.expression", "source"];

/// All classes, for the Markdown sanitiser.
pub const ALL: &[&str] = &[
    "hl-attribute",
    "hl-bold",
    "hl-comment",
    "hl-constant",
    "hl-deleted",
    "hl-escape",
    "hl-function",
    "hl-heading",
    "hl-hidden",
    "hl-inserted",
    "hl-italic",
    "hl-keyword",
    "hl-number",
    "hl-operator",
    "hl-string",
    "hl-tag",
    "hl-type",
    "hl-variable",
];

/// What one scope decides about the tokens in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Class(&'static str),
    Plain,
    AskOuter,
}

/// Tracks the scopes along a text and gives the class of the current token.
#[derive(Debug)]
pub(super) struct Classes {
    rules: Vec<(Scope, Verdict)>,
    known: HashMap<Scope, Verdict>,
    stack: ScopeStack,
}

impl Classes {
    pub(super) fn new() -> Self {
        let scope = |text: &str| Scope::new(text).expect("the scopes above have few parts");
        let coloured = CLASSES.iter().map(|(text, class)| (scope(text), Verdict::Class(class)));
        let plain = PLAIN.iter().map(|text| (scope(text), Verdict::Plain));
        Self { rules: coloured.chain(plain).collect(), known: HashMap::new(), stack: ScopeStack::new() }
    }

    pub(super) fn apply(&mut self, operation: &ScopeStackOp) -> bool {
        self.stack.apply(operation).is_ok()
    }

    pub(super) fn current(&mut self) -> Option<&'static str> {
        for &scope in self.stack.as_slice().iter().rev() {
            let verdict = *self.known.entry(scope).or_insert_with(|| verdict(&self.rules, scope));
            match verdict {
                Verdict::Class(class) => return Some(class),
                Verdict::Plain => return None,
                Verdict::AskOuter => {}
            }
        }
        None
    }
}

fn verdict(rules: &[(Scope, Verdict)], scope: Scope) -> Verdict {
    let fits = |rule: &&(Scope, Verdict)| rule.0.is_prefix_of(scope);
    rules.iter().find(fits).map_or(Verdict::AskOuter, |rule| rule.1)
}

/// Colouring stops when the scope stack gets deeper than this: only malicious input does that.
pub(super) const DEEPEST: usize = 400;

impl Classes {
    pub(super) fn is_too_deep(&self) -> bool {
        self.stack.len() > DEEPEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_that_is_given_is_known_to_the_sanitiser() {
        for (_, class) in CLASSES {
            assert!(ALL.contains(class), "{class}");
        }
    }
}

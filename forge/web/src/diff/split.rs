//! Lines side by side: what was removed on the left, what replaced it on the right.

use super::lines::Line;

/// One row of two columns; a side without a line is empty.
pub struct Pair {
    pub old: Option<Line>,
    pub new: Option<Line>,
}

impl Pair {
    /// Whether something was said about one of its lines.
    pub fn has_below(&self) -> bool {
        // A line that stands on both sides is spoken of on the right.
        let removed = self.old.as_ref().filter(|line| line.kind == "del");
        removed.into_iter().chain(&self.new).any(|line| !line.below.is_empty())
    }
}

/// The lines of a hunk in two columns.
pub(super) fn pairs(lines: Vec<Line>) -> Vec<Pair> {
    let mut pairs = Vec::with_capacity(lines.len());
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    for line in lines {
        match line.kind {
            // A line removed after others were added begins a new change.
            "del" if added.is_empty() => removed.push(line),
            "del" => {
                flush(&mut removed, &mut added, &mut pairs);
                removed.push(line);
            }
            "add" => added.push(line),
            _ => {
                flush(&mut removed, &mut added, &mut pairs);
                pairs.push(Pair { old: Some(line.clone()), new: Some(line) });
            }
        }
    }
    flush(&mut removed, &mut added, &mut pairs);
    pairs
}

fn flush(removed: &mut Vec<Line>, added: &mut Vec<Line>, pairs: &mut Vec<Pair>) {
    let rows = removed.len().max(added.len());
    let (mut old, mut new) = (removed.drain(..), added.drain(..));
    pairs.extend((0..rows).map(|_| Pair { old: old.next(), new: new.next() }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: &'static str, number: u32) -> Line {
        let text = number.to_string();
        Line { kind, old: text.clone(), new: text, ..Line::default() }
    }

    #[test]
    fn removed_lines_stand_beside_those_that_replaced_them() {
        let lines = vec![
            line("same", 1),
            line("del", 2),
            line("del", 3),
            line("add", 4),
            line("del", 5),
            line("same", 6),
        ];
        let shown: Vec<_> = pairs(lines)
            .into_iter()
            .map(|pair| (pair.old.map(|line| line.old), pair.new.map(|line| line.new)))
            .collect();
        let row = |old: &str, new: &str| {
            let side = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            (side(old), side(new))
        };
        assert_eq!(shown, [row("1", "1"), row("2", "4"), row("3", ""), row("5", ""), row("6", "6")]);
    }
}

//! The model card: measured facts from the record of the run. It stands between two markers in the README, so
//! that what people write around it stays.

use std::fmt::Write as _;

use hearth_core::Language;
use hearth_runner::record::{Pin, RunDocument};
use hearth_store::{task::Task, task_output::TaskOutput};
use hearth_words::{Words, bytes, duration};

use crate::metrics::Series;

const BEGIN: &str = "<!-- hearth:measured -->";
const END: &str = "<!-- /hearth:measured -->";
const MOST_FILES: usize = 100;
const MOST_CURVES: usize = 50;

/// The facts of one version.
#[derive(Debug)]
pub(super) struct Card<'a> {
    pub(super) model: &'a str,
    pub(super) version: &'a str,
    pub(super) note: &'a str,
    pub(super) task: &'a Task,
    pub(super) task_url: String,
    pub(super) run: &'a RunDocument,
    pub(super) curves: &'a [Series],
    pub(super) outputs: &'a [TaskOutput],
}

/// Puts the card into the README: between the markers, at the end of existing text, or as the whole file.
pub(super) fn into_readme(before: &str, card: &str) -> String {
    let block = format!("{BEGIN}\n{card}{END}\n");
    if before.trim().is_empty() {
        return block;
    }
    if let Some((head, rest)) = before.split_once(BEGIN)
        && let Some((_, tail)) = rest.split_once(END)
    {
        return format!("{head}{block}{}", tail.trim_start_matches('\n'));
    }
    format!("{}\n\n{block}", before.trim_end())
}

impl Card<'_> {
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let out = &mut text;
        line(out, &format!("# {} {}", self.model, self.version));
        line(out, "");
        if !self.note.trim().is_empty() {
            line(out, &format!("{}\n", self.note.trim().replace("<!--", "&lt;!--")));
        }
        line(out, "## Measured here · 本站实测\n");
        line(out, "Everything below was recorded by the run itself. · 以下内容均由运行过程自动记录。\n");
        self.measurements(out);
        self.origin(out);
        self.files(out);
        self.again(out);
        text
    }

    fn measurements(&self, out: &mut String) {
        if self.curves.is_empty() {
            line(out, "The run reported no metrics. · 本次运行没有上报指标。\n");
            return;
        }
        line(out, "| Metric · 指标 | Last · 最终值 | Lowest · 最低 | Highest · 最高 | Values · 点数 |");
        line(out, "| --- | ---: | ---: | ---: | ---: |");
        for curve in self.curves.iter().take(MOST_CURVES) {
            let Series { name, count, last, least, most, .. } = curve;
            let row = format!(
                "| {} | {} | {} | {} | {count} |",
                code(name),
                number(*last),
                number(*least),
                number(*most)
            );
            line(out, &row);
        }
        line(out, "");
    }

    fn origin(&self, out: &mut String) {
        let run = self.run;
        line(out, "## Origin · 来源\n");
        line(out, "| Fact · 项目 | Value · 值 |");
        line(out, "| --- | --- |");
        let mut row = |name: &str, value: String| line(out, &format!("| {name} | {value} |"));
        row("Task · 计算任务", format!("[{}]({})", self.task.id, self.task_url));
        row("Code · 代码", format!("{} @ {}", code(&run.code.repository), code(&run.code.commit)));
        if let Some(patch) = &run.code.patch {
            row("Unpushed changes · 未推送的改动", code(&patch.sha256));
        }
        row(
            "Result · 结果",
            format!("{} ({})", code(run.outcome.state.as_str()), code(run.outcome.reason.as_str())),
        );
        row("Image · 镜像", code(&run.image.label));
        row("Spec · 资源规格", format!("{}: {}", code(&self.task.spec_code), self.resources()));
        row("Run time · 运行时长", self.duration());
        row("Seed · 随机种子", pin(&run.seed, ToString::to_string));
        row("System · 系统", pin(&run.system, |text| code(text)));
        row("Sandbox · 沙箱", pin(&run.sandbox, |facts| code(&facts.fence)));
        if !run.missing.is_empty() {
            row(
                "Not known · 缺失的记录",
                run.missing.iter().map(|name| code(name)).collect::<Vec<_>>().join(", "),
            );
        }
        line(out, "");
    }

    fn resources(&self) -> String {
        let resources = &self.run.resources;
        let cards = match resources.accelerators.as_slice() {
            [] => String::new(),
            [first, ..] => format!(", {} × {} {}", resources.accelerators.len(), first.vendor, first.model),
        };
        format!("{} CPU, {}{cards}", resources.cpus, bytes(resources.memory_bytes))
    }

    fn duration(&self) -> String {
        match &self.run.started_at {
            Pin::Known(started_at) => {
                let time = self.run.ended_at.since(*started_at);
                let [en, zh] = [Language::En, Language::ZhCn].map(|it| duration(Words::of(it), time));
                format!("{en} · {zh}")
            }
            Pin::Missing { missing } => missing.clone(),
        }
    }

    fn files(&self, out: &mut String) {
        line(out, "## Files · 文件\n");
        line(out, "| File · 文件 | Size · 大小 | SHA-256 |");
        line(out, "| --- | ---: | --- |");
        for output in self.outputs.iter().take(MOST_FILES) {
            let size = u64::try_from(output.size_bytes).unwrap_or(0);
            line(
                out,
                &format!("| {} | {} | {} |", code(output.path.as_str()), bytes(size), code(&output.sha256)),
            );
        }
        if let Some(more) = self.outputs.len().checked_sub(MOST_FILES).filter(|more| *more > 0) {
            line(out, &format!("\n+ {more}: see · 见 `run.json`"));
        }
        line(out, "");
    }

    fn again(&self, out: &mut String) {
        line(out, "## Run it again · 复现\n");
        let command = pin(&self.run.command, |words| {
            words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")
        });
        line(out, &format!("```sh\n{}\n```\n", command.replace("```", "` ` `")));
        line(out, "The whole record is in `run.json`. · 完整记录见 `run.json`。");
    }
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("writing to a String cannot fail");
}

fn pin<T>(pin: &Pin<T>, show: impl Fn(&T) -> String) -> String {
    match pin {
        Pin::Known(value) => show(value),
        Pin::Missing { missing } => format!("— ({missing})"),
    }
}

/// A text from the run as code in a table: it can neither end the cell nor become markup.
fn code(text: &str) -> String {
    let plain: String = text.chars().filter(|letter| !letter.is_control()).collect();
    format!("`{}`", plain.replace('`', "'").replace('|', "\\|"))
}

/// Six digits are enough to compare.
fn number(value: f64) -> String {
    let short = |digits: &str| digits.trim_end_matches('0').trim_end_matches('.').to_owned();
    if value == 0.0 || (1e-3..1e6).contains(&value.abs()) {
        return short(&format!("{value:.6}"));
    }
    let text = format!("{value:.4e}");
    match text.split_once('e') {
        Some((digits, power)) => format!("{}e{power}", short(digits)),
        None => text,
    }
}

/// Quotes a word for the shell.
fn quote(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,@%+".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_wrote_stays_around_the_card() {
        let first = into_readme("", "one\n");
        assert_eq!(first, "<!-- hearth:measured -->\none\n<!-- /hearth:measured -->\n");
        let written = format!("# Mine\n\n{first}\nMore.\n");
        let second = into_readme(&written, "two\n");
        assert!(second.starts_with("# Mine\n") && second.ends_with("More.\n"), "{second}");
        assert!(second.contains("two") && !second.contains("one"));
        assert!(into_readme("# Mine\n", "two\n").starts_with("# Mine\n\n<!--"));
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(number(0.97), "0.97");
        assert_eq!(number(12.0), "12");
        assert_eq!(number(1.5e-7), "1.5e-7");
    }

    #[test]
    fn texts_of_the_run_cannot_become_markup() {
        assert_eq!(code("a|b`c\n<script>"), "`a\\|b'c<script>`");
        assert_eq!(quote("it's"), "'it'\\''s'");
    }

    proptest! {
        #[test]
        fn a_card_is_replaced_whatever_stands_around_it(before in "[a-z#\n<>!-]{0,40}", card in "[a-z|\n]{0,20}") {
            let replaced = into_readme(&into_readme(&before, "one\n"), &card);
            prop_assert_eq!(replaced, into_readme(&before, &card));
        }
    }
}

use serde::{Deserialize, Serialize};

text_enum! {
    /// What sort of [`Program`] a task runs.
    pub enum ProgramKind {
        Script = "script",
        Command = "command",
    }
}

/// What a task runs in the folder of its code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Program {
    /// A Python file of the code, which the image's interpreter runs.
    Script {
        /// Relative to the root of the code.
        file: String,
        /// Given to it in this order, as `--name=value`.
        parameters: Vec<Parameter>,
    },
    /// A program of the image or of the code with its arguments. No shell reads them.
    Command { words: Vec<String> },
}

/// One `--name=value` of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub value: String,
}

/// A label is cut after so many letters.
const LONGEST_LABEL: usize = 200;
const SHELL: [&str; 2] = ["sh", "-c"];

impl Program {
    pub fn script(file: impl Into<String>, parameters: Vec<Parameter>) -> Self {
        Self::Script { file: file.into(), parameters }
    }

    /// A line that the image's shell reads.
    pub fn shell_line(line: &str) -> Self {
        Self::Command { words: SHELL.iter().chain(&[line]).map(|word| (*word).to_owned()).collect() }
    }

    pub const fn kind(&self) -> ProgramKind {
        match self {
            Self::Script { .. } => ProgramKind::Script,
            Self::Command { .. } => ProgramKind::Command,
        }
    }

    /// The file of a script.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Script { file, .. } => Some(file),
            Self::Command { .. } => None,
        }
    }

    pub fn parameters(&self) -> &[Parameter] {
        match self {
            Self::Script { parameters, .. } => parameters,
            Self::Command { .. } => &[],
        }
    }

    /// The words of a command.
    pub fn words(&self) -> Option<&[String]> {
        match self {
            Self::Script { .. } => None,
            Self::Command { words } => Some(words),
        }
    }

    /// What people read where there is room for one line: the file of a script, the line or the words of a command.
    pub fn label(&self) -> String {
        let text = self.line().unwrap_or_else(|| self.file().unwrap_or_default().to_owned());
        let line = text.lines().next().unwrap_or_default();
        match line.char_indices().nth(LONGEST_LABEL) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None if line.len() < text.trim_end().len() => format!("{line} …"),
            None => line.to_owned(),
        }
    }

    /// A line that a POSIX shell reads as this command; none for a script.
    pub fn line(&self) -> Option<String> {
        match self.words()? {
            [shell, option, line] if [shell.as_str(), option] == SHELL => Some(line.clone()),
            words => Some(words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")),
        }
    }

    /// How many bytes people wrote for it.
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::Script { file, parameters } => {
                let parameters = parameters.iter().map(|given| given.name.len() + given.value.len());
                file.len() + parameters.sum::<usize>()
            }
            Self::Command { words } => words.iter().map(String::len).sum(),
        }
    }
}

impl Default for Program {
    /// A script that is not named yet.
    fn default() -> Self {
        Self::script("", Vec::new())
    }
}

impl Parameter {
    pub const LONGEST_NAME: usize = 200;
    /// Of a value, and of a word of a command, in bytes.
    pub const LONGEST_VALUE: usize = 32 << 10;

    /// Letters, digits and a few signs, and no sign but `_` at the start.
    pub fn has_good_name(&self) -> bool {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        self.name.bytes().next().is_some_and(is_letter)
            && self.name.len() <= Self::LONGEST_NAME
            && self.name.bytes().all(|byte| is_letter(byte) || b".-".contains(&byte))
    }

    /// Whether it can be a part of an argument of a program.
    pub fn has_good_value(&self) -> bool {
        is_good_argument(&self.value)
    }
}

/// No NUL, and no longer than [`Parameter::LONGEST_VALUE`].
pub fn is_good_argument(text: &str) -> bool {
    text.len() <= Parameter::LONGEST_VALUE && !text.contains('\0')
}

/// One word of a POSIX shell, whatever is in it.
pub fn shell_word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:=@%+,".contains(letter);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_the_shell_is_read_back_as_it_was_written() {
        let line = "torchrun --nproc-per-node 2 train.py | tee log";
        assert_eq!(Program::shell_line(line).label(), line);
        let words = ["echo", "it's", "$HOME"].map(str::to_owned).to_vec();
        assert_eq!(Program::Command { words }.label(), r"echo 'it'\''s' '$HOME'");
    }

    #[test]
    fn a_label_is_one_short_line() {
        assert_eq!(Program::shell_line("make\nmake install").label(), "make …");
        assert_eq!(Program::shell_line(&"字".repeat(300)).label().chars().count(), LONGEST_LABEL + 1);
    }

    #[test]
    fn programs_are_kept_by_names_that_stay() {
        let lr = Parameter { name: "lr".into(), value: "0.1".into() };
        for (program, text) in [
            (
                Program::script("train.py", vec![lr]),
                r#"{"kind":"script","file":"train.py","parameters":[{"name":"lr","value":"0.1"}]}"#,
            ),
            (Program::shell_line("make"), r#"{"kind":"command","words":["sh","-c","make"]}"#),
        ] {
            assert_eq!(serde_json::to_string(&program).expect("JSON"), text);
            assert_eq!(serde_json::from_str::<Program>(text).expect("JSON"), program);
        }
    }
}

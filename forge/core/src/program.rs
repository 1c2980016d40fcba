use serde::{Deserialize, Serialize};

text_enum! {
    /// What kind of [`Program`] a task runs.
    pub enum ProgramKind {
        Script = "script",
        Command = "command",
    }
}

/// What a task runs in its code folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Program {
    /// A Python file in the code, run by the image's interpreter.
    Script {
        /// Relative to the root of the code.
        file: String,
        /// Passed in this order, as `--name=value`.
        parameters: Vec<Parameter>,
    },
    /// A program from the image or the code with its arguments, run without a shell.
    Command { words: Vec<String> },
}

/// One `--name=value` argument of a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub value: String,
}

/// Labels are truncated to this many characters.
const LONGEST_LABEL: usize = 200;
const SHELL: [&str; 2] = ["sh", "-c"];

impl Program {
    pub fn script(file: impl Into<String>, parameters: Vec<Parameter>) -> Self {
        Self::Script { file: file.into(), parameters }
    }

    /// A command line for the image's shell.
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

    /// The program and arguments of a command.
    pub fn words(&self) -> Option<&[String]> {
        match self {
            Self::Script { .. } => None,
            Self::Command { words } => Some(words),
        }
    }

    /// A one-line description: the file of a script, or the shell line or words of a command.
    pub fn label(&self) -> String {
        let text = self.line().unwrap_or_else(|| self.file().unwrap_or_default().to_owned());
        let line = text.lines().next().unwrap_or_default();
        match line.char_indices().nth(LONGEST_LABEL) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None if line.len() < text.trim_end().len() => format!("{line} …"),
            None => line.to_owned(),
        }
    }

    /// This command as a line for a POSIX shell; none for a script.
    pub fn line(&self) -> Option<String> {
        match self.words()? {
            [shell, option, line] if [shell.as_str(), option] == SHELL => Some(line.clone()),
            words => Some(words.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")),
        }
    }

    /// How many bytes of it were written by the user.
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
    /// A script without a file name yet.
    fn default() -> Self {
        Self::script("", Vec::new())
    }
}

impl Parameter {
    pub const LONGEST_NAME: usize = 200;
    /// The longest value, or word of a command, in bytes.
    pub const LONGEST_VALUE: usize = 32 << 10;

    /// Letters, digits and some punctuation, but no punctuation except `_` at the start.
    pub fn has_valid_name(&self) -> bool {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        self.name.bytes().next().is_some_and(is_letter)
            && self.name.len() <= Self::LONGEST_NAME
            && self.name.bytes().all(|byte| is_letter(byte) || b".-".contains(&byte))
    }

    /// Whether it is valid as part of a program argument.
    pub fn has_valid_value(&self) -> bool {
        is_valid_argument(&self.value)
    }
}

/// Contains no NUL, and is at most [`Parameter::LONGEST_VALUE`] bytes long.
pub fn is_valid_argument(text: &str) -> bool {
    text.len() <= Parameter::LONGEST_VALUE && !text.contains('\0')
}

/// Quotes any text as one word for a POSIX shell.
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

//! The form as commands for a POSIX shell. They contain no token: `HEARTH_TOKEN` holds it.

use hearth_core::{Error, Result, shell_word as quote};

use super::form::TaskForm;

/// The command that launches this from any machine: what was filled in and nothing else.
pub(crate) fn run(server: &str, repository: &str, branch: &str, form: &TaskForm) -> Result<String, Error> {
    let mut words = vec!["hearth run".to_owned()];
    let program = form.program()?;
    if let Some(file) = program.file() {
        // A leading hyphen would make it an option.
        let file = if file.starts_with('-') { format!("./{file}") } else { file.to_owned() };
        words.push(quote(&file));
    }
    for parameter in program.parameters() {
        words.push(option("--param", &format!("{}={}", parameter.name, parameter.value)));
    }
    let revision = form.revision.trim();
    let time_limit = form.minutes()?.map(|minutes| format!("{minutes}m")).unwrap_or_default();
    for (name, value) in [
        ("--ref", if revision.is_empty() { branch } else { revision }),
        ("--image", &form.image),
        ("--spec", &form.spec),
        ("--nodes", form.nodes.trim()),
        ("--name", form.name.trim()),
        ("--kind", &form.kind),
        ("--time-limit", &time_limit),
        ("--description", form.description.trim()),
        ("--seed", form.seed.trim()),
        ("--parent", form.parent.trim()),
    ] {
        if !value.is_empty() {
            words.push(option(name, value));
        }
    }
    if form.network {
        words.push("--network".to_owned());
    }
    if form.skip_requirements {
        words.push("--no-requirements".to_owned());
    }
    words.extend([option("--repo", repository), option("--server", server), "--follow".to_owned()]);
    if let Some(of_command) = program.words() {
        words.push("--".to_owned());
        words.extend(of_command.iter().map(|word| quote(word)));
    }
    Ok(lines(&words))
}

/// The same as an API request.
pub(crate) fn curl(address: &str, form: &TaskForm) -> String {
    let words = [
        format!("curl --request POST {}", quote(address)),
        "--header \"Authorization: token $HEARTH_TOKEN\"".to_owned(),
        "--header 'Content-Type: application/json'".to_owned(),
        format!("--data {}", quote(&form.to_json())),
    ];
    words.join(" \\\n  ")
}

fn option(name: &str, value: &str) -> String {
    let join = if value.starts_with('-') { '=' } else { ' ' };
    format!("{name}{join}{}", quote(value))
}

/// Joins words into continued lines of at most `WIDTH` characters, where they fit.
fn lines(words: &[String]) -> String {
    const WIDTH: usize = 72;
    let mut command = String::new();
    let mut column = 0;
    for word in words {
        if column > 0 && column + word.len() >= WIDTH {
            command.push_str(" \\\n  ");
            column = 2;
        } else if column > 0 {
            command.push(' ');
        }
        command.push_str(word);
        column += word.len() + 1;
    }
    command
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn form(query: &str) -> TaskForm {
        serde_html_form::from_str(query).expect("a form")
    }

    /// The words into which a shell splits a text.
    fn words(text: &str) -> Vec<String> {
        let script = format!("for word in {text}; do printf '%s\\0' \"$word\"; done");
        let said = Command::new("sh").args(["-c", &script]).output().expect("a shell runs");
        let said = String::from_utf8(said.stdout).expect("UTF-8");
        said.split_terminator('\0').map(str::to_owned).collect()
    }

    #[test]
    fn a_shell_reads_back_what_was_filled_in() {
        let form = form(
            "boot_file=train.py&parameter_name=note&parameter_value=it%27s+%24HOME+%60id%60%0A%22two%22&spec=cpu-1&\
             image=python-3.11&name=-x&time_limit=30&network=true&seed=-7&request_key=secret",
        );
        let command = run("http://hearth.test", "mei/llm", "main", &form).expect("a command");
        let expected = [
            "hearth",
            "run",
            "train.py",
            "--param",
            "note=it's $HOME `id`\n\"two\"",
            "--ref",
            "main",
            "--image",
            "python-3.11",
            "--spec",
            "cpu-1",
            "--name=-x",
            "--time-limit",
            "30m",
            "--seed=-7",
            "--network",
            "--repo",
            "mei/llm",
            "--server",
            "http://hearth.test",
            "--follow",
        ];
        assert_eq!(words(&command), expected);
        assert!(!command.contains("secret"));
    }

    #[test]
    fn a_request_holds_a_variable_and_no_token() {
        let command = curl("http://hearth.test/x", &form("boot_file=train.py&name=it%27s"));
        let words = words(&command);
        assert_eq!(words[..4], ["curl", "--request", "POST", "http://hearth.test/x"]);
        assert!(command.contains("\"Authorization: token $HEARTH_TOKEN\""));
        let body: serde_json::Value = serde_json::from_str(words.last().expect("a body")).expect("JSON");
        assert_eq!(body, serde_json::json!({"boot_file": "train.py", "name": "it's"}));
    }
}

//! What begins an error.

use super::shape::Block;

/// A line with `trigger` in it begins an error if `begins` says so, given the line and the place of the
/// trigger.
struct Rule {
    trigger: &'static str,
    begins: fn(&str, usize) -> Option<Block>,
}

/// The first rule that fits counts.
const RULES: &[Rule] = &[
    // Python
    rule("Traceback (most recent call last)", |line, at| Some(Block::traceback(&line[..at]))),
    rule("  File \"", |line, at| (at == 0 && line.contains("\", line ")).then(|| Block::traceback(""))),
    rule("Error: ", python_exception),
    rule("Exception: ", python_exception),
    rule("Uncaught exception", |_, _| Some(Block::Indented)),
    // C++, Rust, Go, Java, sanitizers and signals
    rule("terminate called ", |_, _| Some(Block::Indented)),
    rule("panicked at ", |_, _| Some(Block::Paragraph { has_gap: false })),
    rule("panic: ", |_, at| (at == 0).then_some(Block::Paragraph { has_gap: false })),
    rule("fatal error: ", |_, at| (at == 0).then_some(Block::Paragraph { has_gap: false })),
    rule("Exception in thread ", |_, _| Some(Block::Indented)),
    rule("ERROR: AddressSanitizer", |_, _| Some(Block::Paragraph { has_gap: false })),
    rule("Segmentation fault", |_, _| Some(Block::Indented)),
    rule("Aborted", alone),
    rule("Bus error", alone),
    rule("Illegal instruction", alone),
    rule("Floating point exception", alone),
    rule("Killed", alone),
    rule("double free or corruption", |_, _| Some(Block::Line)),
    rule("Assertion `", |line, _| line.contains("' failed").then_some(Block::Indented)),
    // Compilers and builds
    rule(": error: ", |_, _| Some(Block::Indented)),
    rule(": fatal error: ", |_, _| Some(Block::Indented)),
    rule("error[", |_, at| (at == 0).then_some(Block::Indented)),
    rule("undefined reference to", |_, _| Some(Block::Indented)),
    rule("CMake Error", |_, _| Some(Block::Indented)),
    rule("ninja: build stopped", |_, _| Some(Block::Line)),
    rule("*** [", |line, _| line.contains("] Error ").then_some(Block::Line)),
    // Accelerators
    rule("CUDA error", |_, _| Some(Block::Indented)),
    rule("ut of memory", |_, _| Some(Block::Indented)),
    rule("cudaError", |_, _| Some(Block::Indented)),
    rule("CUDNN_STATUS_", not_success),
    rule("CUBLAS_STATUS_", not_success),
    rule("NCCL error", |_, _| Some(Block::Indented)),
    rule("NCCL WARN", |_, _| Some(Block::Line)),
    // MPI and launchers
    rule("MPI_ABORT was invoked", |_, _| Some(Block::Framed)),
    rule("Primary job ", |line, _| line.contains("terminated normally").then_some(Block::Framed)),
    rule("mpirun noticed ", |_, _| Some(Block::Framed)),
    rule("mpirun detected ", |_, _| Some(Block::Framed)),
    rule("BAD TERMINATION OF ONE OF", |_, _| Some(Block::Framed)),
    rule("*** An error occurred in MPI", |line, at| Some(Block::Starred(line[..at].to_owned()))),
    rule("*** MPI_ERRORS_ARE_FATAL", |line, at| Some(Block::Starred(line[..at].to_owned()))),
    rule("*** Process received signal", |line, at| Some(Block::Starred(line[..at].to_owned()))),
    rule("called MPI_Abort", |_, _| Some(Block::Line)),
    rule("Fatal error in ", |line, _| line.contains("MPI").then_some(Block::Indented)),
    rule("Abort(", |line, at| (at == 0 && line.contains(" on node ")).then_some(Block::Indented)),
    rule("exited with ", failed_exit),
    rule("exit code", failed_exit),
    rule("exit status", failed_exit),
    // Shells
    rule("command not found", |_, _| Some(Block::Line)),
    rule(": not found", of_shell),
    rule(": Permission denied", of_shell),
    rule(": No such file or directory", of_shell),
    rule("can't open file", |_, _| Some(Block::Line)),
    rule("syntax error near unexpected token", |_, _| Some(Block::Line)),
    // Levels of log messages, and what programs begin a last message with
    rule("ERROR", level),
    rule("FATAL", level),
    rule("CRITICAL", level),
    rule("level=error", |_, _| Some(Block::Line)),
    rule("error: ", |_, at| (at == 0).then_some(Block::Indented)),
    rule("fatal: ", |_, at| (at == 0).then_some(Block::Line)),
];

/// A line without any of these begins no error.
pub(in super::super) const TRIGGERS: [&str; RULES.len()] = {
    let mut triggers = [""; RULES.len()];
    let mut place = 0;
    while place < RULES.len() {
        triggers[place] = RULES[place].trigger;
        place += 1;
    }
    triggers
};

const fn rule(trigger: &'static str, begins: fn(&str, usize) -> Option<Block>) -> Rule {
    Rule { trigger, begins }
}

/// The error that a line begins.
pub(super) fn begins(line: &str) -> Option<Block> {
    RULES.iter().find_map(|rule| (rule.begins)(line, line.find(rule.trigger)?))
}

/// `ValueError: …`, `torch.OutOfMemoryError: …` at the beginning of a line.
fn python_exception(line: &str, at: usize) -> Option<Block> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    line.as_bytes()[..at].iter().all(|byte| is_name(*byte)).then_some(Block::Indented)
}

/// The whole line, or a shell's report of how a program ended: `x.sh: line 3: 123 Killed  python x.py`.
fn alone(line: &str, at: usize) -> Option<Block> {
    let is_first = line[..at].trim().is_empty();
    let is_last = line[at..].trim_end_matches(" (core dumped)").trim().bytes().all(|byte| byte != b':');
    ((is_first && is_last && line.trim().len() < 50) || line[..at].contains(": line ")).then_some(Block::Line)
}

fn not_success(line: &str, at: usize) -> Option<Block> {
    (!line[at..].contains("STATUS_SUCCESS")).then_some(Block::Indented)
}

/// A code that is not zero follows.
fn failed_exit(line: &str, at: usize) -> Option<Block> {
    let digits = line[at..].trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let digits: &str = &digits[..digits.bytes().take_while(u8::is_ascii_digit).count()];
    (line[at..].len() < 200 && digits.bytes().any(|digit| digit != b'0')).then_some(Block::Line)
}

/// A shell, or a program that it starts, says so of a file.
fn of_shell(line: &str, at: usize) -> Option<Block> {
    let is_shell = |name: &str| line.starts_with(name);
    let names = [
        "bash: ",
        "sh: ",
        "zsh: ",
        "/bin/",
        "/usr/bin/",
        "env: ",
        "nohup: ",
        "cat: ",
        "ls: ",
        "cp: ",
        "mv: ",
    ];
    (line[..at].contains(": line ") || names.iter().any(|name| is_shell(name))).then_some(Block::Line)
}

/// A level in capitals, as a word of its own: not `ERROR_RATE=0.1`, not `0 ERRORS`.
fn level(line: &str, at: usize) -> Option<Block> {
    let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let length = line.as_bytes()[at..].iter().take_while(|byte| is_of_word(byte)).count();
    let (before, after) = (line[..at].bytes().next_back(), line[at + length..].bytes().next());
    let is_level = ["ERROR", "FATAL", "CRITICAL"].contains(&&line[at..at + length]);
    let is_value = before == Some(b'=') || after == Some(b'=');
    // It stands near the beginning, after a time, a name or a process at most.
    (is_level && !before.is_some_and(|byte| is_of_word(&byte)) && !is_value && at < 80)
        .then_some(Block::Indented)
}

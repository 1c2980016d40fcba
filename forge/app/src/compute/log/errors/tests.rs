use super::*;
use crate::log::terminal::Terminal;

/// Each line with `!` where an error begins, `|` where it goes on.
fn marked(log: &str) -> String {
    let mut terminal = Terminal::new(1);
    terminal.feed(log.as_bytes());
    let mut rows = terminal.rows();
    ErrorScanner::default().mark(&mut rows);
    let sign = |row: &LogRow| match row.error {
        ErrorMark::None => ' ',
        ErrorMark::First => '!',
        ErrorMark::More => '|',
    };
    rows.iter().map(sign).collect::<String>().trim_end().to_owned()
}

#[test]
fn a_traceback_reaches_to_its_message() {
    let log = "epoch 1\n\
               Traceback (most recent call last):\n  File \"train.py\", line 3, in <module>\n    main()\n    ~~~~^^\n\
               RuntimeError: Error(s) in loading state_dict for Net:\n\tMissing key(s)\n\
               bye\n";
    assert_eq!(marked(log), " !|||||");
}

#[test]
fn chained_tracebacks_are_one_error() {
    let one = "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'x'\n";
    let joint = "\nDuring handling of the above exception, another exception occurred:\n\n";
    assert_eq!(marked(&format!("{one}{joint}{one}")), "!||||||||");
    assert_eq!(marked(&format!("{one}\nnext\n{one}")), "!||  !||");
}

#[test]
fn each_process_has_its_own_traceback() {
    let log = "[rank1]: Traceback (most recent call last):\n\
               epoch 2\n\
               [rank1]:   File \"a.py\", line 1\n\
               [rank1]: ValueError: no\n\
               epoch 3\n";
    assert_eq!(marked(log), "!|||");
}

#[test]
fn syntax_errors_have_no_head() {
    assert_eq!(
        marked("  File \"a.py\", line 1\n    x = = 1\n        ^\nSyntaxError: invalid syntax\nx\n"),
        "!|||"
    );
}

#[test]
fn errors_of_accelerators_have_advice() {
    let log = "Traceback (most recent call last):\n  File \"a.py\", line 1\n\
               RuntimeError: CUDA error: device-side assert triggered\n\
               CUDA kernel errors might be asynchronously reported at some other API call.\n\
               For debugging consider passing CUDA_LAUNCH_BLOCKING=1\n\
               done\n";
    assert_eq!(marked(log), "!||||");
    assert_eq!(marked("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB\n"), "!");
    assert_eq!(marked("CUDNN_STATUS_SUCCESS\ncudnn: CUDNN_STATUS_NOT_INITIALIZED\n"), " !");
}

#[test]
fn programs_in_cpp_rust_and_go_end_loudly() {
    let cpp = "terminate called after throwing an instance of 'std::runtime_error'\n  what():  no file\nAborted (core dumped)\n";
    assert_eq!(marked(cpp), "!|!");
    let rust = "thread 'main' panicked at src/main.rs:2:5:\nindex out of bounds\nnote: run with `RUST_BACKTRACE=1`\n\nnext\n";
    assert_eq!(marked(rust), "!||");
    let go = "panic: no\n\ngoroutine 1 [running]:\nmain.main()\n\t/tmp/x.go:4 +0x1d\nexit status 2\n";
    assert_eq!(marked(go), "!|||||");
    assert_eq!(marked("Segmentation fault\n"), "!");
}

#[test]
fn compilers_point_at_the_line() {
    let gcc = "x.cpp: In function 'int main()':\n\
               x.cpp:2:5: error: 'y' was not declared in this scope\n    2 |     y = 1;\n      |     ^\n\
               make: *** [Makefile:2: x] Error 1\n";
    assert_eq!(marked(gcc), " !||!");
    assert_eq!(marked("a.cu(12): error: identifier \"x\" is undefined\n"), "!");
    assert_eq!(
        marked("/usr/bin/ld: a.o: undefined reference to `f'\ncollect2: error: ld returned 1 exit status\n"),
        "!!"
    );
}

#[test]
fn mpi_writes_in_a_frame() {
    let rule = "-".repeat(70);
    let log = format!(
        "{rule}\nMPI_ABORT was invoked on rank 0 in communicator MPI_COMM_WORLD\nwith errorcode 3.\n{rule}\nnext\n{rule}\n"
    );
    assert_eq!(marked(&log), "!|||");
    let stars =
        "[host:12] *** An error occurred in MPI_Send\n[host:12] *** reported by process [1,0]\nnext\n";
    assert_eq!(marked(stars), "!|");
}

#[test]
fn shells_say_what_they_do_not_find() {
    assert_eq!(marked("bash: line 1: nvcc: command not found\nsh: 1: foo: not found\n"), "!!");
    assert_eq!(marked("run.sh: line 3: 812 Killed    python train.py\n"), "!");
    assert_eq!(marked("process exited with exit code 1\nexit code: 0\n"), "!");
}

#[test]
fn measurements_are_no_errors() {
    for line in [
        "step=1 error=0.5 mean error 0.3",
        "0 errors, 2 warnings",
        "ERROR_RATE=0.1",
        "validation error: 0.21",
        "Killed 3 orcs and 4 trolls: score 7",
        "exit code 0",
        "INFO no exceptions were found",
        "download https://example.org/404: not found in cache, using mirror",
    ] {
        assert_eq!(marked(&format!("{line}\n")), "", "{line}");
    }
    for line in ["ERROR: no room", "2026-11-01 12:00:00 - train - ERROR - no room", "[ERROR] x", "fatal: no"]
    {
        assert_eq!(marked(&format!("{line}\n")), "!", "{line}");
    }
}

#[test]
fn rows_that_were_forgotten_still_count() {
    let mut scanner = ErrorScanner::default();
    assert_eq!(scanner.take("Traceback (most recent call last):"), Reach::First);
    let mut terminal = Terminal::new(2);
    terminal.feed(b"  File \"a.py\", line 1\nKeyError: 1\nnext");
    let mut rows = terminal.rows();
    scanner.mark(&mut rows);
    let marks: Vec<_> = rows.iter().map(|row| row.error).collect();
    assert_eq!(marks, [ErrorMark::More, ErrorMark::More, ErrorMark::None]);
}

#[test]
fn every_trigger_can_be_found_on_its_own() {
    assert!(TRIGGERS.len() <= 64, "more are searched for five times as slowly");
    for (place, trigger) in TRIGGERS.iter().enumerate() {
        assert!(trigger.len() >= 5, "{trigger} would be found everywhere");
        assert!(!TRIGGERS[..place].contains(trigger), "{trigger} is there twice");
    }
}

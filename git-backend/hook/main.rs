//! The push helper: git runs it as `pre-receive` and `post-receive`. It tells the server what is being
//! pushed, prints the server's answer, and exits according to the server's decision.
//!
//! Under the name `pack-objects` it caches packs, so that identical clones are computed once; see `packs.rs`.
//!
//! It has no dependencies and stays small, because it is started for every push. `build.rs` compiles it and
//! the server embeds the result. The frame is described in `src/push/frame.rs`.

mod packs;
mod room;

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, Read, Write},
    os::{fd::AsRawFd, unix::ffi::OsStrExt, unix::net::UnixStream},
    path::{Path, PathBuf},
    process::ExitCode,
};

const MAX_LINE_BYTES: usize = 1 << 20;
const MAX_SOCKET_PATH_BYTES: usize = 100;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().collect();
    let name = arguments.first().map(PathBuf::from).unwrap_or_default();
    let stage = name.file_name().unwrap_or_default().to_owned();
    if stage == "pack-objects" {
        return packs::serve(&arguments[1..]).unwrap_or(ExitCode::FAILURE);
    }
    match ask(&stage) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        // References have moved already; the server reconciles its records later.
        Err(_) if stage == "post-receive" => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(
                io::stderr(),
                "The server cannot check this push now ({error}); nothing changed. Try again."
            );
            ExitCode::FAILURE
        }
    }
}

/// Asks the server; `false` means that the push is refused.
fn ask(stage: &OsString) -> io::Result<bool> {
    let mut updates = Vec::new();
    io::stdin().lock().read_to_end(&mut updates)?;
    let mut frame = Vec::new();
    field(&mut frame, b"hearth-push 1")?;
    field(&mut frame, stage.as_bytes())?;
    field(&mut frame, variable("HEARTH_PUSH_ID").as_bytes())?;
    field(&mut frame, variable("GIT_QUARANTINE_PATH").as_bytes())?;
    field(&mut frame, &updates)?;
    let options =
        variable("GIT_PUSH_OPTION_COUNT").to_str().and_then(|count| count.parse().ok()).unwrap_or(0);
    for index in 0..options {
        field(&mut frame, variable(&format!("GIT_PUSH_OPTION_{index}")).as_bytes())?;
    }
    let mut stream = connect(&PathBuf::from(variable("HEARTH_PUSH_SOCKET")))?;
    stream.write_all(&length(frame.len())?)?;
    stream.write_all(&frame)?;
    relay(&mut stream)
}

/// Prints lines until the verdict arrives.
fn relay(stream: &mut UnixStream) -> io::Result<bool> {
    let mut error = io::stderr();
    loop {
        let mut tag = [0];
        stream.read_exact(&mut tag)?;
        match tag[0] {
            b'A' => return Ok(true),
            b'R' => return Ok(false),
            b'L' => {}
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        if length > MAX_LINE_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut line = vec![0; length];
        stream.read_exact(&mut line)?;
        line.push(b'\n');
        error.write_all(&line)?;
    }
}

/// A path too long for a socket address is reached through a descriptor of its folder.
fn connect(socket: &Path) -> io::Result<UnixStream> {
    if socket.as_os_str().len() <= MAX_SOCKET_PATH_BYTES {
        return UnixStream::connect(socket);
    }
    let folder = File::open(socket.parent().unwrap_or(Path::new("/")))?;
    let name = socket.file_name().unwrap_or_default();
    UnixStream::connect(Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name))
}

fn variable(name: &str) -> OsString {
    env::var_os(name).unwrap_or_default()
}

fn field(frame: &mut Vec<u8>, bytes: &[u8]) -> io::Result<()> {
    frame.extend_from_slice(&length(bytes.len())?);
    frame.extend_from_slice(bytes);
    Ok(())
}

fn length(bytes: usize) -> io::Result<[u8; 4]> {
    u32::try_from(bytes).map(u32::to_be_bytes).map_err(|_| io::ErrorKind::InvalidInput.into())
}

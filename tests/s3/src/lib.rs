//! A real S3 server for tests, in this process, which can be stopped and restarted at the same address.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::{
    runtime::Runtime,
    task::{JoinHandle, JoinSet},
};

/// The credentials with full access.
pub const ACCESS_KEY: &str = "hearth-tests";
pub const SECRET_KEY: &str = "only-for-tests";
/// A bucket that exists from the start.
pub const BUCKET: &str = "objects";

/// Its objects are files in a folder, which is removed with it.
pub struct S3Server {
    folder: TempDir,
    address: SocketAddr,
    service: S3Service,
    /// Threads of its own, like another machine: its work does not block the test.
    runtime: Option<Runtime>,
    /// `None` while it is stopped.
    running: Option<JoinHandle<()>>,
}

impl S3Server {
    /// Starts on a free port of loopback.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        let mut builder = S3ServiceBuilder::new(FileSystem::new(folder.path()).expect("a file system"));
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = Some(runtime.expect("a runtime"));
        let mut server = Self { folder, address, service: builder.build(), runtime, running: None };
        server.serve(listener);
        server
    }

    /// The endpoint URL for a configuration.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The folder with the objects of the bucket.
    pub fn objects(&self) -> PathBuf {
        self.folder.path().join(BUCKET)
    }

    /// The number of upload parts that are neither completed nor aborted.
    pub fn parts(&self) -> usize {
        names(self.folder.path()).iter().filter(|name| name.starts_with(".upload_id-")).count()
    }

    /// Stops abruptly: connections break, and new ones are refused.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.abort();
            while !running.is_finished() {
                thread::sleep(Duration::from_millis(1));
            }
        }
    }

    /// Starts again with all of its data.
    pub fn start_again(&mut self) {
        let listener = TcpListener::bind(self.address).expect("its own port");
        self.serve(listener);
    }

    fn serve(&mut self, listener: TcpListener) {
        let service = self.service.clone();
        listener.set_nonblocking(true).expect("a listener");
        let runtime = self.runtime.as_ref().expect("it lives");
        self.running = Some(runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            // They are closed when this is dropped.
            let mut connections = JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service.clone());
                connections.spawn(connection);
                while connections.try_join_next().is_some() {}
            }
        }));
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

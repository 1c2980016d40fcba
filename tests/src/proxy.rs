//! A proxy whose connections break.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::spawn;

/// The chunk size of a carried stream: small, so that it can break in the middle of a write.
const PIECE_BYTES: usize = 1024;

/// A proxy that carries a number of bytes, in both directions together, and then breaks all its connections.
pub struct BreakingProxy {
    port: u16,
    left: Arc<AtomicI64>,
}

impl BreakingProxy {
    /// A proxy to the server at `root`, as in `http://127.0.0.1:3000`. It carries nothing yet.
    ///
    /// # Panics
    ///
    /// When there is no free port.
    pub fn to(root: &str) -> Self {
        let address = root.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a port").port();
        let left = Arc::new(AtomicI64::new(0));
        let budget = Arc::clone(&left);
        spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let Ok(far) = TcpStream::connect(&address) else { return };
                let (Ok(near_too), Ok(far_too)) = (near.try_clone(), far.try_clone()) else { return };
                let (there, back) = (Arc::clone(&budget), Arc::clone(&budget));
                spawn(move || carry(near, far, &there));
                spawn(move || carry(far_too, near_too, &back));
            }
        });
        Self { port, left }
    }

    /// Carries this many bytes from now on, and returns the server's address through it.
    pub fn carrying(&self, bytes: i64) -> String {
        self.left.store(bytes, Ordering::SeqCst);
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whether the last transfers exceeded the number of bytes.
    pub fn is_broken(&self) -> bool {
        self.left.load(Ordering::SeqCst) < 0
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, left: &AtomicI64) {
    let mut bytes = [0; PIECE_BYTES];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        let before = left.fetch_sub(i64::try_from(count).unwrap_or(i64::MAX), Ordering::SeqCst);
        let fitting = usize::try_from(before).unwrap_or_default().min(count);
        if to.write_all(&bytes[..fitting]).is_err() || fitting < count {
            break;
        }
    }
    for end in [&from, &to] {
        end.shutdown(Shutdown::Both).unwrap_or_default();
    }
}

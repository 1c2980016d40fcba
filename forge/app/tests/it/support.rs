use hearth_core::{Error, Result};
use tokio::{io::AsyncReadExt as _, net::TcpStream};

/// Field and code of the first validation error, if that was the answer.
pub(crate) fn code_of<T>(answer: Result<T>) -> Option<(&'static str, &'static str)> {
    match answer {
        Err(Error::Invalid(fields)) => fields.first().map(|field| (field.field, field.code)),
        _ => None,
    }
}

/// The head of a request, or what came of it before the client hung up.
pub(crate) async fn head_of(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut piece = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece).await {
            Ok(count) if count > 0 => request.extend_from_slice(&piece[..count]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&request).into_owned()
}

//! A server behind TLS with its own certificate authority, and images without any authorities.

use std::{fs, net::SocketAddr, path::Path, process::Command, sync::Arc};

use hearth_core::TaskState;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    },
};

use crate::setup::Stage;

/// An image without authorities: there is nothing where they are looked up.
const KNOWS_NOBODY: [(&str, &str); 2] = [("SSL_CERT_FILE", "/nowhere"), ("SSL_CERT_DIR", "/nowhere")];

fn openssl(folder: &Path, arguments: &str) {
    let mut openssl = Command::new("openssl");
    let made = openssl.current_dir(folder).args(arguments.split(' ')).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// A TLS-terminating proxy. Returns its address and, for each client, whether it trusted the certificate.
async fn entrance(folder: &Path, to: SocketAddr) -> (SocketAddr, mpsc::UnboundedReceiver<bool>) {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 2";
    openssl(folder, &format!("req -x509 {key} -subj /CN=authority -keyout ca.key -out ca.pem"));
    let of_server = "-subj /CN=server -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=CA:FALSE";
    let signed = "-CA ca.pem -CAkey ca.key -keyout server.key -out server.pem";
    openssl(folder, &format!("req -x509 {key} {of_server} {signed}"));
    let certificate = CertificateDer::from_pem_file(folder.join("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((caller, _)) = listener.accept().await {
            let (acceptor, tell) = (acceptor.clone(), tell.clone());
            tokio::spawn(async move {
                let accepted = acceptor.accept(caller).await;
                let _ = tell.send(accepted.is_ok());
                if let (Ok(mut caller), Ok(mut server)) = (accepted, TcpStream::connect(to).await) {
                    let _ = copy_bidirectional(&mut caller, &mut server).await;
                }
            });
        }
    });
    (address, told)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_in_an_image_without_certificates_believes_the_authority_it_is_told_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    for is_told in [false, true] {
        let mut stage = Stage::with("print('hello')\n").await;
        let (address, mut callers) = entrance(folder.path(), stage.server.address).await;
        stage.entrance = Some(format!("https://{address}/").parse().unwrap());
        if !is_told {
            let _agent = stage.launch_contained(&KNOWS_NOBODY).await;
            assert_eq!(callers.recv().await, Some(false), "an unknown authority is not believed");
            continue;
        }
        stage.authorities = Some(fs::read_to_string(folder.path().join("ca.pem")).unwrap());
        let finish = stage.run_contained(&KNOWS_NOBODY).await;
        assert_eq!(finish.outcome.state, TaskState::Succeeded);
        assert_eq!(stage.server.log(), "hello\n");
        assert_eq!(callers.recv().await, Some(true));
    }
}

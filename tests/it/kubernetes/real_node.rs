//! The real node: containers, a network, cards.

mod ends;
mod kueue;
mod outage;
mod smoke;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::Duration;

use hearth_tests::{TestCluster, wait_for, wait_until};
use serde_json::json;

const PATIENCE: Duration = Duration::from_mins(2);

/// Tells the machine which cards it has.
const TELL: &str = "\
import os, socket, sys
with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as line:
    line.sendall(f'{os.getuid()} {os.environ[\"ASCEND_VISIBLE_DEVICES\"]}\\n'.encode())
    line.recv(1)
";

#[test]
fn a_pod_of_the_real_node_has_its_cards_and_reaches_this_machine() {
    let Some((cluster, address)) = TestCluster::with_real_node() else { return };
    let listener = TcpListener::bind((address.as_str(), 0)).unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    cluster.namespace("real");
    let pod = json!({
        "metadata": { "name": "tell" },
        "spec": {
            "restartPolicy": "Never",
            "nodeSelector": { "pool": "real" },
            "securityContext": { "runAsUser": 10001 },
            "containers": [{
                "name": "main",
                "image": "hearth.test/python:1",
                "imagePullPolicy": "Never",
                "command": ["python3", "-c", TELL, address, port],
                "resources": { "limits": { "huawei.com/Ascend910": "2" } },
            }],
        },
    });
    cluster.create("/api/v1/namespaces/real/pods", &pod);
    listener.set_nonblocking(true).unwrap();
    let (mut line, _) = wait_for("the pod's call", PATIENCE, || listener.accept().ok());
    line.set_nonblocking(false).unwrap();
    let mut said = [0; 64];
    let length = line.read(&mut said).unwrap();
    let said = String::from_utf8_lossy(&said[..length]).into_owned();
    assert!(["10001 0,1\n", "10001 1,0\n"].contains(&said.as_str()), "{said:?}");
    line.write_all(b".").unwrap();
    wait_until("the pod's end", PATIENCE, || {
        cluster.get("/api/v1/namespaces/real/pods/tell")["status"]["phase"] == "Succeeded"
    });
    cluster.delete("/api/v1/namespaces/real");
}

### How an engine is: a sentence for each state, and what the operator can do (`-next`).

engine-bad-configuration = The configuration is invalid.
engine-bad-configuration-next = Correct what the detail names: a file, the kubeconfig, its context or the cluster account. Files are reread automatically. Changed settings need a server restart.
engine-connecting = Connecting…
engine-connecting-next = Wait a moment.
engine-good = Ready
engine-good-next = No action needed.
engine-missing-permissions = Hearth lacks permissions in the cluster.
engine-missing-permissions-next = Apply deploy/kubernetes/rbac.yaml for Hearth’s account. The detail names what is missing.
engine-refused = The cluster rejects Hearth’s credentials.
engine-refused-next = Renew the token or certificate in the kubeconfig. Hearth rereads it on the next attempt.
engine-unreachable = The cluster is not responding.
engine-unreachable-next = Check that the API server is running and that this machine can reach its address. Hearth keeps retrying, and waiting tasks keep their positions.

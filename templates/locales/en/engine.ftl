### How an engine is: a sentence for each state, and what the operator can do (`-next`).

engine-bad-configuration = Its configuration cannot be used.
engine-bad-configuration-next = Correct what the detail names: a file, the kubeconfig, its context or the account in the cluster. A file is looked at again by itself; a changed setting needs a restart of the server.
engine-connecting = Hearth is connecting to it.
engine-connecting-next = Wait a moment.
engine-good = It takes tasks.
engine-good-next = There is nothing to do.
engine-missing-permissions = Hearth lacks permissions in it.
engine-missing-permissions-next = Apply deploy/kubernetes/rbac.yaml for Hearth’s account. The detail names what is missing.
engine-refused = It does not accept Hearth’s credentials.
engine-refused-next = Renew the token or certificate in the kubeconfig. Hearth reads it again at the next try.
engine-unreachable = It does not answer.
engine-unreachable-next = Check that the API server runs and that this machine reaches its address. Hearth goes on trying; waiting tasks keep their places.

### `/{owner}/{name}/settings/keys`: SSH keys of machines.

repo-deploy-keys-empty = No deploy keys yet
repo-deploy-keys-empty-next = Add one below, for example for a build server that clones this repository.
repo-deploy-keys-key-help = The public key of the machine: one line that begins with ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa. It must not be in use anywhere else.
repo-deploy-keys-lead = SSH keys of machines that reach this repository and nothing else. They belong to the repository, not to a person.
repo-deploy-keys-may-write = Allow pushing
repo-deploy-keys-may-write-help = Without this, the machine can only clone and fetch.
repo-deploy-keys-name-help = The machine that has the key. If empty, the comment of the key.
repo-deploy-keys-new = Add a deploy key
repo-deploy-keys-reads = Read only
repo-deploy-keys-remove-loss = The machine that has this key can no longer reach the repository. Its open connections end.
repo-deploy-keys-submit = Add key
repo-deploy-keys-title = Deploy keys
repo-deploy-keys-writes = Read and push

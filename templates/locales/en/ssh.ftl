### What people see who connect with `ssh`.

ssh-archive = Hearth does not serve git archive --remote. Download an archive from the repository’s page instead.
ssh-command-malformed = This is not the path of a repository. It looks like owner/name.git.
ssh-command-unknown = Hearth only runs git and git-lfs commands over SSH.
ssh-greeting = Hi { $name }! You signed in with the key { $key }; Hearth gives no shell.
ssh-greeting-deploy-key = Hi! You signed in with the deploy key { $key } of { $repository }; Hearth gives no shell.
ssh-no-shell = Hearth gives no shell.

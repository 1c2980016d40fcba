### Giving a repository to another owner.

repo-transfer-lead = Everything in the repository moves with it and counts towards the new owner’s quota. The old address redirects until someone else takes it.
repo-transfer-new-owner = New owner
repo-transfer-new-owner-help = A person or an organisation. They have to accept, unless you can create repositories there.
repo-transfer-note = Transfer to { $owner } pending.
repo-transfer-submit = Transfer repository
repo-transfer-title = Transfer ownership
repo-transfer-waiting = Transfer to { $owner } requested { $time }, not accepted yet.
repo-transfer-withdraw = Withdraw

### Giving a repository to another owner.

repo-transfer-lead = Everything in the repository goes with it, and counts against the quota of the new owner. The old address leads to the new one until somebody takes it.
repo-transfer-new-owner = New owner
repo-transfer-new-owner-help = A person or an organisation. Where you may not create repositories yourself, they are asked first.
repo-transfer-note = A transfer to { $owner } waits for an answer.
repo-transfer-submit = Transfer this repository
repo-transfer-title = Transfer
repo-transfer-waiting = { $owner } was asked { $time } and has not answered.
repo-transfer-withdraw = Withdraw

### Questions before an account's rights change.

admin-users-act-audited = All their sessions end, and the change is recorded in the audit log.
admin-users-block-ask = Block { $name }?
admin-users-block-loss = They can no longer sign in, and their tokens and keys stop working. What they created stays.
admin-users-make-admin-ask = Make { $name } an administrator?
admin-users-make-admin-loss = They will control this site as you do: accounts, registration, compute and quotas, and, in administrator mode, everybody’s repositories and organisations.
admin-users-unblock-ask = Unblock { $name }?
admin-users-unblock-loss = They can sign in again, and their tokens and keys work again.
admin-users-unmake-admin-ask = Remove { $name } as administrator?
admin-users-unmake-admin-loss = They keep their account and lose the administration of this site.

### The audit log: what can be filtered and exported, and the kinds of changes outside compute.

admin-audit-act-added = added
admin-audit-act-archived = archived
admin-audit-act-bypassed = bypassed
admin-audit-act-created = created
admin-audit-act-declined = declined
admin-audit-act-edited = changed
admin-audit-act-removed = removed
admin-audit-act-renamed = renamed
admin-audit-act-repository_added = given a repository
admin-audit-act-repository_removed = lost a repository
admin-audit-act-sessions-ended = signed out everywhere
admin-audit-act-signed-in = signed in
admin-audit-act-transfer_asked = offered to another owner
admin-audit-act-transfer_ended = transfer declined or withdrawn
admin-audit-act-transferred = transferred
admin-audit-act-unarchived = unarchived
admin-audit-act-withdrawn = withdrawn
admin-audit-actor = Who did it
admin-audit-empty-next = Changes to accounts, tokens, keys, repositories, organisations, compute and settings appear here with who made them, from where, and the values before and after.
admin-audit-export = { $count ->
    [one] Export the newest entry:
   *[other] Export the newest { $count }:
}
admin-audit-from = From
admin-audit-kind-branch_rule = Rule for branches and tags
admin-audit-kind-collaborator = Collaborator
admin-audit-kind-deploy_key = Deploy key
admin-audit-kind-email = Email address
admin-audit-kind-gpg_key = OpenPGP key
admin-audit-kind-invitation = Organisation invitation
admin-audit-kind-invite = Invitation to this site
admin-audit-kind-member = Member
admin-audit-kind-organization = Organisation
admin-audit-kind-password = Password
admin-audit-kind-repository = Repository
admin-audit-kind-setting = Site setting
admin-audit-kind-ssh_key = SSH key
admin-audit-kind-team = Team
admin-audit-kind-token = Access token
admin-audit-lead = Who changed which rights, credentials and settings. Entries name private repositories and addresses, so only administrators of this site see them.
admin-audit-to = To

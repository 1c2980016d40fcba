### Who may create an account.

admin-registration-closed-help = Nobody can sign up. Administrators create accounts with the API, or on the server with hearth admin user create.
admin-registration-configured = The configuration file starts this site with: { $choice }.
admin-registration-invite-help = Each invitation that an administrator creates lets one person sign up.
admin-registration-lead = A change takes effect at once, on every server of this site, and is recorded in the audit log. Existing accounts are not affected.
admin-registration-legend = Who may sign up
admin-registration-open-help = Anyone who can open this site can create an account, push code and use compute within the quotas.
admin-registration-save = Save
admin-registration-title = Registration

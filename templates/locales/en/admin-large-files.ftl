### For administrators of the site: limits of single owners for their large files.

admin-large-files-acts = Actions
admin-large-files-empty = No limits of single owners
admin-large-files-empty-next = Every owner has the limit of the configuration file. Set another one above for a person or an organisation.
admin-large-files-gib = Limit in GiB
admin-large-files-gib-help = 0 for no limit. Leave empty for the limit of the configuration file.
admin-large-files-lead = The configuration file limits the large files of each owner (limits.owner_lfs_bytes). Here, a person or an organisation gets another limit. A change takes effect at once, deletes nothing, and is recorded in the audit log.
admin-large-files-list = Limits of single owners
admin-large-files-owner = Person or organisation
admin-large-files-remove = Use the default limit
admin-large-files-save = Save
admin-large-files-used = In use

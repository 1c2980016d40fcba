### What the lists of branches and tags share.

repo-references-deleted = Deleted { $time }
repo-references-deleted-by = { $who } deleted this { $time }
repo-references-gone = Its commits are no longer stored. It cannot be restored.
repo-references-restore = Restore
repo-references-restore-name = Restore { $name }
repo-references-revision = From
repo-references-revision-help = A branch, a tag or a commit. Empty: the default branch.
repo-references-search = Search
repo-references-until = Can be restored until { $date }

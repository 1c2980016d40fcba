### Pages of a repository's code.

## Activity

repo-activity-empty = No activity yet
repo-activity-empty-next = Pushes, issues, tasks and published models appear here.
repo-activity-title = Activity
repo-branches-create = Create branch
repo-branches-cut = Some branches are not listed, because reading all of them takes too long.
repo-branches-delete-loss = The branch is deleted. For some time it can be restored from the list below.
repo-branches-delete-name = Delete { $name }
repo-branches-deleted = Recently deleted
repo-branches-distance = { $ahead } ahead, { $behind } behind
repo-branches-name = Name
repo-branches-new = New branch
repo-branches-new-name = New name
repo-branches-none-found = No branch matches
repo-branches-rename = Rename
repo-branches-rename-help = Open pull requests, rules with this name and links follow.
repo-branches-rename-name = Rename { $name }
repo-branches-rules = Rules
repo-branches-search = Search branches

## All branches

repo-branches-default = Default
repo-branches-none = No branches yet
repo-branches-title = Branches

## One commit

repo-commit-added = added
repo-commit-all-files = Show all files
repo-commit-binary = Binary file not shown
repo-commit-browse = Browse files
repo-commit-cell-code = Code cell { $number }
repo-commit-cell-raw = Raw cell { $number }
repo-commit-cell-text = Text cell { $number }
repo-commit-cells-same = { $count ->
    [one] { $count } unchanged cell
   *[other] { $count } unchanged cells
}
repo-commit-committer = committed by { $name }
repo-commit-deleted = deleted
repo-commit-expand = { $count ->
    [one] Show { $count } more line
   *[other] Show { $count } more lines
}
repo-commit-expand-below = Show lines below
repo-commit-file-truncated = This diff is too large to show in full.
repo-commit-files = { $count ->
    [one] { $count } changed file
   *[other] { $count } changed files
}
repo-commit-files-more = More than { $count } changed files
repo-commit-lfs = Stored with Git LFS
repo-commit-message-cut = This message is too long to show in full.
repo-commit-mode = mode { $old } → { $new }
repo-commit-modified = modified
repo-commit-more-parents = { $count ->
    [one] and one more parent
   *[other] and { $count } more parents
}
repo-commit-no-lines = No lines changed
repo-commit-only-whitespace = Only whitespace changed
repo-commit-outputs-added = { $count ->
    [one] { $count } output
   *[other] { $count } outputs
}
repo-commit-outputs-changed = Outputs changed: { $old } before, { $new } after
repo-commit-outputs-removed = { $count ->
    [one] { $count } output removed
   *[other] { $count } outputs removed
}
repo-commit-parent = Parent
repo-commit-picture-after = After
repo-commit-picture-before = Before
repo-commit-renamed = renamed
repo-commit-show-file = Show changes
repo-commit-similar = { $percent } % the same
repo-commit-sizes = { $old } → { $new }
repo-commit-split = Split view
repo-commit-submodule-added = Submodule at { $commit }
repo-commit-submodule-moved = Submodule moved from { $old } to { $new }
repo-commit-submodule-removed = Submodule removed, last at { $commit }
repo-commit-tree = Files
repo-commit-tree-filter = Filter files
repo-commit-truncated = This commit is too large to show in full.
repo-commit-type-changed = type changed
repo-commit-unified = Unified view
repo-commit-viewed = Viewed
repo-commit-whitespace-hide = Hide whitespace
repo-commit-whitespace-show = Show whitespace

## The history

repo-commits-browse = Browse files at { $id }
repo-commits-cut = Older commits are not listed, because finding them takes too long.
repo-commits-merge = Merge
repo-commits-newer = Newer
repo-commits-older = Older
repo-commits-title = Commits

## A new repository

repo-create-begin = Initialise with
repo-create-description = Description
repo-create-gitignore = .gitignore
repo-create-lead = A repository holds code and its history, issues, tasks and the models they produce.
repo-create-licence = Licence
repo-create-name = Name
repo-create-name-help = Address: { $owner }/name
repo-create-name-help-plain = Part of the address, after the owner’s name.
repo-create-none = None
repo-create-owner = Owner
repo-create-private-help = Only people you choose can see it.
repo-create-public-help = Everyone can see it. You choose who can push.
repo-create-readme = Add a README
repo-create-readme-help = Leave this off to push an existing repository.
repo-create-submit = Create repository
repo-create-title = New repository
repo-create-visibility = Visibility

## A repository without commits

repo-empty-push = Push an existing repository
repo-empty-push-help = In its folder, run:
repo-empty-start = Start from scratch
repo-empty-title = Nothing pushed yet
repo-empty-token = When Git asks for a password, enter an access token. { $link }
repo-empty-token-link = Create a token
repo-empty-token-made = Token created
repo-empty-token-once = The commands below contain it. Copy them now, the token is shown only once.
repo-empty-wait = You can already clone it. The owner has not pushed any commits.
repo-find-count = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
repo-find-cut = This commit has more files than are searched here.
repo-find-empty = No file matches
repo-find-empty-next = Type fewer letters: they only have to be in the path in this order.
repo-find-keys = The arrow keys choose a file, Enter opens it, and Escape leads back to the code.
repo-find-placeholder = A part of the path, such as srctrain
repo-find-submit = Find
repo-find-title = Find a file
repo-find-to = Go to file

## A file


## A folder

repo-folder-entries = Files
repo-folder-filter = Part of a name
repo-folder-filter-now = Filter
repo-folder-filter-off = Show all
repo-folder-history = History
repo-folder-looking = The last commits are being looked up.
repo-folder-looking-wait = Wait for them
repo-folder-next = Next
repo-folder-none = No names match.
repo-folder-part = Some last commits are not shown, because the history is too long to search at once.
repo-folder-previous = Previous
repo-folder-range = { $first }–{ $last } of { $total }
repo-folder-up = Parent folder

## The front of a repository

repo-home-about = About
repo-home-all-branches = All branches
repo-home-branches = { $count ->
    [one] { $count } branch
   *[other] { $count } branches
}
repo-home-clone = Clone
repo-home-clone-http = Clone over HTTP
repo-home-clone-ssh = Clone over SSH
repo-home-clone-ssh-key = You have no SSH key yet. { $link }
repo-home-clone-ssh-key-link = Add one
repo-home-commits = { $count ->
    [one] { $count } commit
   *[other] { $count } commits
}
repo-home-commits-more = More than { $count } commits
repo-home-commits-unknown = Commits
repo-home-languages = Languages
repo-home-languages-unknown = Not counted yet
repo-home-no-card = No model card yet
repo-home-no-card-next = Push a README.md that says what the model does, what it was trained on and how it was measured: it is shown here.
repo-home-no-description = No description
repo-home-tab-card = Card
repo-home-tab-files = Files
repo-home-tags = { $count ->
    [one] { $count } tag
   *[other] { $count } tags
}
repo-settings-archive = Archive repository
repo-settings-archive-loss = It can then only be read: pushes, issues, pull requests and tasks are refused until it is unarchived. Tasks must have ended.

## Settings of a repository

repo-settings-danger = Danger zone
repo-settings-default-branch = Default branch
repo-settings-default-branch-help = Shown first, and checked out by git clone.
repo-settings-delete = Delete this repository
repo-settings-delete-confirm = Type { $name } to confirm
repo-settings-delete-loss = Code, issues, tasks and their records are permanently deleted.
repo-settings-general = General
repo-settings-rename = Rename
repo-settings-rename-loss = The old address redirects to the new one until someone else takes it.
repo-settings-save = Save
repo-settings-template = Template repository
repo-settings-template-help = Others can begin repositories of their own with its files.
repo-settings-template-save = Save
repo-settings-unarchive = Unarchive repository
repo-settings-unarchive-help = It can then be written to again.
repo-settings-title = Settings
repo-settings-visibility = Change visibility
repo-settings-website = Website

## All tags

repo-tags-blob = file
repo-tags-create = Create tag
repo-tags-delete-loss = The tag is deleted. For some time it can be restored from the list below.
repo-tags-delete-name = Delete { $name }
repo-tags-deleted = Recently deleted
repo-tags-message = Message
repo-tags-message-help = Optional. With a message, the tag says who made it and when.
repo-tags-name = Name
repo-tags-new = New tag
repo-tags-new-release = New release
repo-tags-none-found = No tag matches
repo-tags-release = Release
repo-tags-search = Search tags
repo-tags-none = No tags yet
repo-tags-tag = nested tag
repo-tags-title = Tags
repo-tags-tree = folder
repo-lineage-about = Where each version of this model comes from: the run that made it, and the commit of the code that ran.
repo-lineage-code = Code
repo-lineage-empty = No versions yet
repo-lineage-empty-next = Publish the outputs of a training task: its version is linked to the run and to the code.
repo-lineage-pushed = Not made by a run that you may see
repo-lineage-run = Run
repo-lineage-time = Time
repo-lineage-title = Lineage
repo-lineage-version = Version
repo-verified = Verified
repo-verified-bad = Bad signature
repo-verified-bad-details = The signature does not belong to this content: it was made for something else, or damaged.
repo-verified-bad-key = Invalid key
repo-verified-certificate = Signed with an X.509 certificate. This server cannot check such signatures.
repo-verified-compromised = Signed with the key { $key } of { $signer }, which was revoked because someone else may have had it. The signature proves nothing.
repo-verified-details = Signed by { $signer } with the key { $key }, and the committer’s address belongs to the same account.
repo-verified-expired = Signed with the key { $key } of { $signer }. The key has expired since, and when the signature was made is known from the signer alone.
repo-verified-here = Made on this site
repo-verified-here-details = This site made the commit for the committer, who was signed in, and signed it with its own key { $key }.
repo-verified-lapsed = Was verified
repo-verified-not = Unverified
repo-verified-other-address = The signature is good and was made with the key { $key } of { $signer }, but the committer’s address does not belong to that account.
repo-verified-pgp = Signed with OpenPGP in a way that this server cannot check.
repo-verified-revoked = Signed with the key { $key } of { $signer }. The key was replaced or given up since, and when the signature was made is known from the signer alone.
repo-verified-unchecked = Signed in a way that this server cannot check.
repo-verified-unknown-key = No account has the key { $key }.
repo-verified-untimely = Signed with the key { $key } of { $signer } at a time when the key was not valid.
repo-verified-weak = The signature rests on SHA-1, MD5 or RIPEMD, which can be forged. Sign with SHA-256 or better.
repo-commits-renamed = Renamed from { $before } to { $after }

### Pages of a repository's code.

## Activity

repo-activity-empty = No activity yet
repo-activity-empty-next = Pushes, issues, tasks and published models appear here.
repo-activity-title = Activity

## All branches

repo-branches-default = Default
repo-branches-hidden = { $count ->
    [one] { $count } more branch is not shown.
   *[other] { $count } more branches are not shown.
}
repo-branches-none = No branches yet
repo-branches-title = Branches

## One commit

repo-commit-added = added
repo-commit-all-files = Show all files
repo-commit-binary = Binary file not shown
repo-commit-browse = Browse files
repo-commit-committer = committed by { $name }
repo-commit-deleted = deleted
repo-commit-file-truncated = This diff is too large to show in full.
repo-commit-files = { $count ->
    [one] { $count } changed file
   *[other] { $count } changed files
}
repo-commit-files-more = More than { $count } changed files
repo-commit-message-cut = This message is too long to show in full.
repo-commit-modified = modified
repo-commit-more-parents = { $count ->
    [one] and one more parent
   *[other] and { $count } more parents
}
repo-commit-no-lines = No lines changed
repo-commit-only-whitespace = Only whitespace changed
repo-commit-parent = Parent
repo-commit-renamed = renamed
repo-commit-show-file = Show changes
repo-commit-split = Split view
repo-commit-tree = Files
repo-commit-truncated = This commit is too large to show in full.
repo-commit-type-changed = type changed
repo-commit-unified = Unified view
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
repo-folder-hidden = { $count ->
    [one] { $count } more entry is not shown.
   *[other] { $count } more entries are not shown.
}
repo-folder-history = History
repo-folder-part = Some last commits are not shown, because the history is too long to search at once.
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
repo-settings-title = Settings
repo-settings-visibility = Change visibility
repo-settings-website = Website

## All tags

repo-tags-blob = file
repo-tags-hidden = { $count ->
    [one] { $count } more tag is not shown.
   *[other] { $count } more tags are not shown.
}
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

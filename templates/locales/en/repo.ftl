### Pages of a repository's code.

## Activity

repo-activity-empty = Nothing has happened yet
repo-activity-empty-next = Pushes, issues, tasks and published models appear here.
repo-activity-title = Activity

## All branches

repo-branches-default = Default
repo-branches-hidden = { $count ->
    [one] One more branch is not shown.
   *[other] { $count } more branches are not shown.
}
repo-branches-none = No branches yet.
repo-branches-title = Branches

## One commit

repo-commit-added = added
repo-commit-binary = Binary file, not shown.
repo-commit-browse = Browse files
repo-commit-committer = committed by { $name }
repo-commit-deleted = deleted
repo-commit-file-truncated = The diff of this file is too large to be shown in full.
repo-commit-files = { $count ->
    [one] { $count } changed file
   *[other] { $count } changed files
}
repo-commit-files-more = More than { $count } changed files
repo-commit-message-cut = The message is too long to be shown in full.
repo-commit-modified = changed
repo-commit-more-parents = { $count ->
    [one] and one more parent
   *[other] and { $count } more parents
}
repo-commit-no-lines = No lines changed.
repo-commit-parent = Parent
repo-commit-renamed = renamed
repo-commit-truncated = This commit is too large to be shown in full; the rest is left out.
repo-commit-type-changed = type changed

## The history

repo-commits-browse = Browse files at { $id }
repo-commits-cut = Older commits are not listed: finding them would take too long.
repo-commits-merge = Merge
repo-commits-newer = Newer
repo-commits-older = Older
repo-commits-title = Commits

## A new repository

repo-create-begin = Initialise with
repo-create-description = Description
repo-create-gitignore = .gitignore
repo-create-lead = A repository holds code and its history, issues, computing tasks and the models they produce.
repo-create-licence = Licence
repo-create-name = Name
repo-create-name-help = Its address will be { $owner }/name.
repo-create-name-help-plain = Its address will be made of the owner’s name and this one.
repo-create-none = None
repo-create-owner = Owner
repo-create-private-help = You choose who can see it.
repo-create-public-help = Everybody can see it; you choose who can write.
repo-create-readme = Add a README
repo-create-readme-help = Leave unticked to push an existing repository.
repo-create-submit = Create repository
repo-create-title = New repository
repo-create-visibility = Visibility

## A repository without commits

repo-empty-push = Push an existing project
repo-empty-push-help = In your project folder:
repo-empty-start = Start from scratch
repo-empty-title = This repository is empty
repo-empty-token = When git asks for a password, enter an access token. { $link }
repo-empty-token-link = Create a token
repo-empty-wait = The owner has not pushed anything yet. You can already clone it.

## A file

repo-file-binary = This is a binary file and is not shown.
repo-file-download = Download
repo-file-head = Only the beginning of this large file is shown.
repo-file-lfs = Large file, stored with Git LFS.
repo-file-lines = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
repo-file-link = Symbolic link to
repo-file-lost = The content of this file is missing on this server.
repo-file-lost-next = Anyone who has it can upload it again with git lfs push --all.
repo-file-no-latest = The last commit of this file could not be found in time.
repo-file-permalink = Permalink
repo-file-raw = Raw
repo-file-source = Source

## A folder

repo-folder-entries = Files
repo-folder-hidden = { $count ->
    [one] One more entry is not shown.
   *[other] { $count } more entries are not shown.
}
repo-folder-history = History
repo-folder-part = The last commit of some entries is unknown: the history is too long to be searched at once.
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
repo-home-languages-unknown = Not counted yet: the repository is large, or the server is busy.
repo-home-no-description = No description.
repo-home-tags = { $count ->
    [one] { $count } tag
   *[other] { $count } tags
}

## Settings of a repository

repo-settings-danger = Danger zone
repo-settings-default-branch = Default branch
repo-settings-default-branch-help = Shown first, and checked out by git clone unless another is named.
repo-settings-delete = Delete this repository
repo-settings-delete-confirm = Type { $name } to confirm
repo-settings-delete-loss = Code, issues, tasks and their records are deleted for good.
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
    [one] One more tag is not shown.
   *[other] { $count } more tags are not shown.
}
repo-tags-none = No tags yet
repo-tags-tag = nested tag
repo-tags-title = Tags
repo-tags-tree = folder

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
repo-branches-none = There is no branch yet.
repo-branches-title = Branches

## One commit

repo-commit-added = added
repo-commit-binary = This file is not text.
repo-commit-browse = Browse files
repo-commit-committer = committed by { $name }
repo-commit-deleted = deleted
repo-commit-file-truncated = The difference of this file is too large to be shown whole.
repo-commit-files = { $count ->
    [one] { $count } changed file
   *[other] { $count } changed files
}
repo-commit-files-more = More than { $count } changed files
repo-commit-message-cut = The message is too long to be shown whole.
repo-commit-modified = changed
repo-commit-more-parents = { $count ->
    [one] and one more parent
   *[other] and { $count } more parents
}
repo-commit-no-lines = No line changed.
repo-commit-parent = Parent
repo-commit-renamed = renamed
repo-commit-truncated = This commit changes more than a page can show; the rest is left out.
repo-commit-type-changed = became something else

## The history

repo-commits-browse = Browse files at { $id }
repo-commits-cut = Older commits are not listed: finding them would take too long.
repo-commits-merge = Merge
repo-commits-newer = Newer
repo-commits-older = Older
repo-commits-title = Commits

## A new repository

repo-create-begin = Begin with
repo-create-description = Description
repo-create-gitignore = .gitignore
repo-create-lead = A repository holds code and its history, issues, computing tasks and the models that come of them.
repo-create-licence = Licence
repo-create-name = Name
repo-create-name-help = It will be reached at { $owner }/name.
repo-create-name-help-plain = It will be reached at the owner’s name and this one.
repo-create-none = None
repo-create-owner = Owner
repo-create-private-help = You choose who can see it.
repo-create-public-help = Everybody can see it; you choose who can write.
repo-create-readme = A README
repo-create-readme-help = Leave this off to push a repository that exists.
repo-create-submit = Create repository
repo-create-title = New repository
repo-create-visibility = Visibility

## A repository without commits

repo-empty-push = Push what exists
repo-empty-push-help = In the folder of your project:
repo-empty-start = Begin anew
repo-empty-title = Nothing was pushed yet
repo-empty-token = git asks for a user name and a password: give an access token as the password. { $link }
repo-empty-token-link = Make a token
repo-empty-wait = Its owner has not pushed anything yet. You can clone it and wait.

## A file

repo-file-binary = This file is not text, so it is not shown.
repo-file-download = Download
repo-file-head = Only the beginning of this large file is shown.
repo-file-lfs = A large file, kept beside git (LFS).
repo-file-lines = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
repo-file-link = A link to
repo-file-lost = The bytes of this file are lost on this server.
repo-file-lost-next = Whoever has them can bring them again with git lfs push --all.
repo-file-no-latest = Which commit last changed this file could not be found in time.
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
repo-folder-part = Which commit last changed an entry is not known of all of them: the history is too long to be searched at once.
repo-folder-up = The folder above

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
repo-home-languages-unknown = Not counted yet: there is much to count, or much to do now.
repo-home-no-description = No description.
repo-home-tags = { $count ->
    [one] { $count } tag
   *[other] { $count } tags
}

## Settings of a repository

repo-settings-danger = Danger zone
repo-settings-default-branch = Default branch
repo-settings-default-branch-help = Shown first, and cloned when no other is named.
repo-settings-delete = Delete this repository
repo-settings-delete-confirm = Type { $name } to confirm
repo-settings-delete-loss = Code, issues, tasks and their records are gone for good.
repo-settings-general = General
repo-settings-rename = Rename
repo-settings-rename-loss = The old address leads to the new one until somebody takes it.
repo-settings-save = Save
repo-settings-title = Settings
repo-settings-visibility = Change who sees it
repo-settings-website = Website

## All tags

repo-tags-blob = file
repo-tags-hidden = { $count ->
    [one] One more tag is not shown.
   *[other] { $count } more tags are not shown.
}
repo-tags-none = There is no tag yet
repo-tags-tag = tag of tags
repo-tags-title = Tags
repo-tags-tree = folder

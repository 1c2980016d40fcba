### Releases of a repository.

## The list and one release

repo-releases-assets = Files
repo-releases-assets-of = Files of { $release }
repo-releases-asset-delete = Delete { $name }
repo-releases-asset-delete-loss = The file is permanently deleted. Links to it stop working.
repo-releases-asset-downloads = { $count ->
    [one] { $count } download
   *[other] { $count } downloads
}
repo-releases-asset-sha256 = SHA-256
repo-releases-badge-draft = Draft
repo-releases-badge-latest = Latest
repo-releases-badge-prerelease = Pre-release
repo-releases-by = { $author } published this { $time }
repo-releases-by-nobody = Published { $time }
repo-releases-delete = Delete release
repo-releases-delete-loss = The release, its notes and its { $count ->
    [0] files
    [one] file
   *[other] { $count } files
} are permanently deleted. Its tag stays unless you choose otherwise.
repo-releases-delete-tag = Delete the tag { $tag } too
repo-releases-draft-by = Drafted { $time }
repo-releases-draft-help = Only people who can write releases see this draft. To publish it, choose Edit.
repo-releases-edit = Edit
repo-releases-empty = No releases yet
repo-releases-empty-next = A release gives a tag a title, notes and files to download.
repo-releases-feed = Atom feed
repo-releases-new = New release
repo-releases-no-tag = The tag { $tag } no longer exists.
repo-releases-origin = Made by the run { $task }
repo-releases-origin-other = Its code was { $commit }, which is another commit than this release.
repo-releases-origin-patch = Its code had changes beyond { $commit }.
repo-releases-origin-record = Run record
repo-releases-origin-same = Its code was the commit of this release, { $commit }.
repo-releases-source-tarball = Source code (tar.gz)
repo-releases-source-zip = Source code (zip)
repo-releases-tags = Tags
repo-releases-title = Releases

## The form

repo-releases-form-chosen = Latest release
repo-releases-form-chosen-help = Keeps the badge until you choose another one. Otherwise the newest release has it.
repo-releases-form-create-title = New release
repo-releases-form-draft = Save as draft
repo-releases-form-edit-title = Edit { $title }
repo-releases-form-generate = Generate notes
repo-releases-form-generate-help = Lists the pull requests merged since the previous release, by label. Your text above is replaced.
repo-releases-form-message = Tag message
repo-releases-form-message-help = Optional. With a message, the tag says who made it and when.
repo-releases-form-notes = Notes
repo-releases-form-prerelease = Pre-release
repo-releases-form-prerelease-help = Not meant for production.
repo-releases-form-previous = Previous tag
repo-releases-form-previous-auto = Chosen automatically
repo-releases-form-publish = Publish release
repo-releases-form-save = Save changes
repo-releases-form-tag = Tag
repo-releases-form-tag-help = An existing tag, or a new one that is made when the release is published.
repo-releases-form-target = Target
repo-releases-form-target-help = The branch or commit for a new tag. Empty: the default branch.
repo-releases-form-task = Run record
repo-releases-form-task-help = Optional: the number of a finished task of this repository that made the weights.
repo-releases-form-title = Title
repo-releases-form-title-help = Optional. Without one, the tag is shown.
repo-releases-form-unpublish = Make it a draft again

## Uploads

repo-releases-upload = Add files
repo-releases-upload-cancel = Delete upload
repo-releases-upload-failed = The upload stopped. What has arrived is kept: choose the same file again to continue.
repo-releases-upload-help = Up to { $limit } per file. If the connection breaks, choose the same file again: it continues where it stopped.
repo-releases-upload-paused = { $received } of { $size } received
repo-releases-upload-refused = The file was not accepted. It may be too large, or the release already has a file with this name.
repo-releases-upload-running = Uploading { $name }
repo-releases-upload-submit = Upload
repo-releases-upload-unfinished = Unfinished uploads

## Generated notes

repo-releases-notes-breaking = Breaking changes
repo-releases-notes-changes = What changed
repo-releases-notes-compare = **All changes**: { $link }
repo-releases-notes-documentation = Documentation
repo-releases-notes-features = New
repo-releases-notes-fixes = Fixed
repo-releases-notes-hidden = { $count ->
    [one] { $count } earlier pull request is not listed.
   *[other] { $count } earlier pull requests are not listed.
}
repo-releases-notes-line = { $title } by { $author } in { $number }
repo-releases-notes-newcomer = { $author } made their first contribution in { $number }
repo-releases-notes-newcomers = New contributors
repo-releases-notes-nothing = No pull requests were merged since the previous release.
repo-releases-notes-other = Other changes

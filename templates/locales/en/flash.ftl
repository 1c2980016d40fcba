### One sentence for the page after a form was taken. An argument, if any, is called `value`.

flash-account-changed = The account { $value } was changed.
flash-invite-deleted = The invitation was taken back.
flash-comment-deleted = The comment was deleted.
flash-compute-changed = { $value } was changed.
flash-compute-deleted = { $value } was deleted.
flash-compute-made = { $value } was made.
flash-compute-paused = { $value } is paused: nothing new starts in it.
flash-compute-resumed = { $value } is open again.
flash-image-pinned = { $value } is pinned to what its registry has now.
flash-images-tested = Smoke tasks will be launched in a moment, after everybody else’s tasks.
flash-key-added = The key “{ $value }” was added.
flash-key-removed = The key was deleted.
flash-label-created = The label “{ $value }” was made.
flash-label-deleted = The label “{ $value }” was deleted.
flash-model-published = { $value } was published.
flash-password-changed = Your password was changed. Every other browser is signed out.
flash-repository-created = { $value } was created.
flash-repository-deleted = { $value } was deleted.
flash-repository-renamed = The repository is now called { $value }.
flash-saved = Saved.
flash-signed-out-elsewhere = Every other browser is signed out.
flash-task-deleted = Task #{ $value } was deleted.
flash-task-storing = The outputs are being stored. Look again in a moment.
flash-token-deleted = The token was deleted and works no more.
flash-welcome = Welcome, { $value }.

### Error pages and what is wrong with a field. Codes are those of `hearth_core::Error`.

error-go-explore = Explore repositories
error-go-home = Go to dashboard
error-go-branches = All branches
error-go-folder = Open the folder { $folder }
error-go-issues = All issues
error-go-labels = All labels
error-go-models = All models
error-go-organization = Back to the organisation
error-go-other-branch = It exists on { $branch }
error-go-repository = Back to the repository
error-go-tags = All tags
error-go-tasks = All tasks
error-help-organization = The owners of { $owners } can give you permission.
error-help-repository = { $owner }, who owns it, or another administrator of this repository can give you permission.
error-help-repository-of-organization = The owners of { $owners }, or another administrator of this repository, can give you permission.
error-reference = Code { $code } · Reference { $reference }

## Titles and next steps

error-conflict-next = Go back, reload the page and try again.
error-conflict-title = This could not be done
error-forbidden-next = Ask the repository’s owner or a site administrator for access.
error-forbidden-title = No permission
error-internal = The server made an error, and it has been recorded. Nothing that was saved is lost.
error-internal-next = Try again in a moment. If it happens again, send the reference below to the operator.
error-internal-title = Something went wrong
error-invalid = Some of the values are not valid.
error-invalid-next = Go back, correct them and submit the form again.
error-invalid-title = Check your input
error-limit-collaborators = A repository can have up to { $most } collaborators.
error-limit-invitation-emails = You can send up to { $most } email invitations a day. Try again tomorrow.
error-limit-invitations = An organisation can have up to { $most } pending invitations.
error-limit-members = An organisation can have up to { $most } members.
error-limit-organizations = You can create up to { $most } organisations.
error-limit-pinned-repositories = You can pin up to { $most } repositories.
error-limit-teams = An organisation can have up to { $most } teams.
error-not-found-next = Check the address. It may have been moved, deleted or made private.
error-not-found-next-anonymous = Check the address, or sign in if it is private.
error-not-found-title = Not found
error-quota = { $used } of { $most } in use.
error-quota-next = Free some of it, or ask an administrator for more.
error-quota-title = Quota reached
error-request-cut = The request was cut off. Nothing was saved.
error-request-next = Check your connection, go back and send it again.
error-request-stalled = The request timed out. Nothing was saved.
error-request-title = Incomplete request
error-sign-in = This page requires an account.
error-sign-in-next = You return here after signing in.
error-sign-in-title = Sign in to continue
error-too-large = The limit is { $limit } (setting { $key }).
error-too-large-next = Send or request less at once, or ask the operator to raise the limit.
error-too-large-title = Too large
error-too-many = Try again in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}.
error-too-many-next = Nothing is lost. The limit keeps the site fast for everyone.
error-too-many-title = Too many requests
error-unavailable-next = Try again in a moment. If it continues, tell the operator.
error-unavailable-title = Temporarily unavailable
error-unknown-host = This server is not set up for the host name you used.
error-unknown-host-next = The operator can add it to [server] hosts = ["…"], or set [server] root_url, in hearth.toml.

## Conflicts

error-conflict-branch-exists = A branch with this name already exists.
error-conflict-email-taken = Another account uses this email address.
error-conflict-empty-repository = The repository is empty. Push a commit first.
error-conflict-file-exists = A file with this name already exists.
error-conflict-hash-mismatch = The data does not match its hash. Nothing was stored. Upload it again.
error-conflict-invited-already = An invitation to this address is already pending. Withdraw it to send another.
error-conflict-key-taken = This key is already in use.
error-conflict-label-taken = A label with this name already exists.
error-conflict-last-owner = An organisation needs at least one owner. Make someone else an owner first.
error-conflict-member-already = This person is already on the team.
error-conflict-name-taken = This name is taken.
error-conflict-offset = The data does not continue where the last part ended.
error-conflict-owners-team = The owners team cannot be deleted or restricted.
error-conflict-owns-repositories = It still owns repositories. Transfer or delete them first.
error-conflict-private-organization = A private organisation can only have private repositories.
error-conflict-public-repositories = It has public repositories. Make them private first.
error-conflict-stale-edit = Someone else changed this after you opened it.
error-conflict-state = This is not possible in the current state.
error-conflict-tag-exists = A tag with this name already exists.
error-conflict-version-taken = A version with this name already exists.

## What may not be done

error-forbidden-administer = Only administrators of this repository can do this.
error-forbidden-administer-organization = Only owners of this organisation can do this.
error-forbidden-administer-site = Only administrators of this site can do this.
error-forbidden-transfer = Only the repository’s owner, or an owner of its organisation, can transfer it.
error-forbidden-cross-site = The form expired or came from another site. Go back, reload the page and send it again.
error-forbidden-discuss = This discussion is locked. Only people with write access can take part.
error-forbidden-protected-branch = This branch is protected.
error-forbidden-read = You need read access to this repository.
error-forbidden-more-cards = Only the person who launched a task can give it more cards.
error-forbidden-register = Registration is closed on this site.
error-forbidden-run-unsandboxed = This machine cannot sandbox tasks, and the operator has not allowed running without a sandbox.
error-forbidden-scope = The access token lacks the required scope.
error-forbidden-send-mail = This site cannot send email: no mail server is configured.
error-forbidden-sign-in-blocked = This account is blocked. Ask a site administrator.
error-forbidden-sign-in-link = This link is invalid, expired or already used. Sign in with your password, or request a new link.
error-forbidden-write = You need write access to this repository.

## What was not found

error-not-found-accelerator = Accelerator not found.
error-not-found-attachment = File not found, or you do not have access.
error-not-found-branch = Branch not found.
error-not-found-comment = Comment not found.
error-not-found-commit = Commit not found.
error-not-found-file = File not found in this revision.
error-not-found-image = Image not found.
error-not-found-invitation = This invitation has expired, or was answered or withdrawn.
error-not-found-invite = This invitation does not exist or was already used.
error-not-found-issue = Issue not found.
error-not-found-job = Job not found, or already running.
error-not-found-label = Label not found.
error-not-found-log = Log not found.
error-not-found-lost-object = The content of this file is missing on the server. Anyone who has it can upload it again with git lfs push --all.
error-not-found-member = This person is not a member or collaborator.
error-not-found-model = Model not found.
error-not-found-object = Object not found.
error-not-found-organization = Organisation not found, or you do not have access.
error-not-found-output = Output not found.
error-not-found-page = There is no page at this address.
error-not-found-pool = Pool not found.
error-not-found-quota = Quota not found.
error-not-found-repository = Repository not found, or you do not have access.
error-not-found-revision = Branch, tag or commit not found.
error-not-found-scene = Placement rule not found.
error-not-found-spec = Spec not found.
error-not-found-ssh-key = SSH key not found.
error-not-found-tag = Tag not found.
error-not-found-task = Task not found, or you do not have access.
error-not-found-team = Team not found, or you do not have access.
error-not-found-token = Access token not found.
error-not-found-transfer = This transfer is no longer pending.
error-not-found-user = User not found.
error-not-found-variant = Image variant not found.

## Parts that do not answer

error-unavailable-blob-store = Large file storage is not responding. Everything else keeps working.
error-unavailable-database = The database is not responding.
error-unavailable-disk = The disk is full or not writable.
error-unavailable-disk-space = The disk is nearly full. New tasks and uploads are paused; pushes and small changes still work.
error-unavailable-engine = The compute engine is not responding.
error-unavailable-git = Git is not responding.
error-unavailable-mail = The mail server is not accepting email. Messages are sent when it recovers.
error-unavailable-sandbox = The task sandbox could not start.

## What is wrong with a field

error-field-any-needs-memory = “Any that fits” needs a minimum memory per card, for example 24 GiB.
error-field-attachment-type = This file type is not accepted. Accepted types: { $types }.
error-field-branch-unknown = Branch not found.
error-field-cards-without-kind = Choose a type of card, or “any that fits”.
error-field-characters = Contains characters that cannot be displayed.
error-field-code-characters = Use lower-case letters, digits, “-” and “.”, starting and ending with a letter or digit. “new” is reserved.
error-field-code-wrong = Wrong code, or already used.
error-field-color = Enter six hex digits, for example #0969da.
error-field-email = Enter a valid email address.
error-field-email-taken = Another account uses this email address.
error-field-confirm-name = The name does not match.
error-field-fits-nowhere = No machine is large enough for this spec.
error-field-form-too-large = The form is too large.
error-field-form-unreadable = The form could not be read.
error-field-image-reference = Enter the full reference with its registry, in lower case: registry.example.org/team/image:tag.
error-field-key-algorithm = Unsupported key type. Use Ed25519, ECDSA or RSA.
error-field-key-lines = Enter one key, on one line.
error-field-key-private = This is a private key. Never share it: generate a new pair, and paste the file that ends in .pub.
error-field-key-unreadable = This is not a public SSH key. Public keys start with “ssh-ed25519”, “ssh-rsa” or “ecdsa-…”.
error-field-key-weak = This key is too weak. RSA keys need at least 3,072 bits.
error-field-lend-more = Cannot lend more than the guaranteed share.
error-field-memory-without-cards = Memory per card applies only to specs with cards.
error-field-model-without-kind = Choose a type of card before entering a model.
error-field-mount-line = Enter one absolute path per line, under /dev, /etc, /opt or /usr. Add “:ro” for read-only.
error-field-name-characters = Use letters, digits, “-”, “_” and “.” only.
error-field-name-doubled = Two symbols in a row are not allowed.
error-field-name-edge = Start and end with a letter or digit.
error-field-name-ending = This ending is not allowed.
error-field-name-reserved = This name is reserved.
error-field-name-taken = This name is taken.
error-field-no-mail = This site cannot send email. Enter a username.
error-field-no-outputs = Choose at least one output.
error-field-no-pool = No pool runs this type of task with this spec. Choose another spec, or ask an administrator.
error-field-no-such-file = File not found in this revision.
error-field-no-such-repository = Repository not found.
error-field-no-variant = This image does not run on the cards of this spec. Choose another image or spec.
error-field-not-a-number = Enter a whole number.
error-field-not-python = The boot file must end in “.py”.
error-field-not-with-command = A command replaces the boot file and parameters. Put them in the command.
error-field-other = This value is not accepted ({ $code }).
error-field-owner-already = The repository already belongs to this owner.
error-field-pair-line = Enter one “name=value” per line.
error-field-parameter-name = Start with a letter, digit or “_”. Use only letters, digits, “.”, “-” and “_”.
error-field-parameter-twice = This parameter is set twice.
error-field-parameter-value = This value is too long or cannot be passed to a program.
error-field-password-common = This password is too common. Choose another one.
error-field-password-is-name = The password must differ from the username.
error-field-password-short = Use at least { $least } characters.
error-field-password-wrong = Wrong current password.
error-field-path = This path is not allowed.
error-field-qualified-name = Enter a valid resource name, for example nvidia.com/gpu.
error-field-quota-twice = This owner already has a quota for these cards.
error-field-ref-name = This branch name is not valid.
error-field-registry-away = The registry is not responding: { $detail }. Check the host name and the network of this server.
error-field-registry-inside = { $detail } is a private address. The operator can allow it in outbound.allow.
error-field-registry-missing = The registry has no image with this name and tag, or requires signing in.
error-field-registry-odd = Unexpected answer from the registry ({ $detail }). Nothing was changed.
error-field-registry-refused = The registry requires signing in. Add the digest to the reference yourself: …@sha256:….
error-field-required = This field is required.
error-field-scope-admin = Only site administrators can choose this.
error-field-scope-none = Choose at least one scope.
error-field-scope-unknown = Unknown scope “{ $scope }”.
error-field-shared-memory = Shared memory cannot exceed the memory.
error-field-sign-in-wrong = Wrong name or password.
error-field-size = Enter a size, for example 24 GiB or 512 MiB.
error-field-task-name-characters = Use letters, digits, spaces, “-”, “_”, “.”, “#” and brackets only.
error-field-token-days = Enter 1 to { $most } days.
error-field-toleration-line = Enter one “key”, “key=value” or “key=value:effect” per line. The effect is NoSchedule, PreferNoSchedule or NoExecute.
error-field-too-large = This is over the limit of this site.
error-field-too-long = This is too long.
error-field-too-many = There are too many.
error-field-too-small = This is too small.
error-field-unchanged = Nothing changed.
error-field-unknown-account = No account with this name.
error-field-unknown-choice = Choose one of the options.
error-field-unknown-revision = Branch, tag or commit not found.
error-field-unknown-person = User not found, or without access to this repository.
error-field-unknown-task = Task not found, or you do not have access.
error-field-web-address = Enter an address that starts with https:// or http://.

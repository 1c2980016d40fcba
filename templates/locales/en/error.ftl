### Error pages and what is wrong with a field. Codes are those of `hearth_core::Error`.

error-go-explore = Explore repositories
error-go-home = Go to your dashboard
error-reference = Code { $code } · reference { $reference }

## Titles and next steps

error-conflict-next = Go back, reload the page and check the current state before trying again.
error-conflict-title = This conflicts with the current state
error-forbidden-next = Ask the owner of the repository or an administrator of this site for access.
error-forbidden-title = You do not have permission to do this
error-internal = The fault is ours and has been recorded. Nothing that was confirmed as saved is lost.
error-internal-next = Try again in a moment. If it happens again, tell the operator the reference below.
error-internal-title = Something went wrong on our side
error-invalid = Some of the input is not valid.
error-invalid-next = Go back, correct it and send it again.
error-invalid-title = Please check your input
error-limit-collaborators = A repository can have at most { $most } collaborators.
error-limit-invitation-emails = One person can send at most { $most } invitations by e-mail in a day. Try again tomorrow.
error-limit-invitations = An organisation can have at most { $most } pending invitations.
error-limit-members = An organisation can have at most { $most } members.
error-limit-organizations = A person can create at most { $most } organisations.
error-limit-pinned-repositories = At most { $most } repositories can be pinned.
error-limit-teams = An organisation can have at most { $most } teams.
error-not-found-next = Check the address, or ask the owner whether it was moved or deleted, or whether you lost access.
error-not-found-next-anonymous = Check the address. If it is private, sign in to see it.
error-not-found-title = Not found
error-quota = { $used } of { $most } are in use.
error-quota-next = Free some of it, or ask an administrator for a higher quota.
error-quota-title = Your quota is used up
error-request-cut = The request was cut off before it arrived in full. Nothing was saved.
error-request-next = Check your connection, go back and send it again.
error-request-stalled = The request stopped arriving and timed out. Nothing was saved.
error-request-title = Incomplete request
error-sign-in = You need to sign in to see this page.
error-sign-in-next = After signing in, you return to this page.
error-sign-in-title = Please sign in
error-too-large = The limit is { $limit } (setting { $key }).
error-too-large-next = Send or request less at once, or ask the operator to raise the limit.
error-too-large-title = Too large
error-too-many = Try again in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}.
error-too-many-next = Nothing is lost; the limit protects everybody's work on this site.
error-too-many-title = Too many requests
error-unavailable-next = Try again in a moment. If this continues, tell the operator.
error-unavailable-title = Part of the site is not responding
error-unknown-host = This server does not serve the host name that you used.
error-unknown-host-next = Its operator can add the name to [server] hosts = ["…"], or set [server] root_url, in hearth.toml.

## Conflicts

error-conflict-branch-exists = A branch with this name already exists.
error-conflict-email-taken = This e-mail address is used by another account.
error-conflict-empty-repository = The repository is empty. Push the first commit.
error-conflict-file-exists = A file with this name already exists.
error-conflict-hash-mismatch = The data does not match its declared hash. Nothing was stored.
error-conflict-invited-already = An invitation to this address is already pending. Withdraw it first to send another one.
error-conflict-key-taken = This key is already in use.
error-conflict-label-taken = A label with this name already exists.
error-conflict-last-owner = An organisation needs at least one owner. Make someone else an owner first.
error-conflict-member-already = This person is already in the team.
error-conflict-name-taken = This name is taken.
error-conflict-offset = The data does not continue where the last piece ended.
error-conflict-owners-team = The owners team always exists and has all permissions.
error-conflict-owns-repositories = It still owns repositories. Transfer or delete them first.
error-conflict-private-organization = A private organisation can only have private repositories.
error-conflict-public-repositories = It has public repositories. Make them private first.
error-conflict-stale-edit = Someone else changed it after you opened it.
error-conflict-state = This is not possible in the current state.
error-conflict-tag-exists = A tag with this name already exists.
error-conflict-version-taken = A version with this name already exists.

## What may not be done

error-forbidden-administer = Only administrators of this repository can do this.
error-forbidden-administer-organization = Only owners of this organisation can do this.
error-forbidden-administer-site = Only administrators of this site can do this.
error-forbidden-transfer = Only the owner of a repository, or an owner of its organisation, can transfer it.
error-forbidden-cross-site = The form did not come from this site, or was open for too long. Go back, reload the page and send it again.
error-forbidden-discuss = This discussion is locked: only people with write access to the repository can take part.
error-forbidden-protected-branch = This branch is protected.
error-forbidden-read = You do not have read access.
error-forbidden-more-cards = Only whoever launched a task can give it more cards.
error-forbidden-register = Registration is closed on this site.
error-forbidden-run-unsandboxed = This machine has no sandbox for tasks, and the operator has not allowed runs without one.
error-forbidden-scope = The access token lacks the required scope.
error-forbidden-send-mail = This site cannot send e-mail: no mail server is configured.
error-forbidden-sign-in-blocked = This account is blocked from signing in.
error-forbidden-sign-in-link = This link is invalid, has expired or has been used. Sign in with your username and password, or request a new link.
error-forbidden-write = You have read-only access to this repository.

## What was not found

error-not-found-accelerator = Accelerator not found.
error-not-found-attachment = File not found, or you do not have access to it.
error-not-found-branch = Branch not found.
error-not-found-comment = Comment not found.
error-not-found-commit = Commit not found.
error-not-found-file = File not found at this revision.
error-not-found-image = Image not found.
error-not-found-invitation = This invitation has been answered, withdrawn or has expired.
error-not-found-invite = This invitation does not exist or has been used.
error-not-found-issue = Issue not found.
error-not-found-job = Job not found, or it is running.
error-not-found-label = Label not found.
error-not-found-log = Log not found.
error-not-found-lost-object = The content of this file is missing on this server. Anyone who has it can upload it again with git lfs push --all.
error-not-found-member = This person is not a member or collaborator.
error-not-found-model = Model not found.
error-not-found-object = Object not found.
error-not-found-organization = Organisation not found, or you do not have access to it.
error-not-found-output = Output not found.
error-not-found-page = There is no page at this address.
error-not-found-pool = Pool not found.
error-not-found-quota = Quota not found.
error-not-found-repository = Repository not found, or you do not have access to it.
error-not-found-revision = Branch, tag or commit not found.
error-not-found-scene = Scene not found.
error-not-found-spec = Spec not found.
error-not-found-ssh-key = SSH key not found.
error-not-found-tag = Tag not found.
error-not-found-task = Task not found, or you do not have access to it.
error-not-found-team = Team not found, or you do not have access to it.
error-not-found-token = Access token not found.
error-not-found-transfer = This transfer is no longer pending.
error-not-found-user = User not found.
error-not-found-variant = Variant of the image not found.

## Parts that do not answer

error-unavailable-blob-store = Large file storage is not responding. Code, issues and everything else keep working.
error-unavailable-database = The database is not responding.
error-unavailable-disk = The disk cannot take more data.
error-unavailable-disk-space = The disk is nearly full, so new tasks and uploads are not accepted for now. Pushes and other small changes still work.
error-unavailable-engine = The engine that runs tasks is not responding.
error-unavailable-git = Git is not responding.
error-unavailable-mail = The mail server is not accepting e-mail. Messages will be sent when it recovers.
error-unavailable-sandbox = The task sandbox cannot be started.

## What is wrong with a field

error-field-any-needs-memory = “Any that fits” needs a minimum memory per card, for instance 24 GiB.
error-field-attachment-type = This file type is not accepted. Accepted types: { $types }.
error-field-branch-unknown = Branch not found.
error-field-cards-without-kind = Choose a kind of cards, or “any that fits”.
error-field-characters = It contains characters that cannot be displayed.
error-field-code-characters = Use lower-case letters, digits, “-” and “.”; begin and end with a letter or a digit. “new” is reserved.
error-field-code-wrong = This code is wrong or has been used.
error-field-color = A colour has six hex digits, such as #0969da.
error-field-email = This is not a valid e-mail address.
error-field-confirm-name = The name does not match.
error-field-fits-nowhere = No machine is large enough for this spec.
error-field-form-too-large = The form is too large.
error-field-form-unreadable = The form could not be read.
error-field-image-reference = Write the whole reference with its registry, in lower case: registry.example.org/team/image:tag.
error-field-key-algorithm = This type of key is not supported. Use Ed25519, ECDSA or RSA.
error-field-key-lines = Enter a single key, on one line.
error-field-key-private = This is a private key. Never give it to anyone: generate a new one, and paste the file that ends in .pub.
error-field-key-unreadable = This is not a public SSH key. It begins with “ssh-ed25519”, “ssh-rsa” or “ecdsa-…”.
error-field-key-weak = This key is too weak. RSA keys need 3072 bits or more.
error-field-lend-more = No more than the guaranteed share can be lent.
error-field-memory-without-cards = Memory per card applies only to cards.
error-field-model-without-kind = Choose a kind of cards before entering a model.
error-field-mount-line = Each line is an absolute path below /dev, /etc, /opt or /usr; add “:ro” for read-only.
error-field-name-characters = Use letters, digits, “-”, “_” and “.” only.
error-field-name-doubled = Do not use two symbols in a row.
error-field-name-edge = Begin and end with a letter or a digit.
error-field-name-ending = A name cannot end like this.
error-field-name-reserved = This word is reserved.
error-field-no-mail = This site cannot send e-mail. Enter a username.
error-field-no-outputs = Choose at least one output.
error-field-no-pool = No pool allows this kind of task with this spec. An administrator can change this under Scenes.
error-field-no-such-file = File not found at this revision.
error-field-no-such-repository = Repository not found.
error-field-no-variant = This image has no variant for the cards of this spec, or no pool with such cards runs it. Choose another image or another spec.
error-field-not-a-number = Enter a whole number.
error-field-not-python = The boot file must end in “.py”.
error-field-not-with-command = A command cannot be combined with a boot file or parameters: include them in the command.
error-field-other = This value is not accepted ({ $code }).
error-field-owner-already = They already own it.
error-field-pair-line = Each line is “name=value”.
error-field-parameter-name = A parameter name begins with a letter, a digit or “_” and contains only letters, digits, “.”, “-” and “_”.
error-field-parameter-twice = This parameter name is used twice.
error-field-parameter-value = This parameter value is too long, or cannot be passed to a program.
error-field-password-common = This password is too common. Choose another.
error-field-password-is-name = The password cannot be the same as the username.
error-field-password-short = Use at least { $least } characters.
error-field-password-wrong = The current password is wrong.
error-field-path = This path cannot be used.
error-field-qualified-name = This is not a valid name in a cluster. An example: nvidia.com/gpu.
error-field-quota-twice = A quota for this owner and these cards already exists.
error-field-ref-name = This is not a valid branch name.
error-field-registry-away = The registry is not responding: { $detail }. Check the host name, and whether this server can reach it.
error-field-registry-inside = { $detail } is not a public address. If this server may reach it, the operator can allow it in outbound.allow.
error-field-registry-missing = The registry has no image with this name and tag, or requires signing in to see it.
error-field-registry-odd = The registry gave an unexpected answer ({ $detail }). Nothing was changed.
error-field-registry-refused = The registry requires signing in to see this image. Add its digest to the reference yourself: …@sha256:….
error-field-required = Please fill this in.
error-field-scope-admin = Only administrators of this site can choose this.
error-field-scope-none = Choose at least one scope.
error-field-scope-unknown = Unknown scope “{ $scope }”.
error-field-shared-memory = Shared memory is part of the memory and cannot exceed it.
error-field-sign-in-wrong = Wrong username or password.
error-field-size = Enter a size such as 24 GiB or 512 MiB.
error-field-task-name-characters = Use letters, digits, spaces, “-”, “_”, “.”, “#” and brackets only.
error-field-token-days = Choose between 1 and { $most } days.
error-field-toleration-line = Each line is “key”, “key=value” or “key=value:effect” with NoSchedule, PreferNoSchedule or NoExecute.
error-field-too-large = This is more than the site allows.
error-field-too-long = This is too long.
error-field-too-many = There are too many of these.
error-field-too-small = This is too small.
error-field-unchanged = Nothing has changed.
error-field-unknown-account = No account has this name.
error-field-unknown-choice = Choose one of the available options.
error-field-unknown-revision = Branch, tag or commit not found.
error-field-unknown-person = User not found, or this user has no access here.
error-field-unknown-task = Task not found, or you do not have access to it.
error-field-web-address = An address begins with https:// or http://.

### Error pages and what is wrong with a field. Codes are those of `hearth_core::Error`.

error-go-explore = Explore repositories
error-go-home = Go to your start page
error-reference = Code { $code } · reference { $reference }

## Titles and next steps

error-conflict-next = Go back, reload the page and look at the present state before trying again.
error-conflict-title = That does not fit with what is there
error-forbidden-next = Ask the owner of the repository or an administrator of this site for access.
error-forbidden-title = You may not do this
error-internal = The fault is ours, and it has been recorded. Nothing that was confirmed as saved is lost.
error-internal-next = Try again in a moment. If it happens again, tell the operator the reference below.
error-internal-title = Something broke on our side
error-invalid = Some of what was sent cannot be taken.
error-invalid-next = Go back, correct it and send it again.
error-invalid-title = Please check your input
error-limit-collaborators = One repository may have at most { $most } collaborators.
error-limit-invitations = One organisation may have at most { $most } open invitations.
error-limit-members = One organisation may have at most { $most } members.
error-limit-organizations = One person may make at most { $most } organisations.
error-limit-pinned-repositories = At most { $most } repositories can be shown first.
error-limit-teams = One organisation may have at most { $most } teams.
error-not-found-next = Check the address, or ask the owner whether it was moved, deleted or closed to you.
error-not-found-next-anonymous = Check the address. If it is private, sign in to see it.
error-not-found-title = There is nothing here
error-quota = { $used } of { $most } are in use.
error-quota-next = Free some of it, or ask an administrator for more.
error-quota-title = Your quota is used up
error-request-cut = What you sent did not arrive in full. Nothing of it was kept.
error-request-next = Check your connection, go back and send it again.
error-request-stalled = What you sent stopped arriving, so the site gave up waiting. Nothing of it was kept.
error-request-title = Your request did not arrive in full
error-sign-in = This page is for people who are signed in.
error-sign-in-next = Sign in, and you will come back here.
error-sign-in-title = Please sign in
error-too-large = The limit is { $limit } (setting { $key }).
error-too-large-next = Send less or ask for less at once, or ask the operator to raise the limit.
error-too-large-title = That is too large
error-too-many = Try again in { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}.
error-too-many-next = Nothing is lost; the limit protects everybody's work on this site.
error-too-many-title = Too many requests
error-unavailable-next = Try again in a moment. If it stays like this, tell the operator.
error-unavailable-title = A part of the site is not answering
error-unknown-host = This server is not known by the name that you used.
error-unknown-host-next = Its operator can add the name to [server] hosts = ["…"], or set [server] root_url, in hearth.toml.

## Conflicts

error-conflict-branch-exists = There is a branch of this name already.
error-conflict-email-taken = This e-mail address belongs to another account.
error-conflict-empty-repository = The repository is empty. Push a first commit.
error-conflict-file-exists = There is a file of this name already.
error-conflict-hash-mismatch = The bytes that arrived do not have the promised hash. Nothing was stored.
error-conflict-key-taken = This key is in use already.
error-conflict-label-taken = There is a label of this name already.
error-conflict-last-owner = An organisation keeps at least one owner. Make somebody else an owner first.
error-conflict-member-already = They are in this team already.
error-conflict-name-taken = This name is taken.
error-conflict-offset = The data does not continue where the last piece ended.
error-conflict-owners-team = The team of the owners is always there and may do everything.
error-conflict-owns-repositories = It still owns repositories. Transfer or delete them first.
error-conflict-private-organization = A private organisation has private repositories only.
error-conflict-public-repositories = It has public repositories. Make them private first.
error-conflict-stale-edit = Somebody changed it after you opened it.
error-conflict-state = Its present state does not allow this.
error-conflict-tag-exists = There is a tag of this name already.
error-conflict-version-taken = There is a version of this name already.

## What may not be done

error-forbidden-administer = Only administrators of this repository may do this.
error-forbidden-administer-organization = Only owners of this organisation may do this.
error-forbidden-administer-site = Only administrators of this site may do this.
error-forbidden-cross-site = The form did not come from this site, or it was open for too long. Go back, reload it and send it again.
error-forbidden-discuss = This discussion is locked: only people who can write to the repository take part.
error-forbidden-protected-branch = This branch is protected.
error-forbidden-read = You may not read this.
error-forbidden-register = This site takes no new accounts at present.
error-forbidden-run-unsandboxed = This machine has no sandbox for tasks, and the operator has not allowed runs without one.
error-forbidden-scope = The access token does not carry the scope that this needs.
error-forbidden-send-mail = This site sends no letters: it has no mail server.
error-forbidden-sign-in-blocked = This account may not sign in.
error-forbidden-sign-in-link = This link was used, has ended, or never was. Sign in with your name and password, or ask for another link.
error-forbidden-write = You may read this repository, not change it.

## What was not found

error-not-found-accelerator = There is no such kind of cards.
error-not-found-attachment = There is no such file, or it is not open to you.
error-not-found-branch = There is no such branch.
error-not-found-comment = There is no such comment.
error-not-found-commit = There is no such commit.
error-not-found-file = There is no such file at this revision.
error-not-found-image = There is no such image.
error-not-found-invitation = This invitation was answered, taken back or has ended.
error-not-found-invite = This invitation does not exist or has been used.
error-not-found-issue = There is no such issue.
error-not-found-job = There is no such job, or it runs now.
error-not-found-label = There is no such label.
error-not-found-log = There is no such log.
error-not-found-lost-object = The bytes of this file are lost on this server. Whoever has them can bring them again with git lfs push --all.
error-not-found-member = This person is not a member, or has no part in it.
error-not-found-model = There is no such model.
error-not-found-object = There is no such object.
error-not-found-organization = There is no such organisation, or it is not open to you.
error-not-found-output = There is no such output.
error-not-found-page = There is no page at this address.
error-not-found-pool = There is no such pool.
error-not-found-quota = There is no such quota.
error-not-found-repository = There is no such repository, or it is not open to you.
error-not-found-revision = There is no such branch, tag or commit.
error-not-found-scene = There is no such scene.
error-not-found-spec = There is no such spec.
error-not-found-ssh-key = There is no such SSH key.
error-not-found-tag = There is no such tag.
error-not-found-task = There is no such task, or it is not open to you.
error-not-found-team = There is no such team, or it is not open to you.
error-not-found-token = There is no such access token.
error-not-found-transfer = Nobody asks for this transfer any more.
error-not-found-user = There is nobody of this name.
error-not-found-variant = The image has no such variant.

## Parts that do not answer

error-unavailable-blob-store = The store of large files is not answering. Code, issues and everything else go on.
error-unavailable-database = The database is not answering.
error-unavailable-disk = The disk takes no more data.
error-unavailable-disk-space = The disk is nearly full, so the site takes no new tasks and no uploads now. Pushes and everything small go on.
error-unavailable-engine = The engine that runs tasks is not answering.
error-unavailable-git = Git is not answering.
error-unavailable-mail = The mail server takes no letters now. They go when it answers again.
error-unavailable-sandbox = The sandbox for tasks cannot be started.

## What is wrong with a field

error-field-any-needs-memory = “Any that fits” needs the least memory of one card, for instance 24 GiB.
error-field-attachment-type = Files of this kind are not taken here. Taken are: { $types }.
error-field-branch-unknown = There is no such branch.
error-field-cards-without-kind = Choose a kind of cards, or “any that fits”.
error-field-characters = It contains characters that cannot be shown.
error-field-code-characters = Use lower-case letters, digits, “-” and “.”; begin and end with a letter or a digit. “new” is taken.
error-field-code-wrong = This code is not right, or it has been used.
error-field-color = A colour has six hex digits, such as #0969da.
error-field-email = This is not an e-mail address.
error-field-confirm-name = The name does not match.
error-field-fits-nowhere = No machine is large enough for this spec.
error-field-form-too-large = The form is too large.
error-field-form-unreadable = The form could not be read.
error-field-image-reference = Write the whole reference with its registry, in lower case: registry.example.org/team/image:tag.
error-field-key-algorithm = Keys of this kind are not taken. Use Ed25519, ECDSA or RSA.
error-field-key-lines = Please give one key, in one line.
error-field-key-private = This is a private key. Never give it to anybody: make a new one, and paste the file that ends in .pub.
error-field-key-unreadable = This is not a public SSH key. It begins with “ssh-ed25519”, “ssh-rsa” or “ecdsa-…”.
error-field-key-weak = This key is too weak. RSA keys need 3072 bits or more.
error-field-lend-more = Nobody can lend more than the nominal share.
error-field-memory-without-cards = Memory of a card makes sense only with cards.
error-field-model-without-kind = A model needs its kind of cards.
error-field-mount-line = Each line is a whole path below /dev, /etc, /opt or /usr, with “:ro” where it is read only.
error-field-name-characters = Use letters, digits, “-”, “_” and “.” only.
error-field-name-doubled = Two signs may not stand side by side.
error-field-name-edge = Begin and end with a letter or a digit.
error-field-name-ending = A name may not end like this.
error-field-name-reserved = This word is reserved.
error-field-no-mail = This site sends no letters. Give the name of an account.
error-field-no-outputs = Choose at least one output.
error-field-no-pool = No pool may be used for this kind of task with this spec. An administrator can say so under scenes.
error-field-no-such-file = There is no such file at this revision.
error-field-no-such-repository = There is no such repository here.
error-field-no-variant = This image has no variant for the cards of this spec, or no pool with such cards runs it. Choose another image or another spec.
error-field-not-a-number = Please give a whole number.
error-field-not-python = The boot file ends in “.py”.
error-field-not-with-command = A command takes no boot file and no parameters: write them into the command.
error-field-other = This value cannot be taken ({ $code }).
error-field-owner-already = They own it already.
error-field-pair-line = Each line is “name=value”.
error-field-parameter-name = A name of a parameter begins with a letter, a digit or “_” and has letters, digits, “.”, “-” and “_” only.
error-field-parameter-twice = This name of a parameter is there twice.
error-field-parameter-value = This value of a parameter is too long, or cannot be given to a program.
error-field-password-common = This is among the first passwords that others try. Choose another.
error-field-password-is-name = The password may not be the name.
error-field-password-short = Use at least { $least } characters.
error-field-password-wrong = This is not your present password.
error-field-path = This path cannot be used.
error-field-qualified-name = This is no name that a cluster takes, such as nvidia.com/gpu.
error-field-quota-twice = There is a quota for this owner and these cards already.
error-field-ref-name = A branch cannot have this name.
error-field-registry-away = The registry does not answer: { $detail }. Check the name of its host, and whether this server may reach it.
error-field-registry-inside = { $detail } is no public address. Where this server may reach it, its operator names it in outbound.allow.
error-field-registry-missing = The registry has no image of this name and tag, or shows it only to people who are signed in there.
error-field-registry-odd = The registry answered with something else ({ $detail }). Nothing was changed.
error-field-registry-refused = The registry shows this image only to people who are signed in there. Write its digest into the reference yourself: …@sha256:….
error-field-required = Please fill this in.
error-field-scope-admin = Only administrators of this site may choose this.
error-field-scope-none = Choose at least one thing that the token may do.
error-field-scope-unknown = There is no scope “{ $scope }”.
error-field-shared-memory = Shared memory is part of the memory, so it cannot be more.
error-field-sign-in-wrong = Name and password do not belong together.
error-field-size = Write a size such as 24 GiB or 512 MiB.
error-field-task-name-characters = Use letters, digits, spaces, “-”, “_”, “.”, “#” and brackets only.
error-field-token-days = Choose between 1 and { $most } days.
error-field-toleration-line = Each line is “key”, “key=value” or “key=value:effect” with NoSchedule, PreferNoSchedule or NoExecute.
error-field-too-large = This is more than the site allows.
error-field-too-long = This is too long.
error-field-too-many = There are too many of these.
error-field-too-small = This is too small.
error-field-unchanged = Nothing has changed.
error-field-unknown-account = There is no account of this name.
error-field-unknown-choice = Please choose one of the offered values.
error-field-unknown-revision = There is no such branch, tag or commit.
error-field-unknown-person = There is nobody of this name who can read this repository.
error-field-unknown-task = There is no such task, or it is not open to you.
error-field-web-address = An address begins with https:// or http://.

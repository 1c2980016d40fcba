### Labels of an organisation.

organization-labels-add = Add to all repositories
organization-labels-add-help = Existing repositories get the labels that they lack. Labels of the same name stay as they are, and archived repositories are left out.
organization-labels-delete = Delete
organization-labels-delete-loss = New repositories begin without it. Existing repositories keep theirs.
organization-labels-delete-name = Delete label “{ $name }”
organization-labels-empty-next = Create those that all repositories of the organisation should have.
organization-labels-lead = New repositories of this organisation begin with these labels. They can change theirs afterwards.

### People who were given a part in one repository.

repo-collaborators-add = Add a collaborator or change permissions
repo-collaborators-change = Change
repo-collaborators-change-name = Change permissions of { $name }
repo-collaborators-empty = No collaborators yet
repo-collaborators-lead = Their permissions in this repository, in addition to those of the owner’s teams.
repo-collaborators-role = Whole repository
repo-collaborators-submit = Save
repo-collaborators-title = Collaborators
repo-collaborators-units = Permissions by unit
repo-collaborators-units-help = Give more in single units than in the whole repository.
repo-collaborators-units-only = Only the permissions chosen by unit

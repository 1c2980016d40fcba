### People who were given a part in one repository.

repo-collaborators-add = Add somebody, or change what they may do
repo-collaborators-change = Change
repo-collaborators-change-name = Change what { $name } may do
repo-collaborators-empty = Nobody was given a part in this repository
repo-collaborators-lead = They may do this in this repository, besides what teams of its owner give them.
repo-collaborators-role = In the whole repository
repo-collaborators-submit = Save
repo-collaborators-title = Collaborators
repo-collaborators-units = By unit
repo-collaborators-units-help = More in single units than in the whole repository.
repo-collaborators-units-only = Nothing but what is chosen by unit

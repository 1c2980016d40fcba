### People who were given a part in one repository.

repo-collaborators-add = Add a collaborator
repo-collaborators-change = Change role
repo-collaborators-change-name = Change role of { $name }
repo-collaborators-empty = No collaborators yet
repo-collaborators-empty-next = Add someone below. They can see this repository and do what you allow, area by area.
repo-collaborators-lead = People with access to this repository, in addition to the owner’s teams.
repo-collaborators-remove-loss = They lose what they were given here. What they have through a team stays.
repo-collaborators-role = All areas
repo-collaborators-submit = Save
repo-collaborators-title = Collaborators
repo-collaborators-units = Permissions by area
repo-collaborators-units-help = Give more access in some areas than in the rest.
repo-collaborators-units-only = Only the areas below

### Stars and watchers of a repository.

repo-interest-archived = This repository has been archived since { $date }. It can be read, and nothing else.
repo-interest-archived-badge = Archived
repo-interest-forks-title = Forks
repo-interest-lists = People and forks
repo-interest-nobody = Nobody yet
repo-interest-star = Star
repo-interest-stars-title = Stars
repo-interest-template = Template
repo-interest-unstar = Starred
repo-interest-use-template = Use this template
repo-interest-watch = Watch
repo-interest-watch-everything = Everything
repo-interest-watch-issues = Issues
repo-interest-watch-mentions = Only where I take part or am mentioned
repo-interest-watch-nothing = Do not watch
repo-interest-watch-parts = Some of it
repo-interest-watch-pulls = Pull requests
repo-interest-watch-releases = Releases
repo-interest-watch-save = Save
repo-interest-watchers-title = Watchers
repo-interest-watching = Watching

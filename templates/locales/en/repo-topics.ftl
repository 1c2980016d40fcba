### The topics of a repository.

repo-topics-edit = Edit topics
repo-topics-help = Up to { $most }, separated by spaces. Letters, digits, “-” and “.” only.
repo-topics-lead = Topics are words under which others find this repository.
repo-topics-save = Save topics
repo-topics-title = Topics

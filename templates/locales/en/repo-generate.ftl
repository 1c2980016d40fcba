### A repository made from a template.

repo-generate-history = Bring the history
repo-generate-history-help = With all commits of the default branch. Otherwise its files are one fresh commit.
repo-generate-lead = The new repository begins with the files and labels of this template and is independent of it.
repo-generate-title = Use this template

### Models made from code, and versions of models.

repo-models-empty = No models were made from this code yet
repo-models-empty-next = Train, and publish what the task made.
repo-models-no-versions = No versions were published yet
repo-models-runs = Last runs
repo-models-title = Models from this code
repo-models-train = Train
repo-models-use = Use this model
repo-models-versions = Versions

### Models made from code, and versions of models.

repo-models-empty = No models from this code yet
repo-models-empty-next = Run a training task and publish its outputs.
repo-models-no-versions = No versions yet
repo-models-runs = Recent runs
repo-models-title = Models from this code
repo-models-train = Train
repo-models-use = Use this model
repo-models-versions = Versions

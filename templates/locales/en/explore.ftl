### What there is on this site.

explore-datasets-count = { $count ->
    [one] { $count } dataset
   *[other] { $count } datasets
}
explore-datasets-empty = No datasets found
explore-datasets-none = No datasets yet
explore-datasets-none-next = A dataset is a repository of the type dataset: push files to it, large ones with Git LFS, and every commit is a version that tasks can use.
explore-datasets-title = Datasets
explore-empty-next = Try fewer or different words.
explore-models-count = { $count ->
    [one] { $count } model
   *[other] { $count } models
}
explore-models-empty = No models found
explore-models-none = No models yet
explore-models-none-next = Train one from code and publish the outputs of the task, or push a repository of the type model.
explore-models-title = Models
explore-repositories-count = { $count ->
    [one] { $count } repository
   *[other] { $count } repositories
}
explore-repositories-empty = No repositories found
explore-repositories-kind = Type
explore-repositories-kind-all = All types
explore-repositories-kind-code = Code
explore-repositories-kind-dataset = Datasets
explore-repositories-kind-model = Models
explore-repositories-search = Search names and descriptions
explore-repositories-sort = Sort
explore-repositories-sort-created = Newest
explore-repositories-sort-name = Name
explore-repositories-sort-updated = Recently updated
explore-repositories-title = Repositories
explore-submit = Search
explore-tasks-empty = No tasks found
explore-tasks-none = No tasks yet
explore-tasks-none-next = Open a code repository and choose Train: the task appears here for everyone who may see the repository.
explore-tasks-title = Tasks
explore-title = Explore
explore-users-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
explore-users-empty = No people found
explore-users-search = Search names
explore-users-title = People
explore-repositories-topic = Topic { $topic }

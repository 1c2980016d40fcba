### What there is on this site.

explore-empty-next = Try fewer or different words.
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
explore-title = Explore
explore-users-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
explore-users-empty = No people found
explore-users-search = Search names
explore-users-title = People

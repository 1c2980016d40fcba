### What there is on this site.

explore-empty-next = Look for less, or for something else.
explore-repositories-count = { $count ->
    [one] { $count } repository
   *[other] { $count } repositories
}
explore-repositories-empty = No repositories found
explore-repositories-kind = Kind
explore-repositories-kind-all = All kinds
explore-repositories-kind-code = Code
explore-repositories-kind-dataset = Datasets
explore-repositories-kind-model = Models
explore-repositories-search = Part of a name or description
explore-repositories-sort = Order
explore-repositories-sort-created = Newest first
explore-repositories-sort-name = By name
explore-repositories-sort-updated = Last changed first
explore-repositories-title = Repositories
explore-submit = Search
explore-title = Explore
explore-users-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
explore-users-empty = Nobody found
explore-users-search = Part of a name
explore-users-title = People

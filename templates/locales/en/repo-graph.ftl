repo-graph-all = All branches
repo-graph-hidden = { $count ->
    [one] One branch with older commits is not drawn.
   *[other] { $count } branches with older commits are not drawn.
}
repo-graph-title = Graph
repo-graph-to = Graph

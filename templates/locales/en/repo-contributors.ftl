repo-contributors-axis = Week
repo-contributors-behind = The newest commits are not counted yet. Come back in a moment.
repo-contributors-chart = Commits per week
repo-contributors-co-authored = { $count ->
    [one] Co-author of one
   *[other] Co-author of { $count }
}
repo-contributors-commits = { $count ->
    [one] One commit
   *[other] { $count } commits
}
repo-contributors-cut = The history is very long: some commits or people are not counted.
repo-contributors-hidden = { $count ->
    [one] One more person is not listed.
   *[other] { $count } more people are not listed.
}
repo-contributors-none = Nothing counted yet
repo-contributors-none-next = Commits of the default branch are counted after each push.
repo-contributors-series = Commits
repo-contributors-sum = { $commits ->
    [one] One commit
   *[other] { $commits } commits
} by { $count ->
    [one] one person
   *[other] { $count } people
}, without merges
repo-contributors-title = Contributors
repo-contributors-to = Contributors

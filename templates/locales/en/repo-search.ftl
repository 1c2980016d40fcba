repo-search-binary = { $count ->
    [one] One file was passed over because it is not text.
   *[other] { $count } files were passed over because they are not text.
}
repo-search-case = Match case
repo-search-file-more = There are more matches in this file.
repo-search-large = { $count ->
    [one] One file was passed over because it is larger than 2 MiB.
   *[other] { $count } files were passed over because they are larger than 2 MiB.
}
repo-search-left-out = { $count ->
    [one] The repository is too large to search at once: only one file was searched. Limit the search to a folder.
   *[other] The repository is too large to search at once: only { $count } files were searched. Limit the search to a folder.
}
repo-search-more = There are more matches than are shown. Search for something more specific, or in a folder.
repo-search-none = Nothing found
repo-search-none-next = Check the spelling, or search without matching case and whole words.
repo-search-now = Search
repo-search-path = Paths
repo-search-path-help = Optional. Folders, files or patterns, for example src *.py
repo-search-regex = Regular expression
repo-search-revision = Branch, tag or commit
repo-search-revision-help = Optional. Empty is the default branch.
repo-search-sum = { $lines ->
    [one] One line
   *[other] { $lines } lines
} in { $count ->
    [one] one file
   *[other] { $count } files
}
repo-search-title = Search code
repo-search-to = Search code
repo-search-word = Whole words
repo-search-words = Words in files

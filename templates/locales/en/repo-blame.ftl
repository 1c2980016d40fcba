repo-blame-before = As it was before { $commit }
repo-blame-file = File
repo-blame-new = New
repo-blame-none = Only text files whose size and history are not too large can be shown line by line with their authors.
repo-blame-old = Old
repo-blame-title = Blame of { $path }
repo-blame-to = Blame

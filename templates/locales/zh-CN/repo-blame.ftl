repo-blame-before = { $commit } 之前的样子
repo-blame-file = 文件
repo-blame-new = 新
repo-blame-none = 只有大小和历史都不过大的文本文件才能逐行显示作者。
repo-blame-old = 旧
repo-blame-title = { $path } 的逐行追溯
repo-blame-to = 逐行追溯

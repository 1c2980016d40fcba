repo-graph-all = 所有分支
repo-graph-hidden = { $count } 个提交较旧的分支未画出。
repo-graph-title = 提交图
repo-graph-to = 提交图

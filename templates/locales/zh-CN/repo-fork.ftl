### 派生仓库。

repo-fork-button = 派生
repo-fork-count = { $count } 个派生仓库
repo-fork-from = 派生自 { $repository }
repo-fork-lead = 派生仓库是你自己的仓库，起始代码与此相同。你可以自由修改，再向此仓库创建合并请求。
repo-fork-name-help = 可以保持不变。
repo-fork-none = 还没有派生仓库
repo-fork-sign-in = 登录后派生
repo-fork-submit = 创建派生仓库
repo-fork-title = 派生

### 比较分支，以及新建合并请求的表单。

repo-compare-base = 合并到
repo-compare-choose = 选择要比较的内容
repo-compare-choose-next = 选择目标分支和包含改动的分支，比较之后即可创建合并请求。
repo-compare-commits = { $count } 个提交
repo-compare-contained = 目标分支已包含全部提交。
repo-compare-create = 创建合并请求
repo-compare-draft = 草稿
repo-compare-draft-help = 尚未完成：不能合并，也不会请人评审。
repo-compare-head = 来自
repo-compare-identical = 两者是同一个提交。
repo-compare-maintainers = 允许维护者修改
repo-compare-maintainers-help = 可写入目标仓库的人可以推送到你的分支。
repo-compare-missing = 没有这个分支、Git 标签或提交，请从列表中选择。
repo-compare-open = 这两个分支已有合并请求：
repo-compare-repository = 仓库
repo-compare-same = 请选择两个不同的分支。
repo-compare-sign-in = 登录后创建合并请求
repo-compare-strip = { $branch } 于 { $time }推送
repo-compare-strip-action = 比较并创建合并请求
repo-compare-submit = 比较
repo-compare-title = 比较
repo-compare-title-open = 新建合并请求
repo-compare-truncated = 改动过大，无法全部显示。
repo-compare-unrelated = 两者没有共同的历史，无法合并。
repo-compare-within = 改为在 { $repository } 内部比较分支

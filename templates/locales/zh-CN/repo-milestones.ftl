### 仓库的里程碑。

repo-milestones-all-issues = 在列表中查看
repo-milestones-all-pulls = 在列表中查看
repo-milestones-close = 关闭里程碑
repo-milestones-create = 创建里程碑
repo-milestones-danger = 删除这个里程碑
repo-milestones-delete = 删除里程碑
repo-milestones-done = { $percent }% · 已完成 { $closed }/{ $total }
repo-milestones-due = { $date } 到期
repo-milestones-due-field = 截止日期
repo-milestones-due-help = 可选。以当天 23:59 UTC 为准。
repo-milestones-edit = 编辑里程碑
repo-milestones-empty = 这里没有里程碑
repo-milestones-empty-next = 把一次发布或一个期限的议题和合并请求放在一起，查看进展。
repo-milestones-is-closed = 已关闭
repo-milestones-is-open = 开启
repo-milestones-loss = “{ $title }”将无法恢复。其中的议题和合并请求会保留，但不再属于任何里程碑。
repo-milestones-new = 新建里程碑
repo-milestones-no-issues = 这个里程碑中没有议题
repo-milestones-no-issues-next = 在议题的侧栏选择里程碑。
repo-milestones-nothing = 还没有内容
repo-milestones-overdue = { $date } 已逾期
repo-milestones-reopen = 重新打开里程碑
repo-milestones-title = 里程碑
repo-milestones-updated = 更新于

### 议题的页面。

## 一条评论

repo-issues-comment-body = 评论
repo-issues-comment-danger = 删除这条评论
repo-issues-comment-delete = 删除评论
repo-issues-comment-loss = { $name } 写的内容将无法恢复。时间线上会显示有一条评论被删除。
repo-issues-comment-title = 编辑 #{ $number } 的评论

## 修改议题

repo-issues-edit-cancel = 取消
repo-issues-edit-save = 保存
repo-issues-edit-title = 编辑议题 #{ $number }

## 列表

repo-issues-list-assigned-to = 已指派给 { $name }
repo-issues-list-assignee = 负责人
repo-issues-list-closed = { $count } 个已关闭
repo-issues-list-comments = { $count } 条评论
repo-issues-list-empty = 还没有议题
repo-issues-list-empty-next = 用议题跟踪缺陷、想法和问题。在评论或提交说明中写“#1”即可引用议题。
repo-issues-list-label = 标签
repo-issues-list-labels = 标签
repo-issues-list-mine = 与我相关
repo-issues-list-mine-assigned = 指派给我的
repo-issues-list-mine-mentioned = 提到我的
repo-issues-list-mine-opened = 我创建的
repo-issues-list-new = 新建议题
repo-issues-list-no-label = 无标签
repo-issues-list-nobody = 无人
repo-issues-list-nothing = 没有符合条件的议题
repo-issues-list-nothing-next = 查看全部开启的议题
repo-issues-list-open = { $count } 个开启
repo-issues-list-opened = #{ $number } · { $author } { $time }创建
repo-issues-list-query = 筛选，例如 is:open label:bug author:mei 崩溃
repo-issues-list-search = 搜索
repo-issues-list-sort = 排序
repo-issues-list-sort-commented = 评论最多
repo-issues-list-sort-newest = 最新
repo-issues-list-sort-not-commented = 评论最少
repo-issues-list-sort-not-updated = 最久未更新
repo-issues-list-sort-oldest = 最早
repo-issues-list-sort-updated = 最近更新
repo-issues-list-states = 状态
repo-issues-list-title = 议题

## 新建议题

repo-issues-new-assignees = 负责人
repo-issues-new-body = 描述
repo-issues-new-body-help = 支持 Markdown：表格、任务清单和代码。“@用户名”提到某人，“#12”引用议题。
repo-issues-new-labels = 标签
repo-issues-new-make-labels = 创建标签
repo-issues-new-name = 标题
repo-issues-new-no-labels = 还没有标签
repo-issues-new-submit = 提交议题
repo-issues-new-title = 新建议题

## 一个议题

repo-issues-show-all-labels = 全部标签
repo-issues-show-assigned = { $who } { $time }指派了 { $person }
repo-issues-show-change = 修改
repo-issues-show-close = 关闭议题
repo-issues-show-closed = { $who } { $time }关闭了议题
repo-issues-show-comment = 发表评论
repo-issues-show-comment-deleted = { $who } { $time }删除了 { $person } 的一条评论
repo-issues-show-edit = 编辑
repo-issues-show-held-back = { $who } { $time }的一项更改声明要关闭此项，但它所等待的事项仍未关闭
repo-issues-show-labeled = { $who } { $time }添加了标签 { $label }
repo-issues-show-long = 此评论较长。{ $link }
repo-issues-show-long-link = 在单独的页面中显示
repo-issues-show-demilestoned = { $who } { $time }移出了里程碑 { $milestone }
repo-issues-show-milestone = 里程碑
repo-issues-show-milestoned = { $who } { $time }加入了里程碑 { $milestone }
repo-issues-show-more = 再显示 { $count } 条
repo-issues-show-branch = 分支
repo-issues-show-delete = 删除议题
repo-issues-show-delete-loss = 议题的正文、评论和附件会被永久删除，审计日志中保留编号和标题。
repo-issues-show-no-labels = 无
repo-issues-show-no-text = { $author } 没有填写描述。
repo-issues-show-opened = { $author } { $time }创建
repo-issues-show-other = 其他用户名
repo-issues-show-rail = 详情
repo-issues-show-referenced = { $who } { $time }在 { $issue } 中提到了此议题
repo-issues-show-renamed = { $who } { $time }将标题从 { $from } 改为 { $to }
repo-issues-show-reopen = 重新打开议题
repo-issues-show-reopened = { $who } { $time }重新打开了议题
repo-issues-show-said = { $author } · { $time }
repo-issues-show-said-edited = { $author } · { $time } · 已编辑
repo-issues-show-say = 添加评论
repo-issues-show-sign-in = 登录后发表评论
repo-issues-show-somebody = 有人
repo-issues-show-unassigned = { $who } { $time }取消了 { $person } 的指派
repo-issues-show-unlabeled = { $who } { $time }移除了标签 { $label }

## 关注

repo-issues-follow = 通知
repo-issues-follow-assigned = 你被指派，因此已关注。
repo-issues-follow-author = 你是创建者，因此已关注。
repo-issues-follow-commented = 你发表过评论，因此已关注。
repo-issues-follow-manual = 你已关注。
repo-issues-follow-mentioned = 你被提到，因此已关注。
repo-issues-follow-not = 你未关注。
repo-issues-follow-review-requested = 有人请你评审，因此已关注。
repo-issues-follow-start = 关注
repo-issues-follow-stop = 取消关注

## 锁定

repo-issues-lock = 讨论
repo-issues-lock-help = 锁定后，只有拥有写入权限的人可以评论和回应。
repo-issues-lock-none = 无原因
repo-issues-lock-notice = 讨论已锁定，只有拥有写入权限的人可以评论。
repo-issues-lock-off = 解锁讨论
repo-issues-lock-off-topic = 偏离主题
repo-issues-lock-on = 锁定讨论
repo-issues-lock-reason = 原因：{ $reason }。
repo-issues-lock-resolved = 已解决
repo-issues-lock-spam = 垃圾信息
repo-issues-lock-state = 已锁定
repo-issues-lock-too-heated = 争论过于激烈
repo-issues-lock-why = 原因
repo-issues-show-locked = { $who } { $time }锁定了讨论
repo-issues-show-locked-because = { $who } { $time }锁定了讨论（{ $reason }）
repo-issues-show-unlocked = { $who } { $time }解锁了讨论

## 回应

repo-issues-react = 添加回应
repo-issues-react-confused = 困惑
repo-issues-react-counted = { $reaction }：{ $count }
repo-issues-react-eyes = 关注
repo-issues-react-heart = 喜欢
repo-issues-react-hooray = 庆祝
repo-issues-react-laugh = 大笑
repo-issues-react-names = { $names } 和其他 { $count } 人
repo-issues-react-rocket = 火箭
repo-issues-react-thumbs-down = 反对
repo-issues-react-thumbs-up = 赞同

## 批量修改

repo-issues-bulk-add = 添加
repo-issues-bulk-apply = 应用
repo-issues-bulk-back = 返回列表
repo-issues-bulk-changed = 已修改 { $count } 个。
repo-issues-bulk-close = 关闭
repo-issues-bulk-other = 无法修改。
repo-issues-bulk-remove = 移除
repo-issues-bulk-reopen = 重新打开
repo-issues-bulk-skipped = { $count } 个保持不变
repo-issues-bulk-tick = 选择“{ $title }”
repo-issues-bulk-ticked = 修改全部已选：
repo-issues-bulk-title = 批量修改

## 置顶、截止日期、依赖

repo-issues-blocked = 阻塞
repo-issues-blockers = 被阻塞于
repo-issues-dependencies = 依赖
repo-issues-dependency-add = 添加依赖
repo-issues-dependency-end = 依赖类型
repo-issues-dependency-other = #7 或 owner/name#7
repo-issues-dependency-remove = 移除与 { $other } 的依赖
repo-issues-due = 截止日期
repo-issues-due-help = 留空则移除日期。以当天 23:59 UTC 为准。
repo-issues-is-blocked = 被阻塞
repo-issues-list-milestones = 里程碑
repo-issues-list-no-milestone = 无里程碑
repo-issues-pin = 置顶
repo-issues-pin-after = 将“{ $title }”后移
repo-issues-pin-before = 将“{ $title }”前移
repo-issues-pin-off = 取消置顶
repo-issues-pin-on = 置顶于列表上方
repo-issues-pin-remove = 取消置顶“{ $title }”
repo-issues-pinned = 置顶
repo-issues-show-blocked-added = { $who } { $time }让 { $other } 等待此项
repo-issues-show-blocked-removed = { $who } { $time }移除了 { $other } 对此项的依赖
repo-issues-show-blocker-added = { $who } { $time }让此项等待 { $other }
repo-issues-show-blocker-removed = { $who } { $time }移除了对 { $other } 的依赖
repo-issues-show-close-anyway = 仍然关闭（被阻塞）
repo-issues-show-due = { $who } { $time }将截止日期设为 { $date }
repo-issues-show-elsewhere = 其他仓库中的一项
repo-issues-show-not-due = { $who } { $time }移除了截止日期
repo-issues-show-pinned = { $who } { $time }置顶
repo-issues-show-unpinned = { $who } { $time }取消置顶

## 保存的查询

repo-issues-saved = 已保存
repo-issues-saved-delete = 删除保存的查询“{ $name }”
repo-issues-saved-empty = 保存列表当前的查询，方便以后再用。
repo-issues-saved-name = 名称
repo-issues-saved-save = 保存这个查询

## 模板和表单

repo-issues-answer-box = 请勾选必选项。
repo-issues-answer-none = 未选择
repo-issues-answer-number = 请输入数字。
repo-issues-answer-required = 此项必填。
repo-issues-answer-some = 有些回答缺失或有误。
repo-issues-choose-blank = 空白议题
repo-issues-choose-blank-help = 自由填写内容。
repo-issues-choose-invalid = 以下模板无法使用
repo-issues-choose-nothing = 无法新建议题
repo-issues-choose-nothing-next = 此仓库只接受由模板新建的议题，但没有可用的模板。请联系仓库所有者。
repo-issues-choose-title = 新建议题
repo-issues-new-another = 选择其他模板
repo-issues-problem-address = 链接的地址要以 https:// 或 http:// 开头。
repo-issues-problem-alias = 不允许使用别名（“*name”）。
repo-issues-problem-duplicate = “{ $key }”出现了两次。
repo-issues-problem-id = id “{ $key }”只能包含字母、数字、“-”和“_”。
repo-issues-problem-missing = 缺少“{ $key }”。
repo-issues-problem-no-fields = 表单的“body”中至少要有一个可填写的字段。
repo-issues-problem-not-list = “{ $key }”必须是列表。
repo-issues-problem-not-map = 这里必须是键和值。
repo-issues-problem-not-text = “{ $key }”必须是文本。
repo-issues-problem-not-utf8 = 文件不是 UTF-8 文本。
repo-issues-problem-syntax = 不是有效的 YAML。
repo-issues-problem-too-deep = 嵌套过深。
repo-issues-problem-too-large = 文件过大。
repo-issues-problem-too-long = 条目过多。
repo-issues-problem-unknown-type = “{ $key }”不是字段类型。可用：markdown、input、textarea、dropdown、checkboxes。
repo-issues-similar = 相似的议题
repo-issues-similar-look = 查找相似的议题

### 合并请求的页面。

## 一个合并请求的各页共有的部分

repo-pulls-frame-base = 合并到
repo-pulls-frame-checks = 检查
repo-pulls-frame-commits = 提交
repo-pulls-frame-conversation = 讨论
repo-pulls-frame-copy = 复制分支名 { $branch }
repo-pulls-frame-files = 文件
repo-pulls-frame-gone = 分支已删除
repo-pulls-frame-head = 来自
repo-pulls-frame-merged = { $who } { $time }合并了此请求
repo-pulls-frame-merged-by-push = { $time }通过推送合并
repo-pulls-frame-tabs = 合并请求
repo-pulls-frame-wants = { $count ->
    [0] { $author } 请求合并
   *[other] { $author } 请求合并 { $count } 个提交
}

## 轮到谁

repo-pulls-turn-answer = 等待 { $author } 回应评审。
repo-pulls-turn-ask = 等待 { $author } 请求评审。
repo-pulls-turn-checks = 等待 { $author } 让检查通过。
repo-pulls-turn-conflicts = 等待 { $author } 解决冲突。
repo-pulls-turn-draft = { $author } 仍在进行中。
repo-pulls-turn-mergers = 可以合并，等待有写入权限的人操作。
repo-pulls-turn-restore = 等待 { $author } 重新推送或关闭。
repo-pulls-turn-reviewers = 等待 { $names } 评审。
repo-pulls-turn-threads = 等待 { $author } 解决讨论。
repo-pulls-turn-update = 等待 { $author } 更新分支。

## 列表

repo-pulls-list-checks-bad = 检查未通过
repo-pulls-list-checks-good = 检查通过
repo-pulls-list-checks-waiting = 检查进行中
repo-pulls-list-checks-warning = 检查通过，有警告
repo-pulls-list-draft = 草稿
repo-pulls-list-drafts = 仅草稿
repo-pulls-list-empty = 还没有合并请求
repo-pulls-list-empty-next = 推送一个分支，然后创建合并请求，请人评审并合并。
repo-pulls-list-into = 合并到 { $branch }
repo-pulls-list-merged = { $count } 个已合并
repo-pulls-list-mine-requested = 请我评审的
repo-pulls-list-mine-reviewed = 我评审过的
repo-pulls-list-new = 新建合并请求
repo-pulls-list-nothing = 没有符合条件的合并请求
repo-pulls-list-nothing-next = 查看全部开启的合并请求
repo-pulls-list-query = 筛选，例如 is:open review-requested:me base:main 崩溃
repo-pulls-list-ready = 不含草稿
repo-pulls-list-title = 合并请求

## 讨论

repo-pulls-show-ask-review = 请求评审
repo-pulls-show-branch-gone = 分支已删除。请先恢复或重新推送该分支，再重新打开合并请求。
repo-pulls-show-chain = 堆叠的合并请求
repo-pulls-show-chain-help = 每一个都基于上面的一个。合并其中一个后，下一个会移到它的基础分支上。
repo-pulls-show-close = 关闭合并请求
repo-pulls-show-draft = 草稿
repo-pulls-show-edit = 编辑
repo-pulls-show-other-reviewer = 其他用户名，或 组织/团队
repo-pulls-show-ready = 标为可以评审
repo-pulls-show-reopen = 重新打开合并请求
repo-pulls-show-reviewers = 评审人
repo-pulls-show-to-draft = 转为草稿

## 评审人

repo-pulls-reviewer-again = 再次请 { $name } 评审
repo-pulls-reviewer-approved = 已批准
repo-pulls-reviewer-changes = 要求修改
repo-pulls-reviewer-commented = 已评论
repo-pulls-reviewer-lapsed = 批准已失效
repo-pulls-reviewer-waiting = 等待评审
repo-pulls-reviewer-withdraw = 撤回对 { $name } 的评审请求

## 发生的事

repo-pulls-event-auto = { $who } { $time }设置了自动合并
repo-pulls-event-auto-base = { $time }因目标分支改变，自动合并已取消
repo-pulls-event-auto-conflicts = { $time }因存在冲突，自动合并已取消
repo-pulls-event-auto-not-allowed = { $time }因不再允许，自动合并已取消
repo-pulls-event-auto-off = { $who } { $time }取消了自动合并
repo-pulls-event-auto-pushed = { $time }因有新的推送，自动合并已取消
repo-pulls-event-base = { $who } { $time }将目标分支从 { $from } 改为 { $to }
repo-pulls-event-changes = 查看变化
repo-pulls-event-closed = { $who } { $time }关闭了合并请求
repo-pulls-event-commits = { $count } 个提交
repo-pulls-event-dismissed = { $who } { $time }撤销了 { $author } 的评审
repo-pulls-event-dismissed-because = { $who } { $time }撤销了 { $author } 的评审：{ $reason }
repo-pulls-event-draft = { $who } { $time }将此转为草稿
repo-pulls-event-forced = { $who } { $time }强制推送，从 { $old } 到 { $new }，现为版本 { $version }：{ $changes }
repo-pulls-event-head-deleted = { $who } { $time }删除了分支 { $branch }
repo-pulls-event-head-restored = { $who } { $time }恢复了分支 { $branch }
repo-pulls-event-merged = { $who } { $time }将此合并到 { $base }（{ $commit }）
repo-pulls-event-merged-by-push = { $time }因推送 { $commit } 而合并到 { $base }
repo-pulls-event-merged-into = { $who } { $time }将此合并到 { $base }
repo-pulls-event-pushed = { $who } { $time }推送了 { $commits }，现为版本 { $version }
repo-pulls-event-ready = { $who } { $time }将此标记为可以评审
repo-pulls-event-referenced = { $who } { $time }在 { $place } 中提到了此合并请求
repo-pulls-event-reopened = { $who } { $time }重新打开了合并请求
repo-pulls-event-request-removed = { $who } { $time }撤回了对 { $reviewer } 的评审请求
repo-pulls-event-requested = { $who } { $time }请 { $reviewer } 评审
repo-pulls-event-requested-owner = { $time }已请代码所有者 { $reviewer } 评审
repo-pulls-event-retargeted = { $time }下层的合并请求已合并，目标分支从 { $from } 改为 { $to }

## 评审

repo-pulls-review-approved = { $who } { $time }批准了版本 { $version }
repo-pulls-review-changes = { $who } { $time }对版本 { $version } 要求修改
repo-pulls-review-commented = { $who } { $time }评论了版本 { $version }
repo-pulls-review-dismiss = 撤销评审
repo-pulls-review-dismiss-help = 评审仍保留在此，但不再计入。原因对所有人可见。
repo-pulls-review-dismiss-of = 撤销 { $name } 的评审
repo-pulls-review-dismiss-reason = 原因
repo-pulls-review-dismissed = 已撤销
repo-pulls-review-lapsed = 已失效：改动与版本 { $version } 不同
repo-pulls-review-replied = 回复于

## 行评论

repo-pulls-thread-code = { $path } 中的代码
repo-pulls-thread-line = 第 { $line } 行
repo-pulls-thread-lines = 第 { $from } 至 { $to } 行
repo-pulls-thread-long = 此评论过长，无法在此显示。
repo-pulls-thread-old-line = 旧的第 { $line } 行
repo-pulls-thread-old-lines = 旧的第 { $from } 至 { $to } 行
repo-pulls-thread-outdated = 已过时 · 版本 { $version }
repo-pulls-thread-pending = 未提交
repo-pulls-thread-reply = 回复
repo-pulls-thread-reply-later = 加入评审
repo-pulls-thread-reply-to = 回复 { $path } 上的评论
repo-pulls-thread-resolve = 标为已解决
repo-pulls-thread-resolved = 已解决
repo-pulls-thread-see = 在文件中查看
repo-pulls-thread-see-old = 在版本 { $version } 的文件中查看
repo-pulls-thread-suggestion = 建议改动
repo-pulls-thread-unresolve = 重新打开

## 不能合并的原因

repo-pulls-obstacle-approvals = 需要 { $need } 个批准，目前有 { $have } 个。
repo-pulls-obstacle-approvals-next = 请有批准权限的人评审。
repo-pulls-obstacle-approvals-own = { $names } 的批准不计入：其中有他们推送的提交。请另找他人评审。
repo-pulls-obstacle-base-gone = 目标分支已不存在。
repo-pulls-obstacle-base-gone-next = 编辑此合并请求以选择其他分支，或重新推送该分支。
repo-pulls-obstacle-behind = 分支落后于目标分支。
repo-pulls-obstacle-behind-next = 规则要求包含目标分支的全部提交。请更新分支。
repo-pulls-obstacle-blocked = 它正在等待仍未关闭的 { $threads }。
repo-pulls-obstacle-blocked-next = 请先完成该事项，或移除这项依赖。
repo-pulls-obstacle-changes = { $names } 要求修改。
repo-pulls-obstacle-changes-next = 推送修改，然后再次请求评审。
repo-pulls-obstacle-check-failed = 无法判断能否合并。
repo-pulls-obstacle-check-failed-next = 合并超出了此服务器的上限。请在克隆中合并后推送。
repo-pulls-obstacle-checking = 正在检查能否合并。
repo-pulls-obstacle-checking-next = 此页会自动更新。
repo-pulls-obstacle-checks-failed = 必需的检查未通过：{ $names }。
repo-pulls-obstacle-checks-missing = 必需的检查尚未完成：{ $names }。
repo-pulls-obstacle-checks-next = 查看全部检查
repo-pulls-obstacle-closed = 已关闭。
repo-pulls-obstacle-conflicts = 与目标分支存在冲突。
repo-pulls-obstacle-conflicts-next = 在此解决冲突，或在克隆中合并目标分支后推送。
repo-pulls-obstacle-draft = 这是草稿。
repo-pulls-obstacle-draft-next = 完成后将其标为可以评审。
repo-pulls-obstacle-gone = 源分支已被删除，或其仓库已不存在或已设为私有。
repo-pulls-obstacle-gone-next = 恢复分支、重新推送，或关闭此合并请求。
repo-pulls-obstacle-method = 没有可用的合并方式。
repo-pulls-obstacle-method-next = 由仓库管理员在设置中选择合并方式。
repo-pulls-obstacle-not-allowed = 你没有权限合并到此分支。
repo-pulls-obstacle-not-allowed-next = 可由有写入权限的人合并。
repo-pulls-obstacle-nothing = 目标分支已包含全部提交。
repo-pulls-obstacle-nothing-next = 推送新的提交，或关闭此合并请求。
repo-pulls-obstacle-owners = 缺少代码所有者的批准：{ $owners }。
repo-pulls-obstacle-owners-next = 他们负责 { $paths }。
repo-pulls-obstacle-owners-unknown = 他们负责 { $paths }。{ $unknown } 无法批准：有写权限的用户和本仓库的团队中都没有这个名称。请修正目标分支中的 CODEOWNERS。
repo-pulls-obstacle-stacked = 它基于尚未合并的 { $below }。
repo-pulls-obstacle-stacked-next = 先合并下层的请求，此请求随后会移到它的目标分支上。
repo-pulls-obstacle-threads = { $count } 处讨论尚未解决。
repo-pulls-obstacle-threads-next = 回复并将其标为已解决。
repo-pulls-obstacle-unsigned = 部分提交没有提交者有效密钥的签名。
repo-pulls-obstacle-unsigned-next = 在克隆中为其签名，然后重新推送。

## 合并

repo-pulls-merge-behind = 分支缺少 { $branch } 的 { $count } 个提交。
repo-pulls-merge-bypass = 不满足规则也合并
repo-pulls-merge-bypass-loss = 尚未满足 { $branch } 的规则。你有权绕过规则合并，此操作会记入审计日志。
repo-pulls-merge-bypass-now = 绕过规则并合并
repo-pulls-merge-cancel = 取消自动合并
repo-pulls-merge-cherry-pick = 拣选
repo-pulls-merge-clear = 可以合并。
repo-pulls-merge-clear-for-others = 可由有写入权限的人合并。
repo-pulls-merge-closed = 已关闭，未合并
repo-pulls-merge-closed-next = 重新打开即可继续。{ $branch } 的所有版本都保留在此。
repo-pulls-merge-closed-restore = 恢复分支并重新打开合并请求即可继续。{ $branch } 的所有版本都保留在此。
repo-pulls-merge-delete-branch = 删除分支 { $branch }
repo-pulls-merge-deletes = 合并后删除分支 { $branch }
repo-pulls-merge-heading = 合并
repo-pulls-merge-how = 合并方式
repo-pulls-merge-later = 就绪后自动合并
repo-pulls-merge-merged = 已合并
repo-pulls-merge-merged-next = 提交已在 { $branch } 中。
repo-pulls-merge-message = 说明
repo-pulls-merge-now = 合并
repo-pulls-merge-planned = 就绪后将自动合并：{ $method }。
repo-pulls-merge-planned-by = { $who } 已设置就绪后自动合并：{ $method }。
repo-pulls-merge-restore-branch = 恢复分支 { $branch }
repo-pulls-merge-revert = 还原
repo-pulls-merge-title = 提交标题
repo-pulls-merge-update-merge = 以合并方式更新
repo-pulls-merge-update-rebase = 以变基方式更新

## 合并方式

repo-pulls-method-fast-forward = 快进
repo-pulls-method-fast-forward-help = 目标分支移到最新的提交。仅当它没有自己的提交时可用。
repo-pulls-method-merge = 合并提交
repo-pulls-method-merge-help = 保留全部提交，并增加一个合并提交。
repo-pulls-method-rebase = 变基
repo-pulls-method-rebase-help = 在目标分支之上重新应用提交。
repo-pulls-method-rebase-merge = 变基后合并提交
repo-pulls-method-rebase-merge-help = 重新应用提交，并增加一个合并提交。
repo-pulls-method-squash = 压缩合并
repo-pulls-method-squash-help = 全部改动成为一个提交。

## 冲突

repo-pulls-conflict-binary = 双方都修改了此二进制文件。
repo-pulls-conflict-both-added = 双方都添加了同名文件。
repo-pulls-conflict-content = 双方修改了相同的行。
repo-pulls-conflict-deleted-here = 目标分支中已删除，此分支中有修改。
repo-pulls-conflict-deleted-there = 目标分支中有修改，此分支中已删除。
repo-pulls-conflict-files = 冲突
repo-pulls-conflict-folder = 一方是文件夹，另一方是文件。
repo-pulls-conflict-folder-renamed = 所在的文件夹被另一方重命名。
repo-pulls-conflict-line = 自第 { $line } 行起
repo-pulls-conflict-link = 双方都修改了此链接的目标。
repo-pulls-conflict-mode = 文件模式不同。
repo-pulls-conflict-no-lines = 没有可比较的行。
repo-pulls-conflict-ours = { $branch } 中
repo-pulls-conflict-renamed = 双方重命名为不同的名称。
repo-pulls-conflict-renamed-deleted = 一方重命名，另一方删除。
repo-pulls-conflict-resolve = 解决冲突
repo-pulls-conflict-submodule = 双方都移动了此子模块。
repo-pulls-conflict-theirs = { $branch } 中
repo-pulls-conflict-too-large = 双方都修改了此大文件。
repo-pulls-conflict-type = 一方是文件，另一方是链接或子模块。

## 解决冲突

repo-pulls-resolve-back = 返回合并请求
repo-pulls-resolve-lead = 将每个文件编辑为 { $base } 合并到 { $head } 之后应有的样子，并删除标示冲突的行。
repo-pulls-resolve-markers = 仍有标示冲突的行，请一并删除。
repo-pulls-resolve-none = 已没有冲突。
repo-pulls-resolve-others = 以下文件无法在此解决。请在克隆中合并目标分支后推送。
repo-pulls-resolve-submit = 提交解决结果
repo-pulls-resolve-title = 解决冲突
repo-pulls-resolve-unfinished = 未完成

## 拣选

repo-pulls-pick-lead = 将 #{ $number } 的改动应用到另一个分支，作为新的合并请求。
repo-pulls-pick-onto = 分支
repo-pulls-pick-onto-help = 要获得这些改动的分支。
repo-pulls-pick-submit = 创建合并请求
repo-pulls-pick-title = 拣选

## 修改合并请求

repo-pulls-edit-base = 目标分支
repo-pulls-edit-base-help = 要合并到的分支。行评论会跟随它们的行。
repo-pulls-edit-title = 编辑合并请求 #{ $number }

## 设置

repo-pulls-settings-after = 合并前后
repo-pulls-settings-auto = 允许自动合并
repo-pulls-settings-auto-help = 就绪后可由服务器自动合并。
repo-pulls-settings-default = 首选方式
repo-pulls-settings-default-help = 须为允许的方式之一。
repo-pulls-settings-deletes = 合并后删除分支
repo-pulls-settings-deletes-help = 合并的人可另行决定。已删除的分支可以恢复。
repo-pulls-settings-methods = 允许的合并方式
repo-pulls-settings-title = 合并
repo-pulls-settings-updates = 允许的更新方式

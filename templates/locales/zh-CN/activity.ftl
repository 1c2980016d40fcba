### 动态：谁做了什么。

activity-branch-created = { $who } 创建了分支 { $branch }
activity-branch-deleted = { $who } 删除了分支 { $branch }
activity-issue-closed = { $who } 关闭了 { $issue }
activity-issue-commented = { $who } 评论了 { $issue }
activity-issue-opened = { $who } 创建了 { $issue }
activity-issue-reopened = { $who } 重新打开了 { $issue }
activity-model-published = { $who } 发布了版本 { $version }
activity-older = 更早的动态
activity-pull-approved = { $who } 批准了 { $pull }
activity-pull-closed = { $who } 关闭了 { $pull }
activity-pull-commented = { $who } 评论了 { $pull }
activity-pull-merged = { $who } 将 { $pull } 合并到 { $branch }
activity-pull-opened = { $who } 创建了 { $pull }
activity-pull-refused = { $who } 对 { $pull } 要求修改
activity-pull-reopened = { $who } 重新打开了 { $pull }
activity-pull-reviewed = { $who } 评审了 { $pull }
activity-pushed = { $count ->
    [0] { $who } 推送到 { $branch }
   *[other] { $who } 向 { $branch } 推送了 { $count } 个提交
}
activity-repository-created = { $who } 创建了仓库
activity-somebody = 有人
activity-tag-created = { $who } 推送了 Git 标签 { $tag }
activity-tag-deleted = { $who } 删除了 Git 标签 { $tag }
activity-task-failed = { $who } 的 { $task } 运行失败
activity-task-launched = { $who } 提交了 { $task }
activity-task-stopped = { $who } 的 { $task } 已停止
activity-task-succeeded = { $who } 的 { $task } 运行成功
activity-release-published = { $who } 发布了发行版 { $release }

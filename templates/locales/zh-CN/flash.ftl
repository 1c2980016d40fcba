### 表单提交后在下一页显示的一句话；若有参数，名为 `value`。

flash-account-changed = 账号 { $value } 已更新。
flash-invite-deleted = 邀请已撤回。
flash-comment-deleted = 评论已删除。
flash-compute-changed = { $value } 已修改。
flash-compute-deleted = { $value } 已删除。
flash-compute-made = { $value } 已创建。
flash-compute-paused = { $value } 已暂停，不再启动新任务。
flash-compute-resumed = { $value } 已恢复。
flash-image-pinned = { $value } 已固定为镜像仓库中的当前内容。
flash-images-tested = 冒烟任务稍后启动，排在其他人的任务之后。
flash-key-added = 已添加密钥“{ $value }”。
flash-key-removed = 密钥已删除。
flash-label-created = 标签“{ $value }”已创建。
flash-label-deleted = 标签“{ $value }”已删除。
flash-model-published = { $value } 已发布。
flash-password-changed = 密码已修改，其他浏览器均已退出登录。
flash-repository-created = 已创建 { $value }。
flash-repository-deleted = 已删除 { $value }。
flash-repository-renamed = 仓库现名为 { $value }。
flash-saved = 已保存。
flash-signed-out-elsewhere = 其他浏览器均已退出登录。
flash-task-deleted = 计算任务 #{ $value } 已删除。
flash-task-storing = 正在保存输出，请稍后刷新查看。
flash-token-deleted = 令牌已删除，立即失效。
flash-welcome = 欢迎你，{ $value }。

### 站点管理。

admin-audit-act-changed = 修改
admin-audit-act-deleted = 删除
admin-audit-act-discarded = 丢弃
admin-audit-act-disabled = 停用
admin-audit-act-enabled = 启用
admin-audit-act-made = 创建
admin-audit-act-paused = 暂停
admin-audit-act-pinned = 固定摘要
admin-audit-act-resumed = 恢复
admin-audit-act-retried = 重试
admin-audit-after = 修改后
admin-audit-before = 修改前
admin-audit-changes = { $count } 个字段
admin-audit-count = 共 { $count } 条
admin-audit-empty = 没有记录
admin-audit-every-kind = 全部
admin-audit-field = 字段
admin-audit-kind = 类别
admin-audit-kind-accelerator = 加速卡
admin-audit-kind-image = 镜像
admin-audit-kind-job = 后台作业
admin-audit-kind-pool = 资源池
admin-audit-kind-quota = 配额
admin-audit-kind-scene = 场景
admin-audit-kind-spec = 资源规格
admin-audit-kind-user = 账号
admin-audit-kind-variant = 镜像变体
admin-audit-operator = 运维人员
admin-audit-subject = 对象的代码
admin-audit-submit = 筛选
admin-audit-title = 审计日志

admin-invites-created = 创建于 { $time }
admin-invites-delete = 撤回
admin-invites-empty = 还没有邀请
admin-invites-expired = 已过期
admin-invites-lead = 站点不开放注册时，一个邀请可供一人注册，两周内有效。
admin-invites-list = 已创建的邀请
admin-invites-made = 请把这个地址交给一位受邀者
admin-invites-note = 邀请对象
admin-invites-note-help = 仅管理员可见。
admin-invites-once = 地址只显示这一次。
admin-invites-open = { $time } 前有效
admin-invites-submit = 创建邀请
admin-invites-title = 邀请
admin-invites-unnamed = 未注明
admin-invites-used = 使用于 { $time }

admin-jobs-attempts = { $count ->
    [0] 尚未执行
   *[other] 已执行 { $count } 次
}
admin-jobs-count = 共 { $count } 个作业
admin-jobs-cron = Cron 表达式
admin-jobs-data = 数据
admin-jobs-discard = 丢弃
admin-jobs-due = 计划于 { $time } 执行
admin-jobs-empty = 没有作业
admin-jobs-every-state = 全部状态
admin-jobs-failed = 失败
admin-jobs-failed-at = { $time } 放弃
admin-jobs-filter = 筛选
admin-jobs-lead = 推送、计算任务和邮件之后的后台工作。失败的作业会自动重试，间隔逐次加长；十次之后保留在这里。
admin-jobs-list = 作业列表
admin-jobs-next = 下次执行
admin-jobs-oldest = 最早等待
admin-jobs-queue = 队列
admin-jobs-queue-deliveries = 事件分发
admin-jobs-queue-housekeeping = 日常清理
admin-jobs-queue-mail = 邮件
admin-jobs-queue-repositories = 仓库
admin-jobs-queue-tasks = 计算任务
admin-jobs-run = 立即执行
admin-jobs-running = 执行中
admin-jobs-schedule = 定时任务
admin-jobs-schedules = 定时任务
admin-jobs-state = 状态
admin-jobs-title = 后台作业
admin-jobs-undispatched = { $count ->
    [0] 所有事件都已分发。
   *[other] 有 { $count } 个事件等待分发。
}
admin-jobs-waiting = 等待中

admin-overview-address = 地址
admin-overview-admins = 位管理员
admin-overview-database = 数据库
admin-overview-disk = 磁盘
admin-overview-disk-free = 可用 { $free }，共 { $total }
admin-overview-disk-low = 磁盘空间即将用尽
admin-overview-disk-low-next = 在可用空间达到 { $reserve } 之前，不接受新的计算任务和上传。推送及其他小型操作不受影响。
admin-overview-lost = 有 { $count } 个大文件的内容已丢失
admin-overview-lost-next = 持有这些文件的人可以用 git lfs push --all 重新上传；也可以从数据目录的备份中恢复。
admin-overview-proxy = { $address } 似乎是未在配置中声明的代理
admin-overview-proxy-next = 该地址转发请求，并已为多个账号输入错误密码。如果它是您的代理，请写入 server.trusted_proxies；否则其后的所有人共用一个地址及其限额。如果不是，则有人正从该地址猜测密码。
admin-overview-registration = 注册方式
admin-overview-registration-closed = 仅由管理员创建
admin-overview-registration-invite = 凭邀请注册
admin-overview-registration-open = 开放注册
admin-overview-repositories = 个仓库
admin-overview-title = 站点
admin-overview-users = 个账号
admin-overview-version = 版本

admin-users-acts = 操作
admin-users-block = 封禁
admin-users-count = 共 { $count } 个账号
admin-users-created = 注册时间
admin-users-email = 邮箱
admin-users-is-admin = 管理员
admin-users-is-blocked = 已封禁
admin-users-make-admin = 设为管理员
admin-users-name = 账号
admin-users-search = 名称中的文字
admin-users-submit = 搜索
admin-users-title = 账号
admin-users-unblock = 解除封禁
admin-users-unmake-admin = 取消管理员

### 站点管理。

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

admin-overview-address = 地址
admin-overview-admins = 位管理员
admin-overview-database = 数据库
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

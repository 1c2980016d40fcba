### 站点管理员：为单个所有者设置大文件上限。

admin-large-files-acts = 操作
admin-large-files-empty = 没有单独设置的上限
admin-large-files-empty-next = 所有人都使用配置文件中的上限。可在上方为某个用户或组织设置其他上限。
admin-large-files-gib = 上限（GiB）
admin-large-files-gib-help = 0 表示不限。留空表示使用配置文件中的上限。
admin-large-files-lead = 配置文件限制每个所有者的大文件总量（limits.owner_lfs_bytes）。在此可为某个用户或组织设置其他上限。修改立即生效，不删除任何文件，并记入审计日志。
admin-large-files-list = 单独设置的上限
admin-large-files-owner = 用户或组织
admin-large-files-remove = 恢复默认上限
admin-large-files-save = 保存
admin-large-files-used = 用量

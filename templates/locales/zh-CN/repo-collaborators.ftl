### 单个仓库的协作者。

repo-collaborators-add = 添加协作者或更改其权限
repo-collaborators-change = 更改
repo-collaborators-change-name = 更改 { $name } 的权限
repo-collaborators-empty = 还没有协作者
repo-collaborators-lead = 以下是协作者在此仓库中的权限，不含由所有者的团队授予的权限。
repo-collaborators-role = 整个仓库
repo-collaborators-submit = 保存
repo-collaborators-title = 协作者
repo-collaborators-units = 按单元设置
repo-collaborators-units-help = 在个别单元中授予比整个仓库更高的权限。
repo-collaborators-units-only = 仅按单元设置的权限

### 单个仓库的协作者。

repo-collaborators-add = 添加协作者
repo-collaborators-change = 更改权限
repo-collaborators-change-name = 更改权限：{ $name }
repo-collaborators-empty = 还没有协作者
repo-collaborators-empty-next = 在下方添加协作者，并按单元授予权限。
repo-collaborators-lead = 除所有者的团队之外，可以访问此仓库的人。
repo-collaborators-remove-loss = 对方将失去在此获得的权限，通过团队获得的权限不变。
repo-collaborators-role = 所有功能
repo-collaborators-submit = 保存
repo-collaborators-title = 协作者
repo-collaborators-units = 按功能设置权限
repo-collaborators-units-help = 在部分功能中授予比其余功能更高的权限。
repo-collaborators-units-only = 仅以下功能

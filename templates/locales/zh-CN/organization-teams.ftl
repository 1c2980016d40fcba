### 组织的团队。

organization-teams-members = { $count } 名成员
organization-teams-tab = 团队

## 修改

organization-teams-edit-delete = 删除此团队
organization-teams-edit-delete-loss = 成员将失去此团队的权限。不在其他团队中的成员会退出组织。
organization-teams-edit-owners = 所有者团队拥有全部权限，只能修改其描述。
organization-teams-edit-submit = 保存

## 列表

organization-teams-list-lead = 团队为成员授予部分或全部仓库的权限。

## 新建团队

organization-teams-new-all = 所有仓库
organization-teams-new-all-help = 包括以后新建的仓库。
organization-teams-new-chosen = 选定的仓库
organization-teams-new-chosen-help = 在团队页面中选择。
organization-teams-new-description = 描述
organization-teams-new-may-create = 可以创建仓库
organization-teams-new-may-create-help = 成员可在组织中创建仓库，并接受转移给组织的仓库。
organization-teams-new-name = 名称
organization-teams-new-reach = 仓库访问范围
organization-teams-new-roles = 权限
organization-teams-new-submit = 创建团队
organization-teams-new-title = 新建团队

## 单个团队

organization-teams-show-add = 添加
organization-teams-show-add-member = 添加成员
organization-teams-show-add-member-help = 组织成员立即加入，其他人会收到邀请。
organization-teams-show-add-repository = 添加仓库
organization-teams-show-all = 可访问所有仓库
organization-teams-show-chosen = 可访问选定的仓库
organization-teams-show-edit = 编辑团队
organization-teams-show-may-create = 可以创建仓库
organization-teams-show-members = 成员
organization-teams-show-nobody = 还没有成员
organization-teams-show-detach-loss = 此团队的成员将失去由此获得的访问权限。
organization-teams-show-nothing = 还没有仓库
organization-teams-show-remove-loss = 该成员将失去此团队授予的权限；不在其他团队中的成员将退出组织。
organization-teams-show-repository = 仓库
organization-teams-show-nobody-next = 按用户名添加成员，成员即获得此团队的权限。
organization-teams-show-nothing-next = 添加组织的仓库，或让团队参与所有仓库。

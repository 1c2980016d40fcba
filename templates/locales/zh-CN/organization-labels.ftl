### 组织的标签。

organization-labels-add = 添加到所有仓库
organization-labels-add-help = 已有的仓库会得到其缺少的标签。同名标签保持不变，已归档的仓库除外。
organization-labels-delete = 删除
organization-labels-delete-loss = 新仓库不再带有此标签，已有的仓库保留各自的标签。
organization-labels-delete-name = 删除标签“{ $name }”
organization-labels-empty-next = 创建此组织所有仓库都应有的标签。
organization-labels-lead = 此组织的新仓库会带有这些标签，之后各仓库可自行更改。

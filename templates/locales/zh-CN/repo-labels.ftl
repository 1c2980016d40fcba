### 仓库的标签。

repo-labels-color = 颜色
repo-labels-count = { $count } 个开启的议题
repo-labels-defaults = 添加默认标签
repo-labels-delete = 删除标签
repo-labels-description = 描述
repo-labels-empty = 还没有标签
repo-labels-empty-next = 用标签给议题分类：缺陷、问题、需要帮助。
repo-labels-loss = “{ $name }”会从所有议题中移除。带有此标签的开启议题：{ $count } 个。
repo-labels-name = 名称
repo-labels-new = 新建标签
repo-labels-submit = 创建标签
repo-labels-title = 标签
repo-labels-exclusive = 在其范围内互斥
repo-labels-exclusive-badge = 互斥
repo-labels-exclusive-help = 用于“priority/high”这样的名称：一个议题最多有一个同一范围的标签，新标签会替换旧标签。

### 仓库的标签。

repo-labels-color = 颜色
repo-labels-count = { $count } 个开启的议题
repo-labels-defaults = 添加默认标签
repo-labels-delete = 删除标签
repo-labels-description = 说明
repo-labels-empty = 还没有标签
repo-labels-empty-next = 标签用来给议题分类：缺陷、问题、需要帮助。
repo-labels-loss = “{ $name }”将从所有议题上移除，其中 { $count } 个仍处于开启状态。
repo-labels-name = 名称
repo-labels-new = 新建标签
repo-labels-submit = 创建标签
repo-labels-title = 标签

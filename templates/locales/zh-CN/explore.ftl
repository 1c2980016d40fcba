### 发现本站内容。

explore-empty-next = 试试更少或不同的关键词。
explore-repositories-count = { $count } 个仓库
explore-repositories-empty = 没有找到仓库
explore-repositories-kind = 类型
explore-repositories-kind-all = 全部类型
explore-repositories-kind-code = 代码
explore-repositories-kind-dataset = 数据集
explore-repositories-kind-model = 模型
explore-repositories-search = 搜索名称或描述
explore-repositories-sort = 排序
explore-repositories-sort-created = 最新创建
explore-repositories-sort-name = 名称
explore-repositories-sort-updated = 最近更新
explore-repositories-title = 仓库
explore-submit = 搜索
explore-title = 发现
explore-users-count = { $count } 位用户
explore-users-empty = 没有找到用户
explore-users-search = 搜索用户名
explore-users-title = 用户

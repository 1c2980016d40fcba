### 仓库的星标与关注者。

repo-interest-archived = 此仓库自 { $date } 起已归档，只能读取。
repo-interest-archived-badge = 已归档
repo-interest-forks-title = 派生
repo-interest-lists = 人员与派生仓库
repo-interest-nobody = 还没有
repo-interest-star = 加星标
repo-interest-stars-title = 星标
repo-interest-template = 模板
repo-interest-unstar = 已加星标
repo-interest-use-template = 使用此模板
repo-interest-watch = 关注
repo-interest-watch-everything = 全部
repo-interest-watch-issues = 议题
repo-interest-watch-mentions = 仅我参与或被提及的内容
repo-interest-watch-nothing = 不关注
repo-interest-watch-parts = 部分内容
repo-interest-watch-pulls = 合并请求
repo-interest-watch-releases = 发行版
repo-interest-watch-save = 保存
repo-interest-watchers-title = 关注者
repo-interest-watching = 关注中

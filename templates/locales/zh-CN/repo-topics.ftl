### 仓库的主题。

repo-topics-edit = 编辑主题
repo-topics-help = 最多 { $most } 个，以空格分隔。只能使用字母、数字、“-”和“.”。
repo-topics-lead = 主题是供他人找到此仓库的词语。
repo-topics-save = 保存主题
repo-topics-title = 主题

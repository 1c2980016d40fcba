### 由模板创建的仓库。

repo-generate-history = 带上历史
repo-generate-history-help = 包含默认分支的全部提交；否则其文件成为一个全新的提交。
repo-generate-lead = 新仓库以此模板的文件和标签开始，与模板相互独立。
repo-generate-title = 使用此模板

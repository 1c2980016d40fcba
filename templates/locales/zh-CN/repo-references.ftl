### 分支和 Git 标签列表共用的文字。

repo-references-deleted = 删除于 { $time }
repo-references-deleted-by = { $who } 删除于 { $time }
repo-references-gone = 其提交已不再保存，无法恢复。
repo-references-restore = 恢复
repo-references-restore-name = 恢复 { $name }
repo-references-revision = 来自
repo-references-revision-help = 分支、Git 标签或提交。留空表示默认分支。
repo-references-search = 搜索
repo-references-until = 可恢复至 { $date }

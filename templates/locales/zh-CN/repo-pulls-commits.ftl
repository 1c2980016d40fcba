### 合并请求的提交。

repo-pulls-commits-copy = 复制 { $id }
repo-pulls-commits-cut = 其余提交未列出。
repo-pulls-commits-forced = 强制推送
repo-pulls-commits-found = 发现于 { $time }
repo-pulls-commits-preparing = 正在准备提交，请稍后刷新页面。
repo-pulls-commits-pushed = { $who } 于 { $time }推送
repo-pulls-commits-since = 此后的改动
repo-pulls-commits-version = 版本 { $number }
repo-pulls-commits-versions = 版本

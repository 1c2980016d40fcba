### 推送之后 git 显示的内容，每行前有 `remote:`。

push-deleted = 已删除 { $name }。
push-more = 另有 { $count } 个引用。
push-moved-back = { $name } 已回退。
push-new = 已保存新引用 { $name }。
push-new-commits = 已保存新引用 { $name }，含 { $count } 次提交。
push-new-many-commits = 已保存新引用 { $name }，含 { $most } 次或更多提交。
push-commits = { $name } 已新增 { $count } 次提交。
push-many-commits = { $name } 已新增 { $most } 次或更多提交。
push-no-task = 此次推送没有启动计算任务。新建任务：
push-recorded-later = 推送已保存，由它触发的操作稍后进行。

## 拒绝的原因

push-refused-default-branch = { $name }：这是默认分支。请先在设置中更换默认分支，再删除它。
push-refused-namespace = { $name }：只能推送分支、标签和注释（notes）。
push-refused-too-large = 此次推送共 { $size }，超过上限 { $limit }（{ $key }）。请分批推送，或使用 git-lfs。
push-refused-unchecked = 服务器暂时无法检查此次推送，仓库没有任何变化。请稍后重试。

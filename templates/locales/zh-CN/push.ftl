### 推送之后 git 显示的内容，每行前有 `remote:`。

push-deleted = 已删除 { $name }。
push-more = 另有 { $count } 项。
push-moved-back = { $name } 已回退到较早的提交。
push-new = 已创建 { $name }。
push-new-commits = 已创建 { $name }，含 { $count } 个提交。
push-new-many-commits = 已创建 { $name }，含至少 { $most } 个提交。
push-commits = 已向 { $name } 添加 { $count } 个提交。
push-many-commits = 已向 { $name } 添加至少 { $most } 个提交。
push-no-task = 此次推送未启动计算任务。新建任务：
push-recorded-later = 推送已保存，后续操作稍后执行。

## 拒绝的原因

push-refused-default-branch = { $name } 是默认分支。请先在设置中更换默认分支，再删除它。
push-refused-namespace = { $name } 被拒绝：只能推送分支、Git 标签和注释（notes）。
push-refused-too-large = 此次推送共 { $size }，超过上限 { $limit }（{ $key }）。请分批推送，或使用 Git LFS。
push-refused-unchecked = 服务器无法检查此次推送，仓库没有变化。请稍后重试。

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
push-pull-request = { $name } 对应合并请求 #{ $number }：
push-pull-request-new = 为 { $name } 创建合并请求：
push-recorded-later = 推送已保存，后续操作稍后执行。
push-rule-bypassed = 你绕过了规则“{ $pattern }”，此操作已记入审计日志。

## 拒绝的原因

push-refused-access = 推送开始后，你对此仓库的权限有变化。仓库没有变化。
push-refused-default-branch = { $name } 是默认分支。请先在设置中更换默认分支，再删除它。
push-refused-namespace = { $name } 被拒绝：只能推送分支、Git 标签和注释（notes）。
push-refused-rule-create = { $name } 被拒绝：规则“{ $pattern }”不允许你创建它。
push-refused-rule-delete = { $name } 被拒绝：规则“{ $pattern }”不允许你删除它。
push-refused-rule-force = { $name } 被拒绝：规则“{ $pattern }”不允许你替换已有的提交。请先获取，再在其基础上推送。
push-refused-rule-linear = { $name } 被拒绝：规则“{ $pattern }”要求历史中没有合并提交。请先变基，再推送。
push-refused-rule-push = { $name } 被拒绝：规则“{ $pattern }”不允许你直接推送。请推送到其他分支，再新建合并请求。
push-refused-rule-too-many = { $name } 被拒绝：规则“{ $pattern }”会检查每个新提交，而此次提交过多。请分批推送。
push-refused-rule-unsigned = { $name } 被拒绝：规则“{ $pattern }”要求提交由提交者账号的有效密钥签名。请将密钥添加到账号，签名后再推送。
push-refused-too-large = 此次推送共 { $size }，超过上限 { $limit }（{ $key }）。请分批推送，或使用 Git LFS。
push-refused-unchecked = 服务器无法检查此次推送，仓库没有变化。请稍后重试。

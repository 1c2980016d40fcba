### 分支和 Git 标签的规则。

## 列表

repo-rules-list-empty = 还没有规则
repo-rules-list-empty-next = 没有规则时，有写入权限的人可以推送到任何分支。为默认分支设置规则可以保护它的历史。
repo-rules-list-lead = 对推送、网页提交、API 和合并均有效。
repo-rules-list-new-branch = 新建分支规则
repo-rules-list-new-tag = 新建 Git 标签规则
repo-rules-list-tags = Git 标签
repo-rules-list-title = 规则

## 概要

repo-rules-sum-administrators = { $act }：管理员
repo-rules-sum-approvals = { $count } 个批准
repo-rules-sum-checks = { $count } 项必需的检查
repo-rules-sum-create = 创建
repo-rules-sum-delete = 删除
repo-rules-sum-force = 强制推送
repo-rules-sum-listed = { $act }：列出的 { $count } 个
repo-rules-sum-merge = 合并
repo-rules-sum-move = 移动
repo-rules-sum-nobody = { $act }：无人
repo-rules-sum-nothing = 没有限制
repo-rules-sum-push = 推送

## 一条规则

repo-rules-administrators = 仓库管理员
repo-rules-blocks = 有人要求修改时不能合并
repo-rules-code-owners = 须由代码所有者批准
repo-rules-code-owners-help = CODEOWNERS 中列出的文件，须由其所有者之一批准。
repo-rules-edit-approvals = 批准数
repo-rules-edit-approvals-help = 需要多少人批准。0 表示不需要。
repo-rules-edit-branch = 分支规则
repo-rules-edit-checks = 必需的检查
repo-rules-edit-checks-help = 每行一个，“*”代表任意文字。每项都须通过。
repo-rules-edit-delete = 删除规则
repo-rules-edit-delete-loss = { $pattern } 所保护的内容将不再受保护。
repo-rules-edit-demands = 合并之前
repo-rules-edit-history = 提交
repo-rules-edit-new = 新建规则
repo-rules-edit-pattern = 模式
repo-rules-edit-pattern-help = 名称，或形如 release/* 的模式。
repo-rules-edit-people = 人员，以逗号分隔
repo-rules-edit-tag = Git 标签规则
repo-rules-edit-teams = 团队，以逗号分隔
repo-rules-edit-who = 谁可以做什么
repo-rules-lapses = 改动变化后批准失效
repo-rules-lapses-help = 仅变基不会使批准失效。
repo-rules-linear = 不允许合并提交
repo-rules-linear-help = 合并请求须变基或压缩。
repo-rules-listed = 仅列出的人和团队
repo-rules-nobody = 无人
repo-rules-resolved = 所有讨论须已解决
repo-rules-retrain = 重新训练并比较
repo-rules-retrain-allowance = 允许变差的幅度
repo-rules-retrain-allowance-help = 以指标自身的单位表示。0：不允许变差。
repo-rules-retrain-automatic = 自动开始
repo-rules-retrain-automatic-help = 适用于本仓库的分支，以推送者的身份运行。来自派生仓库的源分支只在有人按下按钮后训练。
repo-rules-retrain-better = 更好的方向
repo-rules-retrain-higher = 越高越好
repo-rules-retrain-lead = 对每个合并请求的源分支运行一个任务。任务必须成功，还可以把它的一个指标与目标分支比较。
repo-rules-retrain-lower = 越低越好
repo-rules-retrain-metric = 要比较的指标
repo-rules-retrain-metric-help = 任务记录的名称。留空：任务只需成功。
repo-rules-retrain-name = 名称
repo-rules-retrain-name-help = 检查的名称为 retrain/名称。留空：不训练。
repo-rules-retrain-now = 当前任务：
repo-rules-retrain-task = 要重复的任务
repo-rules-retrain-task-help = 本仓库中一个任务的编号。会复制其程序、参数、镜像和规格。留空：保持不变。
repo-rules-signed = 提交须签名
repo-rules-signed-help = 使用提交者账号的有效密钥签名。在本站生成的提交由本站签名。
repo-rules-sum-retraining = 重新训练：{ $name }
repo-rules-up-to-date = 分支须为最新
repo-rules-up-to-date-help = 须包含目标分支的全部提交。
repo-rules-who-approves = 谁的批准计入？
repo-rules-who-bypasses = 谁可以绕过这些要求？
repo-rules-who-create = 谁可以创建？
repo-rules-who-delete = 谁可以删除？
repo-rules-who-force = 谁可以强制推送？
repo-rules-who-merge = 谁可以合并到此？
repo-rules-who-move = 谁可以将其移到另一个提交？
repo-rules-who-push = 谁可以推送？
repo-rules-writers = 所有有写入权限的人

### 仓库的代码页面。

## 动态

repo-activity-empty = 还没有动态
repo-activity-empty-next = 推送、议题、计算任务和发布的模型都会显示在这里。
repo-activity-title = 动态

## 所有分支

repo-branches-default = 默认
repo-branches-hidden = 另有 { $count } 个分支未显示。
repo-branches-none = 还没有分支
repo-branches-title = 分支

## 单个提交

repo-commit-added = 新增
repo-commit-all-files = 显示所有文件
repo-commit-binary = 二进制文件，未显示
repo-commit-browse = 浏览文件
repo-commit-committer = 由 { $name } 提交
repo-commit-deleted = 删除
repo-commit-file-truncated = 差异过大，未完整显示。
repo-commit-files = { $count } 个文件有变更
repo-commit-files-more = 超过 { $count } 个文件有变更
repo-commit-message-cut = 提交说明过长，未完整显示。
repo-commit-modified = 修改
repo-commit-more-parents = 另有 { $count } 个父提交
repo-commit-no-lines = 没有行变更
repo-commit-only-whitespace = 仅空白字符有改动
repo-commit-parent = 父提交
repo-commit-renamed = 重命名
repo-commit-show-file = 显示改动
repo-commit-split = 并排视图
repo-commit-tree = 文件
repo-commit-truncated = 提交过大，未完整显示。
repo-commit-type-changed = 类型变更
repo-commit-unified = 合并视图
repo-commit-whitespace-hide = 忽略空白
repo-commit-whitespace-show = 显示空白

## 历史

repo-commits-browse = 浏览 { $id } 的文件
repo-commits-cut = 更早的提交未列出，因为查找耗时过长。
repo-commits-merge = 合并
repo-commits-newer = 较新
repo-commits-older = 较早
repo-commits-title = 提交

## 新建仓库

repo-create-begin = 初始内容
repo-create-description = 描述
repo-create-gitignore = .gitignore
repo-create-lead = 仓库包含代码及其历史、议题、计算任务，以及由此产出的模型。
repo-create-licence = 许可证
repo-create-name = 名称
repo-create-name-help = 地址：{ $owner }/名称
repo-create-name-help-plain = 地址的一部分，位于所有者名称之后。
repo-create-none = 无
repo-create-owner = 所有者
repo-create-private-help = 只有你选择的人可以看到。
repo-create-public-help = 所有人可见，由你决定谁可以推送。
repo-create-readme = 添加 README
repo-create-readme-help = 推送已有的仓库时不要勾选。
repo-create-submit = 创建仓库
repo-create-title = 新建仓库
repo-create-visibility = 可见性

## 还没有提交的仓库

repo-empty-push = 推送已有的仓库
repo-empty-push-help = 在仓库目录中运行：
repo-empty-start = 从头开始
repo-empty-title = 还没有推送内容
repo-empty-token = Git 要求输入密码时，请输入访问令牌。{ $link }
repo-empty-token-link = 创建令牌
repo-empty-token-made = 令牌已创建
repo-empty-token-once = 下面的命令已填入此令牌。请立即复制，令牌只显示这一次。
repo-empty-wait = 你已经可以克隆。所有者还没有推送提交。
repo-find-count = { $count } 个文件
repo-find-cut = 此提交的文件过多，这里只查找了其中一部分。
repo-find-empty = 没有匹配的文件
repo-find-empty-next = 请减少输入的字符：它们只需按此顺序出现在路径中。
repo-find-keys = 用方向键选择文件，按 Enter 打开，按 Esc 返回代码。
repo-find-placeholder = 路径的一部分，例如 srctrain
repo-find-submit = 查找
repo-find-title = 查找文件
repo-find-to = 转到文件

## 文件


## 文件夹

repo-folder-entries = 文件
repo-folder-hidden = 另有 { $count } 项未显示。
repo-folder-history = 历史
repo-folder-part = 部分最后提交未显示，因为历史过长，无法一次查完。
repo-folder-up = 上级文件夹

## 仓库首页

repo-home-about = 关于
repo-home-all-branches = 所有分支
repo-home-branches = { $count } 个分支
repo-home-clone = 克隆
repo-home-clone-http = 通过 HTTP 克隆
repo-home-commits = { $count } 个提交
repo-home-commits-more = 超过 { $count } 个提交
repo-home-commits-unknown = 提交
repo-home-languages = 语言
repo-home-languages-unknown = 尚未统计
repo-home-no-card = 暂无模型卡
repo-home-no-card-next = 推送一个 README.md，说明模型的用途、训练数据和评测结果，它会显示在这里。
repo-home-no-description = 暂无描述
repo-home-tab-card = 模型卡
repo-home-tab-files = 文件
repo-home-tags = { $count } 个 Git 标签

## 仓库设置

repo-settings-danger = 危险操作
repo-settings-default-branch = 默认分支
repo-settings-default-branch-help = 默认显示的分支，也是 git clone 检出的分支。
repo-settings-delete = 删除此仓库
repo-settings-delete-confirm = 输入 { $name } 以确认
repo-settings-delete-loss = 代码、议题、计算任务及其记录将被永久删除。
repo-settings-general = 常规
repo-settings-rename = 重命名
repo-settings-rename-loss = 在被他人占用之前，旧地址会自动跳转到新地址。
repo-settings-save = 保存
repo-settings-title = 设置
repo-settings-visibility = 更改可见性
repo-settings-website = 网站

## 所有标签

repo-tags-blob = 文件
repo-tags-hidden = 另有 { $count } 个 Git 标签未显示。
repo-tags-none = 还没有 Git 标签
repo-tags-tag = 嵌套的 Git 标签
repo-tags-title = Git 标签
repo-tags-tree = 文件夹
repo-lineage-about = 此模型每个版本的来源：产出它的运行，以及所运行代码的提交。
repo-lineage-code = 代码
repo-lineage-empty = 暂无版本
repo-lineage-empty-next = 发布训练任务的输出后，版本会与该运行和代码相关联。
repo-lineage-pushed = 不是由你有权查看的运行产出
repo-lineage-run = 运行
repo-lineage-time = 时间
repo-lineage-title = 溯源
repo-lineage-version = 版本

### 仓库的代码页面。

## 动态

repo-activity-empty = 还没有动态
repo-activity-empty-next = 推送、议题、计算任务和发布的模型都会显示在这里。
repo-activity-title = 动态
repo-branches-create = 创建分支
repo-branches-cut = 部分分支未列出，因为读取全部分支耗时过长。
repo-branches-delete-loss = 分支将被删除。在一段时间内可以从下方列表恢复。
repo-branches-delete-name = 删除 { $name }
repo-branches-deleted = 最近删除
repo-branches-distance = 领先 { $ahead }，落后 { $behind }
repo-branches-name = 名称
repo-branches-new = 新建分支
repo-branches-new-name = 新名称
repo-branches-none-found = 没有匹配的分支
repo-branches-rename = 重命名
repo-branches-rename-help = 打开的合并请求、以此命名的规则和链接会随之更新。
repo-branches-rename-name = 重命名 { $name }
repo-branches-rules = 规则
repo-branches-search = 搜索分支

## 所有分支

repo-branches-default = 默认
repo-branches-none = 还没有分支
repo-branches-title = 分支

## 单个提交

repo-commit-added = 新增
repo-commit-all-files = 显示所有文件
repo-commit-binary = 二进制文件，未显示
repo-commit-browse = 浏览文件
repo-commit-cell-code = 代码单元格 { $number }
repo-commit-cell-raw = 原始单元格 { $number }
repo-commit-cell-text = 文本单元格 { $number }
repo-commit-cells-same = { $count } 个单元格没有改动
repo-commit-committer = 由 { $name } 提交
repo-commit-deleted = 删除
repo-commit-expand = 再显示 { $count } 行
repo-commit-expand-below = 显示下方的行
repo-commit-file-truncated = 差异过大，未完整显示。
repo-commit-files = { $count } 个文件有变更
repo-commit-files-more = 超过 { $count } 个文件有变更
repo-commit-lfs = 由 Git LFS 存储
repo-commit-message-cut = 提交说明过长，未完整显示。
repo-commit-mode = 权限 { $old } → { $new }
repo-commit-modified = 修改
repo-commit-more-parents = 另有 { $count } 个父提交
repo-commit-no-lines = 没有行变更
repo-commit-only-whitespace = 仅空白字符有改动
repo-commit-outputs-added = { $count } 个输出
repo-commit-outputs-changed = 输出有改动：之前 { $old } 个，之后 { $new } 个
repo-commit-outputs-removed = 移除了 { $count } 个输出
repo-commit-parent = 父提交
repo-commit-picture-after = 之后
repo-commit-picture-before = 之前
repo-commit-renamed = 重命名
repo-commit-show-file = 显示改动
repo-commit-similar = { $percent }% 相同
repo-commit-sizes = { $old } → { $new }
repo-commit-split = 并排视图
repo-commit-submodule-added = 子模块位于 { $commit }
repo-commit-submodule-moved = 子模块从 { $old } 移到 { $new }
repo-commit-submodule-removed = 子模块已移除，最后位于 { $commit }
repo-commit-tree = 文件
repo-commit-tree-filter = 筛选文件
repo-commit-truncated = 提交过大，未完整显示。
repo-commit-type-changed = 类型变更
repo-commit-unified = 合并视图
repo-commit-viewed = 已查看
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
repo-folder-filter = 名称的一部分
repo-folder-filter-now = 筛选
repo-folder-filter-off = 显示全部
repo-folder-history = 历史
repo-folder-looking = 正在查找最后的提交。
repo-folder-looking-wait = 等待结果
repo-folder-next = 下一页
repo-folder-none = 没有匹配的名称。
repo-folder-part = 部分最后提交未显示，因为历史过长，无法一次查完。
repo-folder-previous = 上一页
repo-folder-range = 第 { $first }–{ $last } 项，共 { $total } 项
repo-folder-up = 上级文件夹

## 仓库首页

repo-home-about = 关于
repo-home-all-branches = 所有分支
repo-home-branches = { $count } 个分支
repo-home-clone = 克隆
repo-home-clone-http = 通过 HTTP 克隆
repo-home-clone-ssh = 通过 SSH 克隆
repo-home-clone-ssh-key = 你还没有 SSH 密钥，{ $link }。
repo-home-clone-ssh-key-link = 添加一个
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
repo-settings-archive = 归档仓库
repo-settings-archive-loss = 归档后只能读取：在取消归档之前，推送、议题、合并请求和计算任务都会被拒绝。计算任务须已结束。

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
repo-settings-template = 模板仓库
repo-settings-template-help = 其他人可以用其文件创建自己的仓库。
repo-settings-template-save = 保存
repo-settings-unarchive = 取消归档
repo-settings-unarchive-help = 之后可以再次写入。
repo-settings-title = 设置
repo-settings-visibility = 更改可见性
repo-settings-website = 网站

## 所有标签

repo-tags-blob = 文件
repo-tags-create = 创建 Git 标签
repo-tags-delete-loss = Git 标签将被删除。在一段时间内可以从下方列表恢复。
repo-tags-delete-name = 删除 { $name }
repo-tags-deleted = 最近删除
repo-tags-message = 说明
repo-tags-message-help = 可选。有说明的 Git 标签会记录创建者和时间。
repo-tags-name = 名称
repo-tags-new = 新建 Git 标签
repo-tags-new-release = 新建发行版
repo-tags-none-found = 没有匹配的 Git 标签
repo-tags-release = 发行版
repo-tags-search = 搜索 Git 标签
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
repo-verified = 已验证
repo-verified-bad = 签名错误
repo-verified-bad-details = 签名与此内容不符：签名是为其他内容生成的，或已损坏。
repo-verified-bad-key = 密钥无效
repo-verified-certificate = 使用 X.509 证书签名。此服务器无法检查这类签名。
repo-verified-compromised = 使用 { $signer } 的密钥 { $key } 签名，但该密钥可能曾被他人持有，已被吊销。此签名不能证明任何事。
repo-verified-details = 由 { $signer } 使用密钥 { $key } 签名，且提交者的邮箱属于同一账号。
repo-verified-expired = 使用 { $signer } 的密钥 { $key } 签名。该密钥现已过期，而签名时间只有签名者自己的说法。
repo-verified-here = 在本站生成
repo-verified-here-details = 本站为已登录的提交者生成此提交，并用自己的密钥 { $key } 签名。
repo-verified-lapsed = 曾已验证
repo-verified-not = 未验证
repo-verified-other-address = 签名正确，使用 { $signer } 的密钥 { $key } 生成，但提交者的邮箱不属于该账号。
repo-verified-pgp = 使用 OpenPGP 签名，但此服务器无法检查其方式。
repo-verified-revoked = 使用 { $signer } 的密钥 { $key } 签名。该密钥后来被替换或弃用，而签名时间只有签名者自己的说法。
repo-verified-unchecked = 使用此服务器无法检查的方式签名。
repo-verified-unknown-key = 没有账号拥有密钥 { $key }。
repo-verified-untimely = 使用 { $signer } 的密钥 { $key } 签名，但签名时该密钥无效。
repo-verified-weak = 签名基于可伪造的 SHA-1、MD5 或 RIPEMD。请使用 SHA-256 或更强的算法签名。
repo-commits-renamed = 从 { $before } 重命名为 { $after }

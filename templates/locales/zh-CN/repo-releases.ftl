### 仓库的发行版。

## 列表与单个发行版

repo-releases-assets = 文件
repo-releases-assets-of = { $release } 的文件
repo-releases-asset-delete = 删除 { $name }
repo-releases-asset-delete-loss = 文件将被永久删除，指向它的链接会失效。
repo-releases-asset-downloads = { $count } 次下载
repo-releases-asset-sha256 = SHA-256
repo-releases-badge-draft = 草稿
repo-releases-badge-latest = 最新
repo-releases-badge-prerelease = 预发行
repo-releases-by = { $author } 发布于 { $time }
repo-releases-by-nobody = 发布于 { $time }
repo-releases-delete = 删除发行版
repo-releases-delete-loss = 发行版、说明和 { $count } 个文件将被永久删除。除非你另行选择，Git 标签会保留。
repo-releases-delete-tag = 同时删除 Git 标签 { $tag }
repo-releases-draft-by = 草稿创建于 { $time }
repo-releases-draft-help = 只有能写入发行版的人可以看到此草稿。要发布它，请选择“编辑”。
repo-releases-edit = 编辑
repo-releases-empty = 还没有发行版
repo-releases-empty-next = 发行版为一个 Git 标签附上标题、说明和可下载的文件。
repo-releases-feed = Atom 订阅源
repo-releases-new = 新建发行版
repo-releases-no-tag = Git 标签 { $tag } 已不存在。
repo-releases-origin = 由运行 { $task } 产生
repo-releases-origin-other = 其代码为 { $commit }，与此发行版的提交不同。
repo-releases-origin-patch = 其代码在 { $commit } 之外另有修改。
repo-releases-origin-record = 运行记录
repo-releases-origin-same = 其代码就是此发行版的提交 { $commit }。
repo-releases-source-tarball = 源代码（tar.gz）
repo-releases-source-zip = 源代码（zip）
repo-releases-tags = Git 标签
repo-releases-title = 发行版

## 表单

repo-releases-form-chosen = 最新发行版
repo-releases-form-chosen-help = 保留“最新”徽标，直到你选择另一个；否则由最新发布的发行版持有。
repo-releases-form-create-title = 新建发行版
repo-releases-form-draft = 保存为草稿
repo-releases-form-edit-title = 编辑 { $title }
repo-releases-form-generate = 生成说明
repo-releases-form-generate-help = 按标签列出自上一个发行版以来合并的合并请求。上方的文字会被替换。
repo-releases-form-message = Git 标签说明
repo-releases-form-message-help = 可选。有说明的 Git 标签会记录创建者和时间。
repo-releases-form-notes = 说明
repo-releases-form-prerelease = 预发行
repo-releases-form-prerelease-help = 不适合用于生产环境。
repo-releases-form-previous = 上一个 Git 标签
repo-releases-form-previous-auto = 自动选择
repo-releases-form-publish = 发布
repo-releases-form-save = 保存修改
repo-releases-form-tag = Git 标签
repo-releases-form-tag-help = 现有的 Git 标签，或发布时创建的新 Git 标签。
repo-releases-form-target = 目标
repo-releases-form-target-help = 新 Git 标签所在的分支或提交。留空表示默认分支。
repo-releases-form-task = 运行记录
repo-releases-form-task-help = 可选：产生权重的计算任务编号，须属于此仓库且已结束。
repo-releases-form-title = 标题
repo-releases-form-title-help = 可选。留空时显示 Git 标签。
repo-releases-form-unpublish = 改回草稿

## 上传

repo-releases-upload = 添加文件
repo-releases-upload-cancel = 删除上传
repo-releases-upload-failed = 上传已停止。已到达的部分会保留：再次选择同一文件即可继续。
repo-releases-upload-help = 每个文件最大 { $limit }。连接中断后再次选择同一文件，即可从中断处继续。
repo-releases-upload-paused = 已收到 { $received }，共 { $size }
repo-releases-upload-refused = 文件未被接受：可能过大，或此发行版已有同名文件。
repo-releases-upload-running = 正在上传 { $name }
repo-releases-upload-submit = 上传
repo-releases-upload-unfinished = 未完成的上传

## 生成的说明

repo-releases-notes-breaking = 不兼容的变更
repo-releases-notes-changes = 变更内容
repo-releases-notes-compare = **全部变更**：{ $link }
repo-releases-notes-documentation = 文档
repo-releases-notes-features = 新增
repo-releases-notes-fixes = 修复
repo-releases-notes-hidden = 另有 { $count } 个更早的合并请求未列出。
repo-releases-notes-line = { $title }，由 { $author } 在 { $number } 中完成
repo-releases-notes-newcomer = { $author } 在 { $number } 中首次作出贡献
repo-releases-notes-newcomers = 新贡献者
repo-releases-notes-nothing = 自上一个发行版以来没有合并任何合并请求。
repo-releases-notes-other = 其他变更

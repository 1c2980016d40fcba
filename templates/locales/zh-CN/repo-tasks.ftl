### 单个仓库的计算任务。

repo-tasks-list-empty = 还没有计算任务
repo-tasks-list-empty-next = 选择“新建计算任务”，或在本地克隆中运行一个文件：
repo-tasks-list-new = 新建计算任务
repo-tasks-list-no-code = 还没有推送内容
repo-tasks-list-no-code-next = 推送第一个提交

repo-tasks-new-boot-help = { $revision }（{ $commit }）中的 Python 文件。
repo-tasks-new-boot-part = 未列出全部文件。如缺少所需文件，请输入其路径。
repo-tasks-new-command-rule = 在代码目录中由镜像的 shell 运行，例如 torchrun --nproc-per-node 2 train.py。它取代启动文件和参数。
repo-tasks-new-command-instead = 改为运行命令
repo-tasks-new-cards = 卡数
repo-tasks-new-check-files = 此版本有 { $count } 个 Python 文件
repo-tasks-new-check-later = 将排在队列第 { $place } 位
repo-tasks-new-check-no-file = 此版本没有 Python 文件
repo-tasks-new-check-no-revision = 没有名为 { $revision } 的分支、Git 标签或提交。
repo-tasks-new-check-now = 立即启动
repo-tasks-new-code = 代码
repo-tasks-new-code-ahead = { $count ->
   *[other] 比该任务运行的代码新 { $count } 个提交。
}
repo-tasks-new-code-all = { $branch } 的全部提交
repo-tasks-new-code-apart = 分支历史已被改写：新增 { $ahead } 个提交，该任务所含的 { $behind } 个提交已不在分支上。
repo-tasks-new-code-behind = { $count ->
   *[other] 比该任务运行的代码旧 { $count } 个提交。
}
repo-tasks-new-code-differs = 与该任务运行的代码不同，两者之间的提交数无法统计。
repo-tasks-new-code-gone = 启动该任务的分支 { $branch } 已不存在。
repo-tasks-new-code-newest = { $branch } 的最新提交（{ $commit }）
repo-tasks-new-code-pinned = 与上次相同的代码（{ $commit }）
repo-tasks-new-code-same = 与该任务运行的提交相同：此后没有推送新的提交。
repo-tasks-new-code-which = 运行哪份代码？本次重复任务 #{ $task }。
repo-tasks-new-code-with-patch = { $title }，包含该任务未推送的改动
repo-tasks-new-revision-other = 或其他分支、Git 标签或提交
repo-tasks-new-command = 复制为命令
repo-tasks-new-command-again = 按表单更新
repo-tasks-new-command-help = 命令从环境变量 HEARTH_TOKEN 读取访问令牌。
repo-tasks-new-command-patch = 原任务的未推送修改只随此表单提交，命令中不包含。
repo-tasks-new-curl = 使用 curl
repo-tasks-new-description = 描述
repo-tasks-new-environment = 环境
repo-tasks-new-fits-nowhere = 超出所有机器的容量
repo-tasks-new-free = 当前空闲
repo-tasks-new-image-help = 程序所用的解释器和软件包。
repo-tasks-new-images = 查看各镜像的内容
repo-tasks-new-look = 查看文件
repo-tasks-new-memory = 内存
repo-tasks-new-name = 名称
repo-tasks-new-name-help = 可选，默认使用启动文件或命令的名称。
repo-tasks-new-network = 允许访问网络
repo-tasks-new-network-help = 不勾选时，程序无法访问网络。
repo-tasks-new-no-engine = 没有运行中的计算引擎，无法提交任务。
repo-tasks-new-no-image = 没有可用的镜像：服务器未找到 Python 解释器。
repo-tasks-new-nodes = 机器数
repo-tasks-new-nodes-help = 每台机器都有以上资源，同时启动。最多 { $most } 台，默认 1 台。
repo-tasks-new-now = 可用
repo-tasks-new-no-pool = 没有可用于这类任务的资源池
repo-tasks-new-no-variant = 镜像不支持
repo-tasks-new-parameter-add = 添加参数
repo-tasks-new-parameter-name = 名称
repo-tasks-new-parameter-remove = 移除参数
repo-tasks-new-parameters = 参数
repo-tasks-new-parameters-help = 按顺序以 --name=value 的形式传给程序，空行会被忽略。
repo-tasks-new-priority = 优先级
repo-tasks-new-priority-help = 仅限管理员。大于 0 时排在其他任务之前，并可能抢占它们。
repo-tasks-new-requirements = { $count ->
    [0] requirements.txt 中没有软件包。
   *[other] requirements.txt：程序启动前将安装 { $count } 个软件包。
}
repo-tasks-new-requirements-engine = 不会安装 requirements.txt：本站的引擎不安装软件包。
repo-tasks-new-requirements-large = 不会安装 requirements.txt：文件过大。
repo-tasks-new-requirements-network = 不会安装 requirements.txt：机器无法为此提供网络。
repo-tasks-new-requirements-no-index = 不会安装 requirements.txt：运维人员未设置软件包索引。
repo-tasks-new-requirements-operator = 不会安装 requirements.txt：运维人员已关闭此功能。
repo-tasks-new-requirements-sandbox = 不会安装 requirements.txt：机器没有可用于安装的沙箱。
repo-tasks-new-requirements-secret = 不会安装 requirements.txt：运维人员未设置任务可以使用的软件包索引。
repo-tasks-new-requirements-skip = 不安装，直接启动
repo-tasks-new-requirements-unreachable = 不会安装 requirements.txt：软件包索引目前没有响应。
repo-tasks-new-resources = 资源
repo-tasks-new-revision = 分支、Git 标签或提交
repo-tasks-new-revision-help = 任务会固定在它当前指向的提交。
repo-tasks-new-run = 运行
repo-tasks-new-submit = 提交任务
repo-tasks-new-summary = 摘要
repo-tasks-new-time-limit = 时间上限（分钟）
repo-tasks-new-time-limit-help = 最多 { $most }，默认为该值。
repo-tasks-new-title = 新建计算任务
repo-tasks-new-waiting = { $count ->
    [0] 使用中
   *[other] { $count } 个任务等待中
}

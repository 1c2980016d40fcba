### 单个仓库的计算任务。

repo-tasks-list-empty = 暂无计算任务
repo-tasks-list-empty-next = 点击“新建计算任务”，或在本地克隆中运行：
repo-tasks-list-new = 新建计算任务
repo-tasks-list-no-code = 还没有可运行的代码
repo-tasks-list-no-code-next = 推送第一个提交

repo-tasks-new-boot-help = { $revision }（{ $commit }）中的 Python 文件。
repo-tasks-new-boot-part = 文件过多，此处未全部列出。如缺少所需文件，请直接输入其路径。
repo-tasks-new-command-rule = 在代码目录中由镜像的 shell 执行，例如 torchrun --nproc-per-node 2 train.py。命令取代启动文件，参数请直接写在命令里。
repo-tasks-new-command-instead = 改为运行命令
repo-tasks-new-cards = 卡数
repo-tasks-new-check-files = 该版本有 { $count } 个 Python 文件
repo-tasks-new-check-later = 它将排在队列第 { $place } 位。
repo-tasks-new-check-no-file = 该版本没有 Python 文件
repo-tasks-new-check-now = 提交后立即启动
repo-tasks-new-code = 代码
repo-tasks-new-command = 复制为命令
repo-tasks-new-command-again = 按当前填写内容更新命令
repo-tasks-new-command-help = 命令从环境变量 HEARTH_TOKEN 读取访问令牌。
repo-tasks-new-command-patch = 被复制任务的未推送改动只会随此表单提交，命令不包含这些改动。
repo-tasks-new-curl = 使用 curl
repo-tasks-new-description = 描述
repo-tasks-new-environment = 环境
repo-tasks-new-fits-nowhere = 超出所有机器
repo-tasks-new-free = 当前空闲
repo-tasks-new-image-help = 程序所用的解释器和软件包。
repo-tasks-new-look = 查看文件
repo-tasks-new-memory = 内存
repo-tasks-new-name = 名称
repo-tasks-new-name-help = 留空则使用启动文件或命令的名称。
repo-tasks-new-network = 允许访问网络
repo-tasks-new-network-help = 不勾选时，程序无法访问外部。
repo-tasks-new-no-engine = 本站目前没有运行计算任务的引擎，无法启动任务。
repo-tasks-new-no-image = 没有可用镜像：服务器未找到 Python 解释器。
repo-tasks-new-nodes = 机器数
repo-tasks-new-nodes-help = 每台机器都具有上面所选的资源，并同时启动。最多 { $most } 台，留空表示一台。
repo-tasks-new-now = 可用情况
repo-tasks-new-no-pool = 没有可用于此类任务的资源池
repo-tasks-new-no-variant = 该镜像没有适用于这种卡的变体
repo-tasks-new-parameter-add = 添加参数
repo-tasks-new-parameter-name = 名称
repo-tasks-new-parameter-remove = 移除该参数
repo-tasks-new-parameters = 参数
repo-tasks-new-parameters-help = 程序依次以 --name=value 的形式收到每个参数，空行会被忽略。
repo-tasks-new-priority = 优先级
repo-tasks-new-priority-help = 仅限管理员：大于 0 时排在其他任务之前，必要时会抢占它们的资源。
repo-tasks-new-resources = 资源
repo-tasks-new-revision = 分支、标签或提交
repo-tasks-new-revision-help = 任务会固定到它当前指向的提交。
repo-tasks-new-run = 运行
repo-tasks-new-submit = 启动
repo-tasks-new-summary = 摘要
repo-tasks-new-time-limit = 时间上限（分钟）
repo-tasks-new-time-limit-help = 最多 { $most }，留空即为该值。
repo-tasks-new-title = 新建计算任务
repo-tasks-new-waiting = { $count ->
    [0] 已被占用
   *[other] { $count } 个任务等待中
}

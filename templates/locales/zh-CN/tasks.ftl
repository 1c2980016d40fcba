### 计算任务的页面。

tasks-kind-inference = 推理
tasks-kind-train = 训练

## 每个部分的上方

tasks-frame-attempts = 尝试：
tasks-frame-clone = 修改后再运行
tasks-frame-detail = 详情：{ $detail }
tasks-frame-launched = { $person } { $time }提交
tasks-frame-module-image = 在 { $image } 中重新运行
tasks-frame-module-nowhere = 目前没有已知包含 { $module } 的镜像，查看镜像
tasks-frame-of-node = 节点 { $node }：{ $sentence }
tasks-frame-place = 排队第 { $place } 位，共 { $waiting } 个
tasks-frame-publish = 发布为模型
tasks-frame-rerun = 重新运行
tasks-frame-steps = 步骤
tasks-frame-stop = 停止
tasks-frame-stop-loss = 程序有 30 秒时间保存进度，届时未保存的内容会丢失。
tasks-frame-stop-name = 停止任务 #{ $number }
tasks-frame-tabs = 任务详情
tasks-step-collect = 保存输出
tasks-step-end = 结束
tasks-step-packages = 软件包
tasks-step-prepare = 准备
tasks-step-queue = 排队
tasks-step-run = 运行
tasks-step-total = 共 { $time }
tasks-tab-files = 运行记录
tasks-tab-lineage = 溯源
tasks-tab-log = 日志
tasks-tab-metrics = 指标
tasks-tab-outputs = 输出
tasks-tab-overview = 概览
tasks-tab-resources = 资源

## 列表

tasks-list-active = 等待中或运行中
tasks-list-all = 全部
tasks-list-count = { $count } 个计算任务
tasks-list-empty = 还没有计算任务
tasks-list-apply = 应用
tasks-list-columns = 列与条件
tasks-list-columns-shown = 显示的列
tasks-list-compare = 对比所选
tasks-list-compare-help = 选择两个或更多任务，最多 { $most } 个
tasks-list-condition-is = 比较方式
tasks-list-condition-name = 参数或指标
tasks-list-conditions = 仅显示满足以下条件的任务
tasks-list-empty-next = 打开你的一个仓库，在“计算任务”中新建。
tasks-list-every-kind = 所有类型
tasks-list-filter = 筛选
tasks-list-kind = 类型
tasks-list-nothing = 没有符合条件的计算任务
tasks-list-nothing-next = 显示全部计算任务
tasks-list-launched = 提交
tasks-list-search = 搜索名称
tasks-list-tabs = 状态
tasks-list-reset = 重置
tasks-list-title = 我的计算任务
tasks-list-select = 选择
tasks-list-select-one = 选择任务 #{ $number }
tasks-list-sort = 排序
tasks-list-state = 状态
tasks-list-task = 计算任务
tasks-compare-differences = 仅看差异
tasks-compare-differs = （有差异）
tasks-compare-environment = 环境
tasks-compare-everything = 显示全部
tasks-compare-few = 请至少选择两个任务
tasks-compare-few-next = 在任务列表中选择任务，然后点击“对比所选”。
tasks-compare-no = 否
tasks-compare-packages = { $same ->
   *[other] 其中 { $same } 个软件包的版本全部相同。
}
tasks-compare-packages-hidden = { $count ->
   *[other] 另有 { $count } 个软件包版本不同。
}
tasks-compare-program = 程序
tasks-compare-reason = 原因
tasks-compare-repository = 仓库
tasks-compare-system = 系统
tasks-compare-title = 对比计算任务
tasks-compare-value = 项目
tasks-compare-yes = 是

## 概览

tasks-overview-boot = 启动文件
tasks-overview-cards = { $cards } × { $card }，{ $cpus } 个 CPU，{ $memory }
tasks-overview-code = 代码
tasks-overview-command = 命令
tasks-overview-config = 配置
tasks-overview-cpus = { $cpus } 个 CPU，{ $memory }
tasks-overview-danger = 危险操作
tasks-overview-delete = 删除此任务
tasks-overview-delete-loss = 日志、指标、输出和运行记录会一并删除，已发布的模型会保留。
tasks-overview-delete-name = 删除任务 #{ $number }
tasks-overview-earlier = 更早的 { $count } 步
tasks-overview-exit-code = 退出码
tasks-overview-history = 历史
tasks-overview-image = 镜像
tasks-overview-last = 最新
tasks-overview-later = 之后的 { $count } 步
tasks-overview-least = 最低
tasks-overview-limit = 时间上限
tasks-overview-machine = 机器
tasks-overview-metric = 指标
tasks-overview-missing = 此次运行未记录：
tasks-overview-more-curves = 另有 { $count } 条曲线
tasks-overview-most = 最高
tasks-overview-network = 网络
tasks-overview-network-off = 不允许
tasks-overview-network-on = 允许
tasks-overview-no-outputs = 无
tasks-overview-no-outputs-yet = 还没有
tasks-overview-nodes = { $count } 台机器
tasks-overview-outputs = { $count } 个文件
tasks-overview-parameter = 参数
tasks-overview-parent = 来源任务
tasks-overview-patch = 未推送的修改
tasks-overview-patch-help = { $files } 个文件，+{ $added } −{ $removed }，基于此提交
tasks-overview-queue = 排队中
tasks-overview-queue-ahead = 前面的任务
tasks-overview-queue-amounts = { $cards } 张卡，{ $cpus } 个 CPU，{ $memory }
tasks-overview-queue-card-memory = 每张卡至少 { $memory }
tasks-overview-queue-eta = 预计启动
tasks-overview-queue-eta-span = { $low }至 { $high }后
tasks-overview-queue-eta-unknown = 未知
tasks-overview-queue-eta-within = { $high }内
tasks-overview-queue-free = 当前空闲
tasks-overview-queue-free-cards = 单台机器：{ $room }；{ $machines } 台机器共 { $cards } 张卡
tasks-overview-queue-need = 所需资源
tasks-overview-queue-nowhere = 没有足够大的机器
tasks-overview-queue-place = 位置
tasks-overview-queue-priority = 优先级
tasks-overview-queue-priority-any = 大于 0 时排在其他任务之前，并可能抢占它们。
tasks-overview-queue-priority-less = 数值越低，越让其他任务先运行。只有管理员可以再调高。
tasks-overview-queue-priority-set = 更改
tasks-overview-queue-switch = 使用此规格
tasks-overview-queue-switches = 使用以下规格可立即启动：
tasks-overview-result = 结果
tasks-overview-seed = 随机种子
tasks-overview-source-agent = 代理
tasks-overview-source-engine = 引擎
tasks-overview-source-queue = 队列
tasks-overview-source-server = 服务器
tasks-overview-source-user = 用户
tasks-overview-spec = 资源规格
tasks-overview-step = { $sentence } { $code } · { $source } · { $time }
tasks-overview-tail = 日志末尾
tasks-overview-tail-all = 完整日志
tasks-overview-took = 时长
tasks-overview-value = 值

## 日志

tasks-log-cut = [… 此行还有 { $size }，请下载日志]
tasks-log-earlier = 第 { $line } 行之前
tasks-log-empty = 还没有日志
tasks-log-empty-next = 任务启动后会显示在这里。
tasks-log-found = 第 { $rank } 处，共 { $count } 处
tasks-log-found-before = 共 { $count } 处，均在此行之前
tasks-log-found-none = 没有匹配的内容
tasks-log-later = 之后的行
tasks-log-next = 下一处
tasks-log-no-error = 日志中没有发现错误
tasks-log-nodes = 各机器的日志
tasks-log-partial = 只搜索了前 { $part }（共 { $whole }）。请下载日志以搜索其余部分。
tasks-log-previous = 上一处

## 指标与资源

tasks-metrics-count = 序号
tasks-metrics-empty = 还没有指标
tasks-metrics-empty-next = 打印形如 name=value 的行，或在输出目录中写入 metrics.jsonl。每个名称会成为一张图表。
tasks-metrics-epoch = 轮次
tasks-metrics-hidden = 另有 { $count } 条曲线在 metrics.jsonl 中。
tasks-metrics-relative = 距开始的时间
tasks-metrics-scale = 刻度
tasks-metrics-scale-auto = 自动
tasks-metrics-scale-linear = 线性
tasks-metrics-scale-log = 对数
tasks-metrics-show = 显示
tasks-metrics-smoothing = 平滑
tasks-metrics-left-out = 记录的指标超过 { $count } 个，其余的只在 metrics.jsonl 中。
tasks-metrics-thinned = 较长的曲线显示每段的最低值和最高值，全部数值在 metrics.jsonl 中。
tasks-metrics-step = 步数
tasks-metrics-take = 全部数值：
tasks-metrics-with = { $count ->
    [0] 与其他任务比较…
   *[other] 与 { $count } 个任务比较
}
tasks-metrics-with-help = 把这些任务画在同一张图中，总共最多 { $count } 个
tasks-metrics-x = 横轴
tasks-metrics-x-relative = 距开始的时间
tasks-metrics-x-step = 步数
tasks-metrics-x-wall = 时刻（UTC）
tasks-resources-cards = 加速卡利用率（%）
tasks-resources-cpu = CPU（100% 为一个 CPU）
tasks-resources-cpu-said = 平均使用了预留 CPU 的 { $percent }%。
tasks-resources-empty = 还没有采样
tasks-resources-empty-next = 程序运行期间每隔几秒测量一次用量。
tasks-resources-memory = 内存（MiB）
tasks-resources-memory-said = 峰值使用了预留内存的 { $percent }%。
tasks-resources-note = { $samples } 个采样 · 最多 { $processes } 个进程
tasks-resources-reserved = 预留
tasks-resources-used = 已用

## 输出、运行记录、溯源

tasks-files-about = 说明
tasks-files-cut = 下载文件可查看其余内容。
tasks-files-empty = 还没有运行记录
tasks-files-empty-next = 首次尝试时生成，固定代码、镜像、参数、环境和每个输出的哈希。
tasks-files-environment = 解释器以及程序可用的全部软件包
tasks-files-events = 时间线，每步一行
tasks-files-metrics = 记录的全部指标
tasks-files-patch = 未推送的修改
tasks-files-receipt = 本次尝试使用的资源
tasks-files-run = 复现本次运行所需的一切
tasks-files-sums = 本记录中每个文件的哈希
tasks-lineage-inputs = 代码
tasks-lineage-none = 此次运行还没有发布内容
tasks-lineage-outputs = 模型
tasks-lineage-run = 运行
tasks-outputs-empty = 还没有输出
tasks-outputs-empty-next = 写入输出目录的文件会保留在这里，附有大小和哈希。
tasks-outputs-file = 文件
tasks-outputs-program = 从命令行下载
tasks-outputs-size = 大小
tasks-outputs-undelivered = 尚未保存的输出
tasks-outputs-undelivered-about = 有 { $count } 个文件（{ $size }）已写出但未保存：代理已结束，或磁盘已满。
tasks-outputs-undelivered-discard = 删除
tasks-outputs-undelivered-discard-loss = 这 { $count } 个文件将被永久删除。
tasks-outputs-undelivered-kept = 保留至 { $time }。
tasks-outputs-undelivered-store = 保存

## 发布

tasks-publish-model = 模型
tasks-publish-model-help = 新名称会创建模型，已有名称会添加新版本。为其他所有者的模型添加版本时，填写“所有者/名称”。
tasks-publish-note = 版本说明
tasks-publish-note-help = 显示在模型卡顶部。指标、来源和哈希会从运行记录中加入。
tasks-publish-nothing = 此任务没有可发布的输出
tasks-publish-title = 发布为模型版本
tasks-publish-whole = 此次运行有 { $count } 个文件（{ $size }），无法在此逐一选择，将全部发布。如需只发布一部分，请使用 API。
tasks-publish-visibility = 新模型的可见性

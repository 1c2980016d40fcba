common-large-files = 大文件
common-large-files-used = 已用 { $used }，共 { $most }。
common-large-files-used-unlimited = 已用 { $used }。
### 多个页面共用的文字。各节内按键排序，节与节之间空一行。

common-by = 来自 { $name }
common-code = 代码
common-copied = 已复制
common-copy = 复制
common-crumbs = 路径
common-description = 推送代码、启动训练，得到每个字节都可溯源的模型。
common-issue-closed = 已关闭
common-issue-open = 开启
common-pages = 分页
common-pages-next = 下一页
common-pages-previous = 上一页
common-prose-caution = 当心
common-prose-diagram = 源代码
common-prose-diagram-failed = 无法绘制此图
common-prose-diagram-large = 此图过大，无法绘制。
common-prose-formula = 无法显示此公式
common-prose-important = 重要
common-prose-large = 文本超过排版的大小上限（limits.markdown_bytes），已按纯文本显示。
common-prose-note = 说明
common-prose-plain = 文本过于复杂，无法排版，已按纯文本显示。
common-prose-tip = 提示
common-prose-warning = 警告
common-private = 私有
common-public = 公开
common-pull-closed = 已关闭
common-pull-draft = 草稿
common-pull-merged = 已合并
common-pull-open = 开启
common-settings-keys = SSH 密钥
common-skip = 跳到正文
common-bar-tasks = 计算任务

## 顶栏

common-bar-account = 账号：{ $name }
common-bar-admin = 站点管理
common-bar-administer = 进入管理员模式
common-bar-administer-end = 退出管理员模式
common-bar-create = 新建…
common-bar-create-organization = 新建组织
common-bar-create-repository = 新建仓库
common-bar-explore = 发现
common-bar-profile = 个人主页
common-bar-settings = 设置
common-bar-sign-in = 登录
common-bar-sign-out = 退出登录
common-bar-sign-up = 注册
common-bar-site = 站点

## 页脚

common-foot-about = 关于
common-foot-language = 语言
common-foot-theme = 主题
common-foot-time = 页面用时 { $milliseconds } 毫秒

## 计算任务的状态

common-state-created-failed = 启动失败
common-state-creating = 启动中
common-state-failed = 失败
common-state-preparing = 准备中
common-state-running = 运行中
common-state-stopped = 已停止
common-state-stopping = 停止中
common-state-succeeded = 成功
common-state-unknown = 未知
common-state-waiting = 等待中

## 配色

common-theme-auto = 跟随系统
common-theme-dark = 深色
common-theme-light = 浅色

## 时间

common-time-days = { $count } 天前
common-time-hours = { $count } 小时前
common-time-minutes = { $count } 分钟前
common-time-months = { $count } 个月前
common-time-now = 刚刚
common-time-years = { $count } 年前

## 时长

common-duration-days = { $count } 天
common-duration-days-hours = { $days } 天 { $hours } 小时
common-duration-hours = { $count } 小时
common-duration-hours-minutes = { $hours } 小时 { $minutes } 分
common-duration-milliseconds = { $count } 毫秒
common-duration-minutes = { $count } 分钟
common-duration-minutes-seconds = { $minutes } 分 { $seconds } 秒
common-duration-seconds = { $count } 秒

## 表单

common-form-files = 粘贴、拖入或选择文件
common-form-files-failed = 上传失败，文件将随表单一起提交。
common-form-files-sending = 正在上传文件…
common-form-mistakes = 请检查以下各项
common-form-preview = 预览
common-form-preview-empty = 没有可预览的内容
common-form-write = 编辑

## 左侧菜单

common-admin-invites = 邀请
common-admin-overview = 概览
common-admin-people = 人员
common-admin-registration = 注册
common-admin-users = 账号
common-administering = 你正处于管理员模式，在 { $time } 之前可访问所有人的仓库和组织。
common-administering-end = 退出
common-admin-accelerators = 加速卡
common-admin-audit = 审计日志
common-admin-compute = 算力
common-admin-images = 镜像
common-admin-jobs = 后台作业
common-admin-mail = 邮件
common-admin-matrix = 兼容性
common-admin-nodes = 节点
common-admin-pools = 引擎与资源池
common-admin-quotas = 配额
common-admin-scenes = 场景
common-admin-specs = 资源规格
common-admin-system = 系统
common-effect-again = 重新预览
common-effect-next = 尚未保存。
common-effect-save = 确认保存
common-effect-touches = 受影响的任务：{ $waiting } 个等待中，{ $running } 个运行中
common-form-danger = 危险操作
common-settings-account = 账号
common-settings-appearance = 外观
common-settings-applications = 访问令牌
common-settings-organizations = 组织
common-settings-profile = 个人资料
common-settings-repositories = 共享给我的仓库
common-settings-security = 安全日志

## 仓库标签页

common-tab-activity = 动态
common-tab-code = 代码
common-tab-issues = 议题
common-tab-models = 模型
common-tab-pulls = 合并请求
common-tab-settings = 设置
common-tab-tasks = 计算任务
common-tabs-repository = 仓库

## 图表

common-chart-empty = 暂无数据
common-chart-file = { $title }（{ $format }）
common-chart-gap = { $name }：有 { $count } 个值为 { $value }（自{ $axis } { $place } 起）
common-chart-plot = { $title }：用左右方向键读取数值，用加号和减号缩放，按 Esc 显示全部
common-chart-summary = { $name }：最新 { $last }，最低 { $low }，最高 { $high }
common-chart-table = 以表格显示数值
common-live = 实时
common-live-lost = 正在重新连接…
common-live-paused = 已暂停
common-chart-whole = 显示全部

## 日志

common-log = 日志
common-log-download = 下载
common-log-first-error = 首个错误
common-log-follow = 自动滚动
common-log-search = 搜索日志
common-log-wrap = 自动换行

## 快捷键说明

common-keys = 键盘快捷键
common-keys-bulk = 已选项的标签、负责人、里程碑
common-keys-create = 新建
common-keys-blame = 逐行追溯，或返回文件
common-keys-chart = 读取和缩放选中的图表
common-keys-close = 关闭
common-keys-diff-files = 下一个或上一个文件
common-keys-diff-lines = 评论按钮移到下一行或上一行
common-keys-diff-say = 评论按钮所在的行或选中的行
common-keys-diff-talk = 下一个或上一个讨论
common-keys-diff-viewed = 把文件设为已查看
common-keys-edit = 编辑文件
common-keys-find = 查找文件
common-keys-go = 前往代码、议题、合并请求、计算任务、模型
common-keys-help = 显示快捷键
common-keys-list = 下一行、上一行、打开
common-keys-permanent = 本页的永久链接
common-keys-search = 搜索
common-keys-select = 选中该行

## 各单元的权限

common-role-administer = 管理
common-role-help = 单项功能的权限会叠加在“所有功能”的权限之上。
common-role-nothing = 无额外权限
common-role-of-unit = { $unit }：{ $role }
common-role-read = 读取
common-role-write = 写入
common-unit = 功能
common-unit-all = 所有功能
common-unit-code = 代码
common-unit-issues = 议题
common-unit-packages = 模型与数据集
common-unit-pulls = 合并请求
common-unit-releases = 发行版
common-unit-settings = 设置
common-unit-tasks = 计算任务

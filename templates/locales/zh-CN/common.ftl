### 多个页面共用的文字。各节内按键排序，节与节之间空一行。

common-by = 由 { $name }
common-description = 推送代码，一键训练，得到一个来源可追溯到每个字节的模型。
common-issue-closed = 已关闭
common-issue-open = 开启
common-skip = 跳到正文

## 顶栏

common-bar-account = 账号 { $name }
common-bar-admin = 站点管理
common-bar-create = 新建…
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
common-foot-theme = 配色
common-foot-time = 页面 { $milliseconds } 毫秒

## 计算任务的状态

common-state-created-failed = 创建失败
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

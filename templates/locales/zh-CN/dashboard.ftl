### 登录后的首页。

dashboard-activity = 动态
dashboard-all = 全部 { $count } 个仓库
dashboard-assigned = 指派给你
dashboard-empty = 创建你的第一个仓库
dashboard-empty-next = 仓库可以存放代码、数据集或模型。新建一个，推送内容，然后开始训练。
dashboard-ended = 上次查看之后结束的任务
dashboard-programs = 客户端接入
dashboard-programs-help = Git、openi 和 Hugging Face 客户端的服务器地址：
dashboard-repositories = 我的仓库
dashboard-repositories-empty = 你创建的或获得权限的仓库会显示在这里。
dashboard-running = 等待和运行中的任务
dashboard-running-empty = 当前没有运行中的任务。
dashboard-since = { $time } 起
dashboard-tasks-all = 我的全部任务
dashboard-tasks-empty = 还没有计算任务
dashboard-title = 工作台
dashboard-token = 创建访问令牌
dashboard-turn-changes = 评审人要求修改
dashboard-turn-conflicts = 与目标分支存在冲突
dashboard-turn-merge = 可以合并
dashboard-turn-review = 请你评审
dashboard-waiting = 等你处理
dashboard-waiting-empty = 没有等你处理的事项。邀请、评审、指派给你的议题和需要你决定的任务会显示在这里。

### 登录后的首页。

dashboard-activity = 动态
dashboard-all = 全部 { $count } 个仓库
dashboard-empty = 创建你的第一个仓库
dashboard-empty-next = 仓库可以存放代码、数据集或模型。新建一个，推送内容，然后开始训练。
dashboard-programs = 客户端接入
dashboard-programs-help = Git、openi 和 Hugging Face 客户端的服务器地址：
dashboard-repositories = 我的仓库
dashboard-tasks = 最近的计算任务
dashboard-tasks-empty = 还没有计算任务
dashboard-title = 工作台
dashboard-token = 创建访问令牌

### 计算任务所用镜像的内容。

images-cluster = 集群
images-code = 代码
images-digest = 摘要值
images-framework = 框架
images-here = 本机
images-list-empty = 暂无镜像
images-list-empty-next = 服务器未找到 Python 解释器，管理员也尚未添加镜像。
images-list-lead = 计算任务在镜像中运行：镜像是解释器及其软件包。打开镜像可查看其中的内容。
images-list-title = 镜像
images-modules = 导入名
images-nothing = 未找到软件包
images-nothing-next = 换个关键词，或查看其他镜像。
images-observed = 读取自其解释器，{ $time }
images-package = 软件包
images-packages = { $count ->
   *[other] { $count } 个软件包
}
images-runs = 运行于
images-search = 查找软件包或模块
images-unknown = 其软件包未知
images-unknown-next = 服务器只能查询本机的解释器。在集群中，用该镜像运行过的任务的环境锁定文件会列出软件包。
images-version = 版本

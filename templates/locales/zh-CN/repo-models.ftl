### 由代码得到的模型，以及模型的版本。

repo-models-empty = 还没有由这份代码得到的模型
repo-models-empty-next = 先训练，再发布任务的输出。
repo-models-no-versions = 尚未发布任何版本
repo-models-runs = 最近运行
repo-models-title = 由这份代码得到的模型
repo-models-train = 训练
repo-models-use = 使用该模型
repo-models-versions = 版本

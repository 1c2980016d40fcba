### 由代码得到的模型，以及模型的版本。

repo-models-empty = 还没有由此代码产出的模型
repo-models-empty-next = 运行训练任务，并发布其输出。
repo-models-no-versions = 还没有版本
repo-models-runs = 最近的运行
repo-models-title = 由此代码产出的模型
repo-models-train = 训练
repo-models-use = 使用此模型
repo-models-versions = 版本

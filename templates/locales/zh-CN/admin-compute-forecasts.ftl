### 任务启动时间的预测准不准。

admin-compute-forecasts-empty = 还没有任务启动过
admin-compute-forecasts-error = 误差中位数
admin-compute-forecasts-lead = 提交任务时会根据以往的等待给出预计启动时间。五个任务中应有四个在此范围内启动。
admin-compute-forecasts-none = 无预计
admin-compute-forecasts-of = { $within } / { $told }
admin-compute-forecasts-started = 已启动
admin-compute-forecasts-title = 等待时间预计
admin-compute-forecasts-wait = 等待中位数
admin-compute-forecasts-within = 在预计时间内
admin-compute-forecasts-empty-next = 任务排队之后，此页会比较预计等待时间与实际等待时间。

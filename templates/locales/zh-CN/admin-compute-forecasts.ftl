### 任务启动时间的预测准不准。

admin-compute-forecasts-empty = 还没有任务启动过
admin-compute-forecasts-error = 典型误差
admin-compute-forecasts-lead = 提交任务时，会根据以往的等待时间给出预计启动的时间范围。五个任务中应有四个在此范围内启动。
admin-compute-forecasts-none = 未作预测
admin-compute-forecasts-of = { $within } / { $told }
admin-compute-forecasts-started = 已启动
admin-compute-forecasts-title = 等待时间预测
admin-compute-forecasts-wait = 典型等待时间
admin-compute-forecasts-within = 落在范围内

### How well it was foretold when tasks would start.

admin-compute-forecasts-empty = No task has started yet
admin-compute-forecasts-error = Typical error
admin-compute-forecasts-lead = When a task is launched it is told a range of time in which it will probably start, from how long others waited. Four of five should start within it.
admin-compute-forecasts-none = nothing told
admin-compute-forecasts-of = { $within } of { $told }
admin-compute-forecasts-started = Started
admin-compute-forecasts-title = Forecasts of waits
admin-compute-forecasts-wait = Typical wait
admin-compute-forecasts-within = Within the range

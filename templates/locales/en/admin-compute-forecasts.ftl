### How well it was foretold when tasks would start.

admin-compute-forecasts-empty = No task has started yet
admin-compute-forecasts-error = Typical error
admin-compute-forecasts-lead = Each launched task gets an estimated range for its start, based on past waits. Four out of five tasks should start within it.
admin-compute-forecasts-none = no forecast
admin-compute-forecasts-of = { $within } of { $told }
admin-compute-forecasts-started = Started
admin-compute-forecasts-title = Wait time forecasts
admin-compute-forecasts-wait = Typical wait
admin-compute-forecasts-within = Within the range

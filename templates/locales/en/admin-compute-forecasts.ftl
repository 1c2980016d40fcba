### How well it was foretold when tasks would start.

admin-compute-forecasts-empty = No tasks started yet
admin-compute-forecasts-error = Median error
admin-compute-forecasts-lead = Every launched task gets an estimated start, based on past waits. Four in five tasks should start within it.
admin-compute-forecasts-none = no estimate
admin-compute-forecasts-of = { $within } of { $told }
admin-compute-forecasts-started = Started
admin-compute-forecasts-title = Wait estimates
admin-compute-forecasts-wait = Median wait
admin-compute-forecasts-within = Within estimate
admin-compute-forecasts-empty-next = Once tasks have waited in the queue, this page compares how long they were told with how long it took.

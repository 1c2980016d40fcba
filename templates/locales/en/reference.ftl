reference-closed = { $title } (closed)
reference-open = { $title } (open)
reference-task = { $name } ({ $state })

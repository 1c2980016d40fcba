### The first page of who is signed in.

dashboard-activity = Activity
dashboard-all = All { $count } repositories
dashboard-empty = Create your first repository
dashboard-empty-next = A repository holds code, a dataset or a model. Create one, push to it and start training.
dashboard-programs = Connect a client
dashboard-programs-help = Server address for Git, openi and Hugging Face clients:
dashboard-repositories = Your repositories
dashboard-tasks = Recent tasks
dashboard-tasks-empty = No tasks yet
dashboard-title = Dashboard
dashboard-token = Create an access token

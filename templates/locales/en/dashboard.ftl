### The first page of who is signed in.

dashboard-activity = Activity
dashboard-all = All { $count } repositories
dashboard-assigned = assigned to you
dashboard-empty = Create your first repository
dashboard-empty-next = A repository holds code, a dataset or a model. Create one, push to it and start training.
dashboard-ended = Ended since you last looked
dashboard-programs = Connect a client
dashboard-programs-help = Server address for Git, openi and Hugging Face clients:
dashboard-repositories = Your repositories
dashboard-repositories-empty = What you create or are given access to appears here.
dashboard-running = Waiting and running tasks
dashboard-running-empty = Nothing is running.
dashboard-since = since { $time }
dashboard-tasks-all = All your tasks
dashboard-tasks-empty = No tasks yet
dashboard-title = Dashboard
dashboard-token = Create an access token
dashboard-turn-changes = changes requested by a reviewer
dashboard-turn-conflicts = conflicts with the base branch
dashboard-turn-merge = ready to be merged
dashboard-turn-review = your review is requested
dashboard-waiting = Waiting for you
dashboard-waiting-empty = Nothing is waiting for you. Invitations, reviews, issues assigned to you and tasks that need a decision appear here.

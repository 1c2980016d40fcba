### The first page of who is signed in.

dashboard-activity = Activity
dashboard-all = All { $count } repositories
dashboard-empty = Your first repository
dashboard-empty-next = A repository holds code, data or a model. Make one, push to it, and press Train.
dashboard-programs = Programs
dashboard-programs-help = git, openi and Hugging Face clients sign in here:
dashboard-repositories = Your repositories
dashboard-tasks = Recent tasks
dashboard-tasks-empty = Nothing has run yet.
dashboard-title = Start
dashboard-token = Make an access token

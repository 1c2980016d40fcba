### What people did, as feeds tell it.

activity-branch-created = { $who } created branch { $branch }
activity-branch-deleted = { $who } deleted branch { $branch }
activity-issue-closed = { $who } closed { $issue }
activity-issue-commented = { $who } commented on { $issue }
activity-issue-opened = { $who } opened { $issue }
activity-issue-reopened = { $who } reopened { $issue }
activity-model-published = { $who } published version { $version }
activity-older = Older activity
activity-pull-approved = { $who } approved { $pull }
activity-pull-closed = { $who } closed { $pull }
activity-pull-commented = { $who } commented on { $pull }
activity-pull-merged = { $who } merged { $pull } into { $branch }
activity-pull-opened = { $who } opened { $pull }
activity-pull-refused = { $who } requested changes in { $pull }
activity-pull-reopened = { $who } reopened { $pull }
activity-pull-reviewed = { $who } reviewed { $pull }
activity-pushed = { $count ->
    [0] { $who } pushed to { $branch }
    [one] { $who } pushed { $count } commit to { $branch }
   *[other] { $who } pushed { $count } commits to { $branch }
}
activity-repository-created = { $who } created this repository
activity-somebody = Someone
activity-tag-created = { $who } pushed tag { $tag }
activity-tag-deleted = { $who } deleted tag { $tag }
activity-task-failed = { $task } by { $who } failed
activity-task-launched = { $who } launched { $task }
activity-task-stopped = { $task } by { $who } was stopped
activity-task-succeeded = { $task } by { $who } succeeded
activity-release-published = { $who } published { $release }

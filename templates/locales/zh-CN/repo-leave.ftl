### 退出他人的仓库。

repo-leave = 退出
repo-leave-ask = 退出 { $name }？
repo-leave-given = 你获得的权限：{ $roles }。
repo-leave-loss = 你仍可以像其他人一样访问它。只有仓库管理员可以再次添加你。
repo-leave-loss-private = 除非你所在的团队参与其中，否则你将看不到它。只有仓库管理员可以再次添加你。
repo-leave-name = 退出 { $name }

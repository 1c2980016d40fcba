### 加入组织的邀请，以及仓库的转移请求。

## 邮件中的链接

invitations-letter-once = 此链接仅供一人使用，{ $time } 前有效。
invitations-letter-submit = 以 { $name } 的身份加入
invitations-letter-title = 邀请

## 全部

invitations-list-accept = 接受
invitations-list-decline = 拒绝
invitations-list-empty = 没有待处理的邀请
invitations-list-empty-next = 组织的邀请和转移给你的仓库会显示在这里。
invitations-list-joining = { $who } 邀请你加入 { $organization } 的团队 { $team }。
invitations-list-title = 邀请
invitations-list-transfer = { $who } 想把 { $repository } 转移给 { $owner }。
invitations-list-until = { $time } 前有效

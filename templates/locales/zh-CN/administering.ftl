### 进入管理员模式之前的确认。

administering-ask = 进入管理员模式？
administering-audited = 进入和退出都会记入审计日志。完成后请立即退出。
administering-opens = 在 { $minutes } 分钟内，你可以查看、修改和删除所有人的仓库和组织，包括私有的。

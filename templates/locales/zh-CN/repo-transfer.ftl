### 将仓库转移给其他所有者。

repo-transfer-lead = 仓库中的所有内容会一并转移，并计入新所有者的配额。在被他人占用之前，旧地址会自动跳转。
repo-transfer-new-owner = 新所有者
repo-transfer-new-owner-help = 个人或组织。如果你不能在对方名下创建仓库，需由对方接受。
repo-transfer-note = 正在等待 { $owner } 接受转移。
repo-transfer-submit = 转移仓库
repo-transfer-title = 转移所有权
repo-transfer-waiting = { $time }请求转移给 { $owner }，对方尚未接受。
repo-transfer-withdraw = 撤回

### 将仓库转移给其他所有者。

repo-transfer-lead = 仓库中的所有内容将一并转移，并计入新所有者的配额。在被他人占用之前，旧地址会自动跳转到新地址。
repo-transfer-new-owner = 新所有者
repo-transfer-new-owner-help = 个人或组织。如果你无权在对方名下创建仓库，需先由对方接受。
repo-transfer-note = 转移给 { $owner } 的请求待对方接受。
repo-transfer-submit = 转移此仓库
repo-transfer-title = 转移仓库
repo-transfer-waiting = 已于 { $time } 请求转移给 { $owner }，对方尚未接受。
repo-transfer-withdraw = 撤回

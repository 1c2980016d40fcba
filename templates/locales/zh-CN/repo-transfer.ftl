### 将仓库转移给其他所有者。

repo-transfer-lead = 仓库中的所有内容一并转移，并计入新所有者的配额。旧地址会指向新地址，直到被他人占用。
repo-transfer-new-owner = 新所有者
repo-transfer-new-owner-help = 个人或组织。如果你无权在该处创建仓库，需先由对方同意。
repo-transfer-note = 转移给 { $owner } 的请求正等待答复。
repo-transfer-submit = 转移此仓库
repo-transfer-title = 转移
repo-transfer-waiting = 已于 { $time } 向 { $owner } 提出请求，对方尚未答复。
repo-transfer-withdraw = 撤回

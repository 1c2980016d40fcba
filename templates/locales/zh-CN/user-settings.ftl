### 个人设置。

user-settings-keys-added = 添加于 { $time }
user-settings-keys-empty = 还没有 SSH 密钥
user-settings-keys-empty-next = 运行 ssh-keygen -t ed25519 生成密钥，然后在下方添加 .pub 文件中的那一行。
user-settings-keys-key = 公钥
user-settings-keys-key-help = 以 ssh-ed25519、ecdsa-sha2-nistp256 或 ssh-rsa 开头的一行。私钥由你自己保管。
user-settings-keys-lead = 用于通过 SSH 使用 git 的密钥。持有私钥的人可以以你的身份操作。
user-settings-keys-name = 名称
user-settings-keys-name-help = 持有密钥的机器。留空则使用密钥的注释。
user-settings-keys-new = 添加 SSH 密钥
user-settings-keys-remove = 移除
user-settings-keys-remove-loss = git 将无法再用此密钥登录，已打开的连接会断开。
user-settings-keys-remove-name = 移除 { $name }
user-settings-keys-submit = 添加密钥
user-settings-keys-title = SSH 密钥
user-settings-keys-unused = 从未使用
user-settings-keys-used = 上次使用于 { $time }
user-settings-save = 保存

## 账号

user-settings-account-change-email = 修改邮箱
user-settings-account-change-password = 修改密码
user-settings-account-current = 当前密码
user-settings-account-email = 邮箱
user-settings-account-end-sessions = 退出其他所有会话
user-settings-account-new = 新密码
user-settings-account-new-help = 至少 8 个字符。修改后，其他浏览器都会退出登录。
user-settings-account-password = 密码
user-settings-account-sessions = 登录会话
user-settings-account-sessions-count = { $count ->
    [1] 你目前只在这个浏览器上登录。
   *[other] 你目前在 { $count } 个浏览器上登录，包括这一个。
}
user-settings-account-title = 账号

## 外观

user-settings-appearance-browser = 跟随浏览器
user-settings-appearance-language = 语言
user-settings-appearance-theme = 主题
user-settings-appearance-title = 外观

## 访问令牌

user-settings-applications-created = 创建于 { $time }
user-settings-applications-days = { $count } 天
user-settings-applications-delete = 撤销令牌 { $name }
user-settings-applications-delete-loss = 使用它的程序会立即失去访问权限，且无法恢复。
user-settings-applications-revoke = 撤销
user-settings-applications-empty = 还没有访问令牌
user-settings-applications-empty-next = 为代表你操作的程序创建一个令牌。
user-settings-applications-expired = 已过期
user-settings-applications-expires = { $time } 到期
user-settings-applications-for = 已选中推送到 { $address } 所需的权限范围。创建令牌后，你将回到该页面。
user-settings-applications-forever = 永久有效
user-settings-applications-lead = Git、openi、Hugging Face 客户端和脚本等程序使用令牌登录，而不是你的密码。
user-settings-applications-life = 有效期
user-settings-applications-made = 令牌 { $name }
user-settings-applications-name = 名称
user-settings-applications-name-help = 用途，例如“笔记本电脑”或“夜间训练”。
user-settings-applications-new = 新建令牌
user-settings-applications-once = 请立即复制，令牌只显示这一次。
user-settings-applications-scopes = 权限范围
user-settings-applications-submit = 创建令牌
user-settings-applications-title = 访问令牌
user-settings-applications-unused = 从未使用
user-settings-applications-used = 最近使用：{ $time }
user-settings-gpg-keys-command = 要证明你持有该密钥，请用它对下面的内容签名。这一行只属于你，一小时内有效。
user-settings-gpg-keys-empty = 还没有 OpenPGP 密钥
user-settings-gpg-keys-empty-next = 用 gpg --armor --export 输出密钥，然后在下方添加。提交也可以用 SSH 密钥签名。
user-settings-gpg-keys-expired = 已过期
user-settings-gpg-keys-expires = { $time } 到期
user-settings-gpg-keys-key = 公钥
user-settings-gpg-keys-key-help = gpg --armor --export 输出的内容。再次添加同一密钥会替换它，可用于更新有效期、子密钥或吊销状态。
user-settings-gpg-keys-lead = 用于为提交和 Git 标签签名的密钥。提交者的邮箱是你的邮箱时，签名显示为已验证。
user-settings-gpg-keys-new = 添加 OpenPGP 密钥
user-settings-gpg-keys-proof = 证明
user-settings-gpg-keys-proof-help = 命令输出的内容。留空也会添加密钥，但证明之前不会验证任何签名。
user-settings-gpg-keys-prove = 证明持有
user-settings-gpg-keys-remove-loss = 用此密钥签名的内容将不再显示为已验证。
user-settings-gpg-keys-revoked = 已吊销
user-settings-gpg-keys-title = OpenPGP 密钥
user-settings-gpg-keys-unproven = 未证明

## SSH 密钥


## 个人资料

user-settings-profile-biography = 个人简介
user-settings-profile-display-name = 显示名称
user-settings-profile-display-name-help = 可用任何文字，默认显示用户名。
user-settings-profile-location = 所在地
user-settings-profile-shows-email = 公开我的邮箱
user-settings-profile-shows-email-help = 仅登录用户可见。
user-settings-profile-title = 个人资料
user-settings-profile-website = 个人网站
user-settings-repositories-empty = 还没有人与你共享仓库
user-settings-repositories-empty-next = 你成为协作者的他人仓库会显示在这里。
user-settings-repositories-lead = 你作为协作者参与的他人仓库。
user-settings-repositories-title = 共享给我的仓库
user-settings-security-empty = 还没有记录
user-settings-security-empty-next = 登录、令牌、密钥、密码以及权限变更都会显示在这里。
user-settings-security-lead = 你的账号发生过什么。如果有不认识的记录，请修改密码（会结束所有会话），并撤销不需要的令牌。
user-settings-security-title = 安全日志

## 令牌的权限范围

user-settings-scope-all = 以下全部权限
user-settings-scope-read-admin = 查看所有账号和站点状态
user-settings-scope-read-issue = 查看议题和评论
user-settings-scope-read-organization = 查看组织、成员和团队
user-settings-scope-read-repository = 查看和克隆仓库
user-settings-scope-read-task = 查看计算任务、日志和输出
user-settings-scope-read-user = 查看你的资料和密钥
user-settings-scope-write-admin = 管理账号和站点
user-settings-scope-write-issue = 创建、关闭和评论议题
user-settings-scope-write-organization = 创建和管理组织、成员和团队
user-settings-scope-write-repository = 创建、推送、修改和删除仓库
user-settings-scope-write-task = 提交和停止计算任务
user-settings-scope-write-user = 修改你的资料和密钥

## 组织

user-settings-organizations-empty = 还没有加入组织
user-settings-organizations-empty-next = 新建一个，或请组织的所有者邀请你。
user-settings-organizations-leave = 退出…
user-settings-organizations-title = 组织

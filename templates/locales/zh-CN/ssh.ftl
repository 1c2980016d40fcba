### 通过 `ssh` 连接时看到的文字。

ssh-archive = Hearth 不支持 git archive --remote，请在仓库页面下载压缩包。
ssh-command-malformed = 这不是仓库路径，正确的形式是 owner/name.git。
ssh-command-unknown = Hearth 只通过 SSH 运行 git 和 git-lfs 命令。
ssh-greeting = 你好，{ $name }！你已使用密钥 { $key } 登录；Hearth 不提供 shell。
ssh-greeting-deploy-key = 你好！你已使用 { $repository } 的部署密钥 { $key } 登录；Hearth 不提供 shell。
ssh-no-shell = Hearth 不提供 shell。

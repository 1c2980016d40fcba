### `/{owner}/{name}/settings/keys`：机器的 SSH 密钥。

repo-deploy-keys-empty = 还没有部署密钥
repo-deploy-keys-empty-next = 在下方添加，例如供构建服务器克隆此仓库。
repo-deploy-keys-key-help = 机器的公钥：以 ssh-ed25519、ecdsa-sha2-nistp256 或 ssh-rsa 开头的一行，且没有用在别处。
repo-deploy-keys-lead = 机器的 SSH 密钥，只能访问此仓库。它们属于仓库，不属于个人。
repo-deploy-keys-may-write = 允许推送
repo-deploy-keys-may-write-help = 不勾选时，机器只能克隆和拉取。
repo-deploy-keys-name-help = 持有密钥的机器。留空则使用密钥的注释。
repo-deploy-keys-new = 添加部署密钥
repo-deploy-keys-reads = 只读
repo-deploy-keys-remove-loss = 持有此密钥的机器将无法再访问仓库，已打开的连接会断开。
repo-deploy-keys-submit = 添加密钥
repo-deploy-keys-title = 部署密钥
repo-deploy-keys-writes = 可读取和推送

### 引擎的状态：每种状态一句话，以及运维人员可做的事（`-next`）。

engine-bad-configuration = 配置无效。
engine-bad-configuration-next = 请修正详情中指出的文件、kubeconfig、上下文或集群账号。文件会自动重新读取，修改设置后需重启服务器。
engine-connecting = 正在连接…
engine-connecting-next = 请稍候。
engine-good = 就绪
engine-good-next = 无需操作。
engine-missing-permissions = Hearth 在集群中缺少权限。
engine-missing-permissions-next = 请为 Hearth 的账号应用 deploy/kubernetes/rbac.yaml。详情中列出了缺少的权限。
engine-refused = 集群拒绝了 Hearth 的凭据。
engine-refused-next = 请更新 kubeconfig 中的令牌或证书，Hearth 下次连接时会重新读取。
engine-unreachable = 集群没有响应。
engine-unreachable-next = 请检查 API 服务器是否在运行，以及本机能否访问其地址。Hearth 会持续重试，等待中的任务会保留排队位置。

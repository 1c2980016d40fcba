### 更改账号权限之前的确认。

admin-users-act-audited = 该账号的所有会话都会结束，此次变更会记入审计日志。
admin-users-block-ask = 封禁 { $name }？
admin-users-block-loss = 该账号将无法登录，其令牌和密钥失效。已创建的内容保留。
admin-users-make-admin-ask = 将 { $name } 设为管理员？
admin-users-make-admin-loss = 对方将与你一样管理本站：账号、注册、算力与配额，并可在管理员模式下访问所有人的仓库和组织。
admin-users-unblock-ask = 解除对 { $name } 的封禁？
admin-users-unblock-loss = 该账号可以重新登录，其令牌和密钥恢复有效。
admin-users-unmake-admin-ask = 取消 { $name } 的管理员身份？
admin-users-unmake-admin-loss = 账号保留，但不再能管理本站。

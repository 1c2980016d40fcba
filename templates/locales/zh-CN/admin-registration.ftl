### 谁可以注册账号。

admin-registration-closed-help = 任何人都不能自行注册。管理员通过 API 创建账号，或在服务器上执行 hearth admin user create。
admin-registration-configured = 配置文件中的初始值：{ $choice }。
admin-registration-invite-help = 管理员创建的每个邀请可供一人注册。
admin-registration-lead = 修改立即在本站所有服务器上生效，并记入审计日志。已有账号不受影响。
admin-registration-legend = 谁可以注册
admin-registration-open-help = 任何能访问本站的人都可以注册账号、推送代码，并使用配额内的算力。
admin-registration-save = 保存
admin-registration-title = 注册

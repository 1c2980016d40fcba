### 登录、注册与个人主页。

user-forgot-asked = 请查收邮件
user-forgot-asked-next = 如果账号存在，重置链接将发送到其邮箱，一小时内有效。如未收到，请检查垃圾邮件。
user-forgot-back = 返回登录
user-forgot-none = 本站无法发送邮件
user-forgot-none-next = 请联系管理员设置新密码。管理员可在服务器上运行 hearth admin user reset-password。
user-forgot-submit = 发送重置链接
user-forgot-title = 忘记密码？

user-link-lead = 此链接只能使用一次。
user-link-title = 通过链接登录
user-login-forgot = 忘记密码？
user-login-name = 用户名或邮箱
user-login-new = 还没有账号？
user-login-password = 密码
user-login-sign-up = 注册
user-login-submit = 登录
user-login-title = 登录 Hearth

user-reset-lead = 为 { $name } 设置新密码，其他登录会话都将退出。
user-reset-password = 新密码
user-reset-submit = 保存并登录
user-reset-title = 设置新密码

user-show-activity = 动态
user-show-activity-empty = 还没有公开动态
user-show-admin = 管理员
user-show-edit = 编辑资料
user-show-empty = 没有可显示的仓库
user-show-joined = 加入于 { $time }
user-show-repositories = 仓库

user-sign-up-closed = 本站未开放注册，请联系管理员开通账号。
user-sign-up-email = 邮箱
user-sign-up-email-help = 不会向他人公开，除非你选择显示。
user-sign-up-invite-code = 邀请码
user-sign-up-invite-code-help = 可向管理员索取。
user-sign-up-known = 已有账号？
user-sign-up-name = 用户名
user-sign-up-name-help = 可用字母、数字、“-”、“_”和“.”，会成为你所有内容的地址的一部分。
user-sign-up-password = 密码
user-sign-up-password-help = 至少 8 个字符，越长越安全。
user-sign-up-setup = 第一个账号将成为本站的管理员。
user-sign-up-setup-code = 初始化码
user-sign-up-setup-code-help = 服务器启动时会打印在“Setup code:”之后。
user-sign-up-setup-title = 初始化 Hearth
user-sign-up-sign-in = 登录
user-sign-up-submit = 注册
user-sign-up-title = 注册账号
user-show-activity-empty-next = 你有权查看的推送、议题、任务和模型会显示在这里。

### 登录、注册与个人主页。

user-forgot-asked = 如果账号存在，你将收到一封邮件
user-forgot-asked-next = 邮件将发往该账号的邮箱，其中的链接一小时内有效。如未收到，请查看垃圾邮件。
user-forgot-back = 返回登录
user-forgot-none = 本站无法发送邮件
user-forgot-none-next = 请联系站点管理员。也可在服务器上用 hearth admin user reset-password 设置新密码。
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

user-reset-lead = 为 { $name } 设置新密码，其他所有登录都将退出。
user-reset-password = 新密码
user-reset-submit = 保存并登录
user-reset-title = 设置新密码

user-show-activity = 动态
user-show-activity-empty = 还没有可见的动态
user-show-admin = 管理员
user-show-edit = 编辑资料
user-show-empty = 没有可见的仓库
user-show-joined = 加入于 { $time }
user-show-repositories = 仓库

user-sign-up-closed = 本站未开放注册，请联系管理员为你创建账号。
user-sign-up-email = 邮箱
user-sign-up-email-help = 默认不向他人公开。
user-sign-up-invite-code = 邀请码
user-sign-up-invite-code-help = 请向本站管理员索取。
user-sign-up-known = 已有账号？
user-sign-up-name = 用户名
user-sign-up-name-help = 可用字母、数字、“-”、“_”和“.”，它会出现在你所有内容的地址里。
user-sign-up-password = 密码
user-sign-up-password-help = 至少 8 个字符，越长越安全。
user-sign-up-setup = 这是一个全新的站点，第一个账号将成为管理员。
user-sign-up-setup-code = 初始化码
user-sign-up-setup-code-help = 服务启动时会打印出来，请查找“Setup code:”。
user-sign-up-setup-title = 初始化 Hearth
user-sign-up-sign-in = 登录
user-sign-up-submit = 注册
user-sign-up-title = 注册账号

# 邮件。{ $site } 为站点名称。

mail-foot = 由 { $site } 发送：{ $root }
mail-invitation-link = 创建账号
mail-invitation-once = 此链接仅可创建一个账号，{ $days } 天内有效。
mail-invitation-subject = 邀请你加入 { $site }
mail-invitation-text = { $by } 邀请你加入 { $site }。
mail-joining-link = 查看邀请
mail-joining-once = 此链接仅供一人使用，{ $days } 天内有效。
mail-joining-subject = 邀请你加入 { $site } 上的组织 { $organization }
mail-joining-text = { $by } 邀请你加入 { $site } 上的组织 { $organization }。
mail-reset-ignore = 如果不是你本人操作，请忽略此邮件，密码不会改变。
mail-reset-link = 设置新密码
mail-reset-once = 此链接仅可使用一次，{ $minutes } 分钟内有效。
mail-reset-subject = 重置你在 { $site } 的密码
mail-reset-text = 有人请求重置 { $user } 在 { $site } 的密码。
mail-test-subject = { $site } 的测试邮件
mail-test-text = 本站的邮件发送正常。

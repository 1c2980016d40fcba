### 组织页面。

organization-badge = 组织
organization-tab-people = 成员
organization-tab-repositories = 仓库

## 新建组织

organization-new-description = 简介
organization-new-display-name = 显示名称
organization-new-display-name-help = 可用任何文字，代替名称显示。
organization-new-lead = 组织的成员共享仓库，团队决定谁能做什么。
organization-new-location = 所在地
organization-new-name = 名称
organization-new-name-help = 可用字母、数字、“-”、“_”和“.”，会成为组织所有内容的地址的一部分。
organization-new-private-help = 仅成员可见，其所有仓库都是私有的。
organization-new-public-help = 所有人可见，每个仓库有自己的可见性。
organization-new-submit = 创建组织
organization-new-title = 新建组织
organization-new-visibility = 可见性
organization-new-website = 网站

## 成员

organization-people-hidden = 成员身份已隐藏
organization-people-hide = 隐藏我的成员身份
organization-people-invitations = 待处理的邀请
organization-people-invite = 邀请成员
organization-people-leave = 退出此组织
organization-people-leave-loss = 你将失去其团队的权限。所有者可以再次邀请你。
organization-people-leave-name = 退出 { $name }
organization-people-letter = 没有账号的人会收到一封含注册链接的邮件。
organization-people-name = 用户名
organization-people-name-or-email = 用户名或邮箱
organization-people-no-mail = 本站无法发送邮件，只能邀请已有账号的人。
organization-people-owner = 所有者
organization-people-public = 公开成员身份
organization-people-public-only = 仅显示公开的成员。
organization-people-publish = 公开我的成员身份
organization-people-remove = 移除
organization-people-remove-name = 移除 { $name }
organization-people-remove-loss = 该成员将退出组织的所有团队，并失去由此获得的权限。
organization-people-since = 加入于 { $time }
organization-people-team = 团队
organization-people-withdraw = 撤回

## 设置

organization-settings-confirm = 输入 { $name } 以确认
organization-settings-delete = 删除此组织
organization-settings-delete-list = 查看其仓库
organization-settings-delete-loss = 其团队和邀请将被永久删除，名称可供他人使用。
organization-settings-delete-owns = 它仍拥有 { $count } 个仓库，请先转移或删除：
organization-settings-pin = 第 { $place } 位
organization-settings-pins = 保存置顶仓库
organization-settings-pins-help = 此组织的仓库名称。模型写作 models/名称，数据集写作 datasets/名称。
organization-settings-rename = 重命名
organization-settings-rename-loss = 其所有仓库的地址都会改变。在名称被他人占用之前，旧地址会自动跳转。
organization-settings-save = 保存
organization-settings-visibility = 更改可见性

## 主页

organization-show-about = 关于
organization-show-empty = 没有可显示的仓库
organization-show-empty-next = 新建一个，或在仓库设置中转移一个过来。
organization-show-people-hidden = 没有公开的成员
organization-show-pinned = 置顶
organization-show-since = 创建于 { $time }
organization-show-people-hidden-next = 成员自行决定是否公开成员身份。

### 错误页面与字段错误。错误码见 `hearth_core::Error`。

error-go-explore = 浏览仓库
error-go-home = 返回工作台
error-go-branches = 全部分支
error-go-folder = 打开文件夹 { $folder }
error-go-issues = 全部议题
error-go-labels = 全部标签
error-go-models = 全部模型
error-go-organization = 返回组织
error-go-other-branch = { $branch } 分支上有此文件
error-go-repository = 返回仓库
error-go-tags = 全部 Git 标签
error-go-tasks = 全部计算任务
error-help-organization = { $owners } 的所有者可以授予你权限。
error-help-repository = 仓库所有者 { $owner } 或其他仓库管理员可以授予你权限。
error-help-repository-of-organization = { $owners } 的所有者或其他仓库管理员可以授予你权限。
error-reference = 错误码 { $code } · 编号 { $reference }

## 标题与下一步

error-conflict-next = 请返回并刷新页面，然后重试。
error-conflict-title = 无法完成此操作
error-forbidden-next = 请向仓库所有者或站点管理员申请权限。
error-forbidden-title = 没有权限
error-internal = 服务器出错，已记录。已保存的内容不会丢失。
error-internal-next = 请稍后重试。若再次出现，请把下方的编号告诉运维人员。
error-internal-title = 出错了
error-invalid = 部分内容无效。
error-invalid-next = 请返回修改，然后重新提交。
error-invalid-title = 请检查填写的内容
error-limit-collaborators = 每个仓库最多 { $most } 名协作者。
error-limit-invitation-emails = 每人每天最多发送 { $most } 封邀请邮件，请明天再试。
error-limit-invitations = 每个组织最多 { $most } 个待处理的邀请。
error-limit-members = 每个组织最多 { $most } 名成员。
error-limit-organizations = 每人最多创建 { $most } 个组织。
error-limit-pinned-repositories = 最多可置顶 { $most } 个仓库。
error-limit-teams = 每个组织最多 { $most } 个团队。
error-not-found-next = 请检查地址。内容可能已被移动、删除或设为私有。
error-not-found-next-anonymous = 请检查地址。如果内容是私有的，请先登录。
error-not-found-title = 未找到
error-quota = 已使用 { $used }，共 { $most }。
error-quota-next = 请释放部分资源，或向管理员申请更多配额。
error-quota-title = 已达配额上限
error-request-cut = 请求中断，未保存任何内容。
error-request-next = 请检查网络连接，返回后重新发送。
error-request-stalled = 请求超时，未保存任何内容。
error-request-title = 请求不完整
error-sign-in = 此页面需要账号才能访问。
error-sign-in-next = 登录后会回到此页面。
error-sign-in-title = 请先登录
error-too-large = 上限为 { $limit }（配置项 { $key }）。
error-too-large-next = 请减少单次提交或请求的内容，或请运维人员提高上限。
error-too-large-title = 内容过大
error-too-many = 请在 { $seconds } 秒后重试。
error-too-many-next = 内容没有丢失。此限制用于保证站点对所有人都快速可用。
error-too-many-title = 请求过于频繁
error-unavailable-next = 请稍后重试。若持续如此，请告诉运维人员。
error-unavailable-title = 暂时不可用
error-unknown-host = 本服务器未配置你所用的域名。
error-unknown-host-next = 运维人员可在 hearth.toml 的 [server] hosts = ["…"] 中加入该域名，或设置 [server] root_url。

## 冲突

error-conflict-branch-exists = 已存在同名分支。
error-conflict-email-taken = 该邮箱已被其他账号使用。
error-conflict-empty-repository = 仓库为空，请先推送一个提交。
error-conflict-file-exists = 已存在同名文件。
error-conflict-hash-mismatch = 数据与其哈希不符，未保存任何内容。请重新上传。
error-conflict-invited-already = 发往该地址的邀请仍待处理。请先撤回，再重新发送。
error-conflict-key-taken = 该密钥已被使用。
error-conflict-label-taken = 已存在同名标签。
error-conflict-last-owner = 组织至少要有一名所有者，请先指定另一名所有者。
error-conflict-member-already = 该用户已在此团队中。
error-conflict-name-taken = 该名称已被占用。
error-conflict-offset = 数据没有从上次结束的位置继续。
error-conflict-owners-team = 所有者团队不能删除，也不能限制权限。
error-conflict-owns-repositories = 它仍拥有仓库，请先转移或删除这些仓库。
error-conflict-private-organization = 私有组织只能拥有私有仓库。
error-conflict-public-repositories = 它拥有公开仓库，请先将其设为私有。
error-conflict-stale-edit = 打开之后，已有他人修改了内容。
error-conflict-state = 当前状态下无法执行此操作。
error-conflict-tag-exists = 已存在同名 Git 标签。
error-conflict-version-taken = 已存在同名版本。

## 禁止的操作

error-forbidden-administer = 只有仓库管理员可以执行此操作。
error-forbidden-administer-organization = 只有该组织的所有者可以执行此操作。
error-forbidden-administer-site = 只有站点管理员可以执行此操作。
error-forbidden-transfer = 只有仓库所有者或其所属组织的所有者可以转移仓库。
error-forbidden-cross-site = 表单已过期或来自其他网站。请返回并刷新页面，然后重新提交。
error-forbidden-discuss = 讨论已锁定，只有拥有写入权限的人可以参与。
error-forbidden-protected-branch = 此分支受保护。
error-forbidden-read = 需要此仓库的读取权限。
error-forbidden-more-cards = 只有提交任务的人可以为它增加加速卡。
error-forbidden-register = 本站未开放注册。
error-forbidden-run-unsandboxed = 本机无法为任务提供沙箱，且运维人员未允许无沙箱运行。
error-forbidden-scope = 访问令牌缺少所需的权限范围。
error-forbidden-send-mail = 本站无法发送邮件：未配置邮件服务器。
error-forbidden-sign-in-blocked = 此账号已被封禁，请联系站点管理员。
error-forbidden-sign-in-link = 链接无效、已过期或已使用。请用密码登录，或重新获取链接。
error-forbidden-write = 需要此仓库的写入权限。

## 未找到

error-not-found-accelerator = 找不到加速卡。
error-not-found-attachment = 找不到文件，或你没有访问权限。
error-not-found-branch = 找不到分支。
error-not-found-comment = 找不到评论。
error-not-found-commit = 找不到提交。
error-not-found-file = 此版本中找不到该文件。
error-not-found-image = 找不到镜像。
error-not-found-invitation = 邀请已过期，或已被处理或撤回。
error-not-found-invite = 邀请不存在，或已被使用。
error-not-found-issue = 找不到议题。
error-not-found-job = 找不到作业，或作业正在运行。
error-not-found-label = 找不到标签。
error-not-found-log = 找不到日志。
error-not-found-lost-object = 此文件的内容在服务器上已丢失。持有该文件的人可以用 git lfs push --all 重新上传。
error-not-found-member = 该用户不是成员或协作者。
error-not-found-model = 找不到模型。
error-not-found-object = 找不到对象。
error-not-found-organization = 找不到组织，或你没有访问权限。
error-not-found-output = 找不到输出。
error-not-found-page = 此地址没有对应的页面。
error-not-found-pool = 找不到资源池。
error-not-found-quota = 找不到配额。
error-not-found-repository = 找不到仓库，或你没有访问权限。
error-not-found-revision = 找不到分支、Git 标签或提交。
error-not-found-scene = 找不到场景。
error-not-found-spec = 找不到资源规格。
error-not-found-ssh-key = 找不到 SSH 密钥。
error-not-found-tag = 找不到 Git 标签。
error-not-found-task = 找不到计算任务，或你没有访问权限。
error-not-found-team = 找不到团队，或你没有访问权限。
error-not-found-token = 找不到访问令牌。
error-not-found-transfer = 此转移请求已不再有效。
error-not-found-user = 找不到用户。
error-not-found-variant = 找不到镜像变体。

## 无响应的部分

error-unavailable-blob-store = 大文件存储没有响应，其他功能不受影响。
error-unavailable-database = 数据库没有响应。
error-unavailable-disk = 磁盘已满或无法写入。
error-unavailable-disk-space = 磁盘即将写满，暂不接受新的任务和上传。推送和小改动不受影响。
error-unavailable-engine = 计算引擎没有响应。
error-unavailable-git = Git 没有响应。
error-unavailable-mail = 邮件服务器暂不接收邮件，恢复后会自动发送。
error-unavailable-sandbox = 任务沙箱无法启动。

## 字段错误

error-field-any-needs-memory = 选择“任意可用的卡”时需填写单卡最小显存，例如 24 GiB。
error-field-attachment-type = 不支持此文件类型。支持的类型：{ $types }。
error-field-branch-unknown = 找不到分支。
error-field-cards-without-kind = 请选择加速卡类型，或选择“任意可用的卡”。
error-field-characters = 包含无法显示的字符。
error-field-code-characters = 只能使用小写字母、数字、“-”和“.”，以字母或数字开头和结尾。“new”是保留字。
error-field-code-wrong = 代码不正确，或已被使用。
error-field-color = 请输入六位十六进制数字，例如 #0969da。
error-field-email = 请输入有效的邮箱。
error-field-email-taken = 该邮箱已被其他账号使用。
error-field-confirm-name = 名称不一致。
error-field-fits-nowhere = 没有机器能容纳此规格。
error-field-form-too-large = 表单过大。
error-field-form-unreadable = 无法读取表单。
error-field-image-reference = 请输入包含镜像仓库地址的完整引用（小写）：registry.example.org/team/image:tag。
error-field-key-algorithm = 不支持此密钥类型，请使用 Ed25519、ECDSA 或 RSA。
error-field-key-lines = 请输入一个密钥，写在一行内。
error-field-key-private = 这是私钥，切勿泄露。请重新生成一对密钥，并粘贴以 .pub 结尾的文件。
error-field-key-unreadable = 这不是 SSH 公钥。公钥以“ssh-ed25519”、“ssh-rsa”或“ecdsa-…”开头。
error-field-key-weak = 密钥强度不足，RSA 密钥至少需要 3,072 位。
error-field-lend-more = 借出数量不能超过保障份额。
error-field-memory-without-cards = 单卡显存仅适用于带加速卡的规格。
error-field-model-without-kind = 请先选择加速卡类型，再填写型号。
error-field-mount-line = 每行一个绝对路径，须位于 /dev、/etc、/opt 或 /usr 之下。只读时在末尾加“:ro”。
error-field-name-characters = 只能使用字母、数字、“-”、“_”和“.”。
error-field-name-doubled = 不能连续使用两个符号。
error-field-name-edge = 须以字母或数字开头和结尾。
error-field-name-ending = 不能使用这样的结尾。
error-field-name-reserved = 此名称为保留名称。
error-field-name-taken = 该名称已被占用。
error-field-no-mail = 本站无法发送邮件，请输入用户名。
error-field-no-outputs = 请至少选择一个输出。
error-field-no-pool = 没有资源池能以此规格运行这类任务。请选择其他规格，或联系管理员。
error-field-no-such-file = 此版本中找不到该文件。
error-field-no-such-repository = 找不到仓库。
error-field-no-variant = 此镜像不能在该规格的加速卡上运行。请选择其他镜像或规格。
error-field-not-a-number = 请输入整数。
error-field-not-python = 启动文件须以“.py”结尾。
error-field-not-with-command = 使用命令时不需要启动文件和参数，请把它们写进命令。
error-field-other = 无法接受此值（{ $code }）。
error-field-owner-already = 仓库已属于该所有者。
error-field-pair-line = 每行一个“名称=值”。
error-field-parameter-name = 以字母、数字或“_”开头，只能使用字母、数字、“.”、“-”和“_”。
error-field-parameter-twice = 此参数重复。
error-field-parameter-value = 值过长，或无法传给程序。
error-field-password-common = 密码过于常见，请换一个。
error-field-password-is-name = 密码不能与用户名相同。
error-field-password-short = 至少 { $least } 个字符。
error-field-password-wrong = 当前密码不正确。
error-field-path = 不允许使用此路径。
error-field-qualified-name = 请输入有效的资源名，例如 nvidia.com/gpu。
error-field-quota-twice = 该所有者对这种加速卡已有配额。
error-field-ref-name = 分支名称无效。
error-field-registry-away = 镜像仓库没有响应：{ $detail }。请检查主机名和本服务器的网络。
error-field-registry-inside = { $detail } 是内网地址。运维人员可在 outbound.allow 中允许访问。
error-field-registry-missing = 镜像仓库中没有此名称和镜像标签，或需要登录。
error-field-registry-odd = 镜像仓库返回了意外的内容（{ $detail }），未做任何修改。
error-field-registry-refused = 镜像仓库需要登录。请自行在引用中加上摘要：…@sha256:…。
error-field-required = 此项必填。
error-field-scope-admin = 只有站点管理员可以选择此项。
error-field-scope-none = 请至少选择一项权限范围。
error-field-scope-unknown = 未知的权限范围“{ $scope }”。
error-field-shared-memory = 共享内存不能超过内存。
error-field-sign-in-wrong = 用户名或密码不正确。
error-field-size = 请输入容量，例如 24 GiB 或 512 MiB。
error-field-task-name-characters = 只能使用文字、数字、空格、“-”、“_”、“.”、“#”和括号。
error-field-token-days = 请输入 1 到 { $most } 天。
error-field-toleration-line = 每行一个“key”、“key=value”或“key=value:effect”，effect 为 NoSchedule、PreferNoSchedule 或 NoExecute。
error-field-too-large = 超过本站上限。
error-field-too-long = 内容过长。
error-field-too-many = 数量过多。
error-field-too-small = 数值过小。
error-field-unchanged = 没有变化。
error-field-unknown-account = 没有此名称的账号。
error-field-unknown-choice = 请选择一个选项。
error-field-unknown-revision = 找不到分支、Git 标签或提交。
error-field-unknown-person = 找不到该用户，或其没有此仓库的访问权限。
error-field-unknown-task = 找不到计算任务，或你没有访问权限。
error-field-web-address = 网址须以 https:// 或 http:// 开头。

### 错误页面与字段错误。错误码见 `hearth_core::Error`。

error-go-explore = 浏览仓库
error-go-home = 返回工作台
error-reference = 错误码 { $code } · 编号 { $reference }

## 标题与下一步

error-conflict-next = 请返回并刷新页面，查看当前状态后再试。
error-conflict-title = 与当前内容冲突
error-forbidden-next = 请向仓库所有者或站点管理员申请权限。
error-forbidden-title = 你没有权限执行此操作
error-internal = 这是我们的问题，已记录在案。凡已确认保存的内容都不会丢失。
error-internal-next = 请稍后重试。若再次出现，请将下方编号告知运维人员。
error-internal-title = 服务出了问题
error-invalid = 提交的部分内容无效。
error-invalid-next = 请返回修改后重新提交。
error-invalid-title = 请检查填写的内容
error-limit-collaborators = 每个仓库最多 { $most } 名协作者。
error-limit-invitation-emails = 每人每天最多通过邮件发送 { $most } 个邀请，请明天再试。
error-limit-invitations = 每个组织最多 { $most } 个待处理的邀请。
error-limit-members = 每个组织最多 { $most } 名成员。
error-limit-organizations = 每人最多创建 { $most } 个组织。
error-limit-pinned-repositories = 最多可置顶 { $most } 个仓库。
error-limit-teams = 每个组织最多 { $most } 个团队。
error-not-found-next = 请检查网址，或询问所有者：内容可能已移动、删除，或不再对你开放。
error-not-found-next-anonymous = 请检查网址。若内容不公开，请登录后查看。
error-not-found-title = 未找到
error-quota = 已使用 { $used }，上限 { $most }。
error-quota-next = 请释放部分占用，或向管理员申请更多配额。
error-quota-title = 配额已用完
error-request-cut = 请求中途断开，未完整到达，未保存任何内容。
error-request-next = 请检查网络连接，返回后重新发送。
error-request-stalled = 请求中途停止传输并已超时，未保存任何内容。
error-request-title = 请求不完整
error-sign-in = 此页面需要登录后查看。
error-sign-in-next = 登录后将返回此页面。
error-sign-in-title = 请先登录
error-too-large = 上限为 { $limit }（配置项 { $key }）。
error-too-large-next = 请减少单次提交或请求的内容，或请运维人员调高上限。
error-too-large-title = 内容过大
error-too-many = 请在 { $seconds } 秒后重试。
error-too-many-next = 内容没有丢失；该限制用于保障站内所有人的使用。
error-too-many-title = 请求过于频繁
error-unavailable-next = 请稍后重试。若持续如此，请告知运维人员。
error-unavailable-title = 部分服务暂时没有响应
error-unknown-host = 本服务器不提供你所用域名的服务。
error-unknown-host-next = 运维人员可在 hearth.toml 中将该域名加入 [server] hosts = ["…"]，或设置 [server] root_url。

## 冲突

error-conflict-branch-exists = 已存在同名分支。
error-conflict-email-taken = 该邮箱已被其他账号使用。
error-conflict-empty-repository = 仓库为空，请先推送一次提交。
error-conflict-file-exists = 已存在同名文件。
error-conflict-hash-mismatch = 收到的数据与声明的哈希不符，未保存任何内容。
error-conflict-invited-already = 发往该地址的邀请仍待处理。如需重新发送，请先撤回。
error-conflict-key-taken = 该密钥已被使用。
error-conflict-label-taken = 已存在同名标签。
error-conflict-last-owner = 组织至少要有一名所有者，请先指定另一名所有者。
error-conflict-member-already = 该用户已在此团队中。
error-conflict-name-taken = 该名称已被占用。
error-conflict-offset = 数据没有从上次结束的位置继续。
error-conflict-owners-team = 所有者团队始终存在，并拥有全部权限。
error-conflict-owns-repositories = 它仍拥有仓库，请先转移或删除这些仓库。
error-conflict-private-organization = 私有组织只能拥有私有仓库。
error-conflict-public-repositories = 它拥有公开仓库，请先将其设为私有。
error-conflict-stale-edit = 你打开之后，已有他人修改。
error-conflict-state = 当前状态不允许此操作。
error-conflict-tag-exists = 已存在同名 Git 标签。
error-conflict-version-taken = 已存在同名版本。

## 禁止的操作

error-forbidden-administer = 仅仓库管理员可以执行此操作。
error-forbidden-administer-organization = 仅该组织的所有者可以执行此操作。
error-forbidden-administer-site = 仅站点管理员可以执行此操作。
error-forbidden-transfer = 仅仓库所有者或其所属组织的所有者可以转移仓库。
error-forbidden-cross-site = 表单并非来自本站，或打开时间过长。请返回并刷新后重新提交。
error-forbidden-discuss = 讨论已锁定：只有拥有仓库写入权限的人可以参与。
error-forbidden-protected-branch = 该分支受保护。
error-forbidden-read = 你没有读取权限。
error-forbidden-more-cards = 只有提交任务的人可以为它增加加速卡。
error-forbidden-register = 本站未开放注册。
error-forbidden-run-unsandboxed = 本机没有可用的任务沙箱，且运维人员未允许无沙箱运行。
error-forbidden-scope = 访问令牌缺少所需的权限范围。
error-forbidden-send-mail = 本站未配置邮件服务器，无法发送邮件。
error-forbidden-sign-in-blocked = 该账号已被禁止登录。
error-forbidden-sign-in-link = 此链接无效、已过期或已使用。请用用户名和密码登录，或重新获取链接。
error-forbidden-write = 你对该仓库只有读取权限。

## 未找到

error-not-found-accelerator = 找不到该加速卡。
error-not-found-attachment = 找不到该文件，或你无权访问。
error-not-found-branch = 找不到该分支。
error-not-found-comment = 找不到该评论。
error-not-found-commit = 找不到该提交。
error-not-found-file = 此版本中找不到该文件。
error-not-found-image = 找不到该镜像。
error-not-found-invitation = 该邀请已被处理、撤回或已过期。
error-not-found-invite = 邀请不存在，或已被使用。
error-not-found-issue = 找不到该议题。
error-not-found-job = 找不到该作业，或它正在执行。
error-not-found-label = 找不到该标签。
error-not-found-log = 找不到该日志。
error-not-found-lost-object = 该文件的内容在服务器上已丢失。持有该文件的人可以用 git lfs push --all 重新上传。
error-not-found-member = 该用户不是成员或协作者。
error-not-found-model = 找不到该模型。
error-not-found-object = 找不到该对象。
error-not-found-organization = 找不到该组织，或你无权访问。
error-not-found-output = 找不到该输出。
error-not-found-page = 此网址没有对应的页面。
error-not-found-pool = 找不到该资源池。
error-not-found-quota = 找不到该配额。
error-not-found-repository = 找不到该仓库，或你无权访问。
error-not-found-revision = 找不到该分支、标签或提交。
error-not-found-scene = 找不到该场景。
error-not-found-spec = 找不到该资源规格。
error-not-found-ssh-key = 找不到该 SSH 密钥。
error-not-found-tag = 找不到该 Git 标签。
error-not-found-task = 找不到该计算任务，或你无权访问。
error-not-found-team = 找不到该团队，或你无权访问。
error-not-found-token = 找不到该访问令牌。
error-not-found-transfer = 该转移请求已不存在。
error-not-found-user = 找不到该用户。
error-not-found-variant = 找不到该镜像的这个变体。

## 无响应的部分

error-unavailable-blob-store = 大文件存储没有响应。代码、议题等其他功能不受影响。
error-unavailable-database = 数据库没有响应。
error-unavailable-disk = 磁盘无法写入更多数据。
error-unavailable-disk-space = 磁盘空间即将用尽，站点暂不接受新的计算任务和上传。推送及其他小型操作不受影响。
error-unavailable-engine = 计算任务引擎没有响应。
error-unavailable-git = Git 没有响应。
error-unavailable-mail = 邮件服务器暂时不接收邮件，恢复后将自动发送。
error-unavailable-sandbox = 任务沙箱无法启动。

## 字段错误

error-field-any-needs-memory = 选择“任意可用的卡”时须填写单卡最小显存，例如 24 GiB。
error-field-attachment-type = 不支持这种文件类型。支持的类型：{ $types }。
error-field-branch-unknown = 找不到该分支。
error-field-cards-without-kind = 请选择加速卡种类，或选择“任意可用的卡”。
error-field-characters = 含有无法显示的字符。
error-field-code-characters = 只能使用小写字母、数字、“-”和“.”，并以字母或数字开头和结尾；不能用“new”。
error-field-code-wrong = 代码不正确，或已被使用。
error-field-color = 颜色由六位十六进制数字组成，例如 #0969da。
error-field-email = 这不是有效的邮箱地址。
error-field-confirm-name = 名称不一致。
error-field-fits-nowhere = 没有任何机器能容纳该规格。
error-field-form-too-large = 表单过大。
error-field-form-unreadable = 无法读取表单。
error-field-image-reference = 请填写含镜像仓库地址的完整引用（小写），例如 registry.example.org/team/image:tag。
error-field-key-algorithm = 不支持这种密钥，请使用 Ed25519、ECDSA 或 RSA。
error-field-key-lines = 请只填写一个密钥，且写在一行内。
error-field-key-private = 这是私钥，绝不要交给任何人。请重新生成一对，并粘贴以 .pub 结尾的文件内容。
error-field-key-unreadable = 这不是 SSH 公钥。公钥以“ssh-ed25519”、“ssh-rsa”或“ecdsa-…”开头。
error-field-key-weak = 密钥强度不足，RSA 至少需要 3072 位。
error-field-lend-more = 可借出的数量不能超过保障份额。
error-field-memory-without-cards = 没有加速卡时无需填写单卡显存。
error-field-model-without-kind = 填写型号前请先选择加速卡种类。
error-field-mount-line = 每行一个完整路径，须位于 /dev、/etc、/opt 或 /usr 之下；只读时在末尾加“:ro”。
error-field-name-characters = 只能使用字母、数字、“-”、“_”和“.”。
error-field-name-doubled = 不能连续使用两个符号。
error-field-name-edge = 须以字母或数字开头和结尾。
error-field-name-ending = 名称不能使用这样的结尾。
error-field-name-reserved = 这是保留字。
error-field-no-mail = 本站无法发送邮件，请填写用户名。
error-field-no-outputs = 请至少选择一个输出。
error-field-no-pool = 没有资源池允许此类任务使用该规格，管理员可在“场景”中设置。
error-field-no-such-file = 此版本中找不到该文件。
error-field-no-such-repository = 找不到该仓库。
error-field-no-variant = 该镜像没有适用于此规格所用加速卡的变体，或没有资源池能运行它。请换一个镜像或资源规格。
error-field-not-a-number = 请填写整数。
error-field-not-python = 启动文件须以 “.py” 结尾。
error-field-not-with-command = 使用命令时不能再填启动文件和参数，请把它们写进命令。
error-field-other = 无法接受该值（{ $code }）。
error-field-owner-already = 对方已是所有者。
error-field-pair-line = 每行格式为“名称=值”。
error-field-parameter-name = 参数名须以字母、数字或“_”开头，只能包含字母、数字、“.”、“-”和“_”。
error-field-parameter-twice = 该参数名重复。
error-field-parameter-value = 该参数值过长，或无法传给程序。
error-field-password-common = 该密码过于常见，请换一个。
error-field-password-is-name = 密码不能与用户名相同。
error-field-password-short = 至少 { $least } 个字符。
error-field-password-wrong = 当前密码不正确。
error-field-path = 不能使用这个路径。
error-field-qualified-name = 这不是有效的集群资源名，正确示例：nvidia.com/gpu。
error-field-quota-twice = 该所有者与该种加速卡已有配额。
error-field-ref-name = 分支不能用这个名称。
error-field-registry-away = 镜像仓库没有响应：{ $detail }。请检查主机名，以及本服务器能否访问它。
error-field-registry-inside = { $detail } 不是公网地址。若允许本服务器访问它，请运维人员将其加入 outbound.allow。
error-field-registry-missing = 镜像仓库中没有这个名称和标签的镜像，或需要登录才能查看。
error-field-registry-odd = 镜像仓库返回了意外的内容（{ $detail }），未作任何更改。
error-field-registry-refused = 该镜像需要登录镜像仓库才能查看。请自行在引用中写明摘要：…@sha256:…。
error-field-required = 请填写此项。
error-field-scope-admin = 仅本站管理员可以选择此项。
error-field-scope-none = 请至少选择一项权限。
error-field-scope-unknown = 未知的权限范围“{ $scope }”。
error-field-shared-memory = 共享内存属于内存的一部分，不能超过内存。
error-field-sign-in-wrong = 用户名或密码不正确。
error-field-size = 请填写容量，例如 24 GiB 或 512 MiB。
error-field-task-name-characters = 只能使用文字、数字、空格、“-”、“_”、“.”、“#”和括号。
error-field-token-days = 请填写 1 到 { $most } 天。
error-field-toleration-line = 每行格式为“key”、“key=value”或“key=value:effect”，effect 为 NoSchedule、PreferNoSchedule 或 NoExecute。
error-field-too-large = 超过了本站允许的上限。
error-field-too-long = 内容过长。
error-field-too-many = 数量过多。
error-field-too-small = 数值过小。
error-field-unchanged = 内容没有变化。
error-field-unknown-account = 没有使用此名称的账号。
error-field-unknown-choice = 请从给出的选项中选择。
error-field-unknown-revision = 找不到该分支、标签或提交。
error-field-unknown-person = 找不到该用户，或该用户没有访问权限。
error-field-unknown-task = 找不到该计算任务，或你无权访问。
error-field-web-address = 网址须以 https:// 或 http:// 开头。

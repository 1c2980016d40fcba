### 状态徽章上的文字。

repo-badges-failing = 失败
repo-badges-none = 无
repo-badges-passing = 通过
repo-badges-pending = 进行中
repo-badges-release = 发行版
repo-badges-unknown = 未知
repo-badges-warning = 警告

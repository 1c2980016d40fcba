### 全部仓库的议题和合并请求。

overview-assigned = 指派给我的
overview-created = 我创建的
overview-empty = 这里没有内容
overview-empty-next = 各个仓库中与你有关的事项会显示在这里。
overview-issues = 议题
overview-mentioned = 提到我的
overview-pulls = 合并请求
overview-relations = 与你有关
overview-review-requested = 请你评审的
overview-search = 标题或正文中的词
overview-issues-mine = 我的议题
overview-pulls-mine = 我的合并请求

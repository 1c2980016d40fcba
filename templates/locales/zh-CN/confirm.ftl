### 操作之前的确认。

confirm-back = 取消
confirm-type = 输入 { $name } 以确认

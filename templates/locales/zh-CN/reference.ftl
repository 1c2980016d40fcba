reference-closed = { $title }（已关闭）
reference-open = { $title }（开启）
reference-task = { $name }（{ $state }）

### The question before an act.

confirm-back = Cancel
confirm-type = Type { $name } to confirm

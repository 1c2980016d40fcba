home-title = 代码、算力与模型，同在一处

home-title = Code, compute and models under one roof

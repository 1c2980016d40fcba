about-freedom = Hearth 是自由软件，您可以运行、阅读、修改并分享它。
about-licence = 许可证
about-title = 关于 Hearth
about-version = 版本

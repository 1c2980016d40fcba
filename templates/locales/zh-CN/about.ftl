about-freedom = Hearth 是自由软件，你可以自由地运行、研究、修改和分享它。
about-licence = 许可证
about-title = 关于 Hearth
about-version = 版本

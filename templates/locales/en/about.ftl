about-freedom = Hearth is free software. You may run it, read it, change it and share it.
about-licence = Licence
about-title = About Hearth
about-version = Version

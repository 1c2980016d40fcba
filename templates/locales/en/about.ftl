about-freedom = Hearth is free software: run it, study it, change it and share it.
about-licence = Licence
about-title = About Hearth
about-version = Version

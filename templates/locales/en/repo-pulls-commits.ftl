### The commits of a pull request.

repo-pulls-commits-copy = Copy { $id }
repo-pulls-commits-cut = More commits are not listed.
repo-pulls-commits-forced = Force-pushed
repo-pulls-commits-found = Found { $time }
repo-pulls-commits-preparing = The commits are being prepared. Reload the page in a moment.
repo-pulls-commits-pushed = Pushed by { $who } { $time }
repo-pulls-commits-since = Changes since
repo-pulls-commits-version = Version { $number }
repo-pulls-commits-versions = Versions

### What the images hold that tasks run in.

images-cluster = Clusters
images-code = Code
images-digest = Digest
images-framework = Framework
images-here = This machine
images-list-empty = No images yet
images-list-empty-next = The server found no Python interpreter, and no administrator has added an image.
images-list-lead = A task runs in an image: an interpreter with its packages. Open one to see what it holds.
images-list-title = Images
images-modules = Imported as
images-nothing = No package found
images-nothing-next = Try another word, or look in another image.
images-observed = Read from its interpreter { $time }
images-package = Package
images-packages = { $count ->
    [one] { $count } package
   *[other] { $count } packages
}
images-runs = Runs on
images-search = Find a package or module
images-unknown = Its packages are not known
images-unknown-next = The server can only ask interpreters on its own machine. In a cluster, the environment lock of a task that ran in this image lists them.
images-version = Version

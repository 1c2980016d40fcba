repo-file-beginning = This file is larger than { $size }, so only its beginning is shown. The raw file is complete.
repo-file-binary = Binary file not shown
repo-file-decoded = Decoded from { $encoding }
repo-file-download = Download
repo-file-empty = This file is empty.
repo-file-followed = Symbolic link to { $target }
repo-file-found = Match { $current } of { $count }
repo-file-found-more = Match { $current } of more than { $count }
repo-file-found-next = Next match
repo-file-found-none = No matches
repo-file-found-previous = Previous match
repo-file-header-columns = Columns
repo-file-header-ends = This file ends within its header: it may not have been uploaded completely.
repo-file-header-format = Format
repo-file-header-inputs = Inputs
repo-file-header-key = Key
repo-file-header-malformed = This file is damaged, or it is not what its name says.
repo-file-header-metadata = Metadata
repo-file-header-more = { $shown } of { $count } are shown.
repo-file-header-name = Name
repo-file-header-nodes = Operations
repo-file-header-operator-sets = Operator sets
repo-file-header-outputs = Outputs
repo-file-header-parameters = Parameters
repo-file-header-part = The header is too large to be examined as a whole, so some of it is missing here.
repo-file-header-producer = Written by
repo-file-header-repetition = Presence
repo-file-header-row-groups = Row groups
repo-file-header-rows = Rows
repo-file-header-shape = Shape
repo-file-header-tensors = Tensors
repo-file-header-too-much = The header of this file is too large to be examined. Large files can be examined when they are stored with Git LFS.
repo-file-header-type = Type
repo-file-header-unknown = This version of the format is not known here.
repo-file-header-unreadable = The content of this file cannot be read right now.
repo-file-header-value = Value
repo-file-lfs = Stored with Git LFS
repo-file-line = Go to line
repo-file-line-go = Go
repo-file-line-more = Show the whole line ({ $size } more)
repo-file-lines = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
repo-file-link = Symbolic link to { $target }
repo-file-link-folder = Open the folder
repo-file-link-nowhere = The link does not lead to a file in this repository at this revision.
repo-file-lost = The content of this file is missing on the server.
repo-file-lost-next = Anyone who has it can upload it again with git lfs push --all.
repo-file-media-no = This browser cannot play the file.
repo-file-never-uploaded = The content of this file was never uploaded to this repository.
repo-file-no-latest = The last commit of this file could not be found in time.
repo-file-not-whole = This file is too large for a preview.
repo-file-notebook-broken = This file is not a valid notebook, so its source is shown.
repo-file-notebook-cells = { $count ->
    [one] One more cell is not shown.
   *[other] { $count } more cells are not shown.
}
repo-file-notebook-cut = Only the beginning is shown. The source has all of it.
repo-file-notebook-empty = This notebook has no cells.
repo-file-notebook-old = This notebook has an old format (before version 4), so its source is shown.
repo-file-notebook-outputs = { $count ->
    [one] One more output is not shown.
   *[other] { $count } more outputs are not shown.
}
repo-file-notebook-picture = Output of the cell
repo-file-notebook-unknown = This output needs a running notebook:
repo-file-parts = Parts of the file
repo-file-pdf = PDF documents can contain programs, so they are not opened on this site. Download the document to read it.
repo-file-permalink = Permalink
repo-file-plain-large = Files larger than { $size } are shown without syntax highlighting (setting limits.highlighted_file_bytes).
repo-file-plain-long = Syntax highlighting stops at a very long line.
repo-file-plain-slow = Highlighting this file takes too long, so some of it is shown without colours.
repo-file-preview = Preview
repo-file-range = Lines { $first } to { $last } of { $total }
repo-file-range-first = Beginning
repo-file-range-last = End
repo-file-range-next = Next lines
repo-file-range-previous = Previous lines
repo-file-raw = Raw
repo-file-search = Search in this file
repo-file-search-now = Search
repo-file-source = Source
repo-file-submodule = Submodule at commit { $commit }
repo-file-submodule-open = Open the commit
repo-file-table = Table
repo-file-table-beginning = Only the rows at the beginning of this large file are shown.
repo-file-table-hidden = { $count ->
    [one] One more column is not shown.
   *[other] { $count } more columns are not shown.
}
repo-file-table-number = Row
repo-file-table-rows = Rows: { $count }. Columns: { $columns }.
repo-file-table-rows-more = More than { $count } rows, of which only these are counted and sorted. Columns: { $columns }.

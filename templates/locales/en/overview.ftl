### Issues and pull requests over all repositories.

overview-assigned = Assigned to me
overview-created = Opened by me
overview-empty = Nothing here
overview-empty-next = What concerns you in any repository appears here.
overview-issues = Issues
overview-mentioned = Mentions me
overview-pulls = Pull requests
overview-relations = What concerns you
overview-review-requested = Review requested
overview-search = Words in title or text
overview-issues-mine = Your issues
overview-pulls-mine = Your pull requests

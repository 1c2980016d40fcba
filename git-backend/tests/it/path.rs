use hearth_git::{BranchName, Invalid, PathProblem, RefName, TreePath};
use proptest::prelude::*;

#[test]
fn hostile_paths_are_refused_with_their_reason() {
    let cases = [
        ("..", PathProblem::Dots),
        ("a/../b", PathProblem::Dots),
        ("./a", PathProblem::Dots),
        ("/etc/passwd", PathProblem::Absolute),
        ("C:/x", PathProblem::Absolute),
        ("a//b", PathProblem::Empty),
        ("a/", PathProblem::Empty),
        ("a\\b", PathProblem::Character),
        ("a\0b", PathProblem::Character),
        ("a\nb", PathProblem::Character),
        (".git", PathProblem::DotGit),
        ("a/.GIT/config", PathProblem::DotGit),
        (".git. ", PathProblem::DotGit),
        ("git~1/x", PathProblem::DotGit),
        (".git::$INDEX_ALLOCATION", PathProblem::DotGit),
        (".g\u{200c}it", PathProblem::DotGit),
    ];
    for (path, problem) in cases {
        assert_eq!(TreePath::new(path), Err(Invalid::Path(problem)), "{path:?}");
    }
    for path in ["", "a", ".github/workflows/ci.yml", ".gitignore", "数据/训练.csv", "a b/c", "...", "git"]
    {
        assert!(TreePath::new(path).is_ok(), "{path:?}");
    }
    assert!(TreePath::file("").is_err());
}

#[test]
fn reference_names_follow_git_and_a_little_more() {
    for name in ["main", "feature/a", "v1.0", "中文", "a@b", "a-b"] {
        assert!(BranchName::new(name).is_ok(), "{name}");
    }
    let long = "x".repeat(250);
    for name in [
        "", "-x", "a/-x", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "/a", "a/", "a//b",
        ".a", "a/.b", "a.lock", "a.LOCK/b", "a.", "a@{1}", "@", "HEAD", "a\u{7f}", &long,
    ] {
        assert_eq!(BranchName::new(name), Err(Invalid::RefName), "{name}");
    }
    assert!(RefName::new("refs/heads/main").is_ok());
    for name in ["main", "refs/heads", "refs/", "HEAD", "refs/heads/../x"] {
        assert!(RefName::new(name).is_err(), "{name}");
    }
}

proptest! {
    #[test]
    fn every_accepted_path_stays_inside(text in "[a-z./\\\\ :~gitGIT\u{200c}\0-]{0,24}") {
        if let Ok(path) = TreePath::new(text) {
            for segment in path.segments() {
                prop_assert!(segment != "." && segment != "..");
                prop_assert!(!segment.eq_ignore_ascii_case(".git"));
            }
            prop_assert!(!path.as_str().starts_with('/') && !path.as_str().contains('\\'));
        }
    }

    #[test]
    fn every_accepted_branch_is_accepted_by_git(text in "[a-z./@{}~^:-]{1,16}") {
        if BranchName::new(text.clone()).is_ok() {
            let status = std::process::Command::new("git").args(["check-ref-format", "--branch", &text]).output().unwrap();
            prop_assert!(status.status.success(), "{}", text);
        }
    }
}

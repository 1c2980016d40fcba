use hearth_runner::sandbox::self_test;

#[test]
fn where_bubblewrap_is_installed_the_fence_holds() {
    let report = self_test();
    println!("{report:#?}");
    if report.bubblewrap.is_none() {
        println!("skipped: bubblewrap is not installed");
        return;
    }
    assert!(report.is_sound, "{:?}", report.reasons);
    assert!(report.nested_spaces_refused);
}

use super::{
    Scene, Which,
    shape::{Pull, Repository},
};
use crate::commands::{
    output,
    remote::{BranchName, RemoteError, git::Checkout, sibling},
    terminal::one_line,
};

const EXAMPLES: &str = "\
Examples:
  hearth pr checkout 7
  hearth pr checkout 7 --branch try-it
  hearth pr checkout 7 --force          after a force-push: take the server's state and lose yours";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in super::super) struct CheckOut {
    #[command(flatten)]
    which: Which,
    /// The name of the local branch (default: that of the pull request, or pr-N for a fork)
    #[arg(long, short, value_name = "BRANCH")]
    branch: Option<String>,
    /// Reset the local branch to the pull request, and lose commits that only it has
    #[arg(long, short)]
    force: bool,
}

/// Which branch the local one follows.
struct Follows {
    remote: String,
    reference: String,
    /// Where pushing is possible.
    push_to: Option<BranchName>,
}

impl CheckOut {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.which.place).await?;
        let checkout = scene.checkout()?;
        let pull = scene.pull(self.which.number).await?;
        let base_remote = checkout.remote_of(&scene.target).await?;
        let local = self.local_branch(&pull)?;
        let head = format!("refs/pull/{}/head", pull.number);
        if let (true, true, Ok(branch)) =
            (pull.is_open(), pull.is_of_base(), BranchName::parse(&pull.head.branch))
        {
            // So that git knows how far the local branch is from the one it follows.
            let reference = branch.reference();
            let fetch = ["fetch", "--quiet", "--no-tags", "--end-of-options", &base_remote, &reference];
            checkout.act(&fetch).await.ok();
        }
        checkout.act(&["fetch", "--no-tags", "--end-of-options", &base_remote, &head]).await?;
        let follows = follows(checkout, &base_remote, &pull, &head).await?;
        if checkout.has(&local.reference()).await? {
            self.update(checkout, &local).await?;
        } else {
            checkout
                .said(&["branch", "--no-track", "--end-of-options", local.as_str(), "FETCH_HEAD"])
                .await?;
            checkout.act(&["switch", local.as_str()]).await?;
        }
        checkout.set(&format!("branch.{local}.remote"), &follows.remote).await?;
        checkout.set(&format!("branch.{local}.merge"), &follows.reference).await?;
        let note = match &follows.push_to {
            Some(branch) if *branch == local => "git push updates it".to_owned(),
            Some(branch) => format!("git push {} HEAD:{branch} updates it", one_line(&follows.remote)),
            None => "you cannot push to its branch".to_owned(),
        };
        output::error(&format!(
            "hearth: #{} {} is checked out as {local}; {note}",
            pull.number,
            one_line(&pull.title)
        ));
        Ok(())
    }

    fn local_branch(&self, pull: &Pull) -> Result<BranchName, RemoteError> {
        match &self.branch {
            Some(name) => BranchName::parse(name),
            // A branch of somebody else's repository could be called as one of this.
            None if !pull.is_of_base() => BranchName::parse(&format!("pr-{}", pull.number)),
            None => BranchName::parse(&pull.head.branch),
        }
    }

    async fn update(&self, checkout: &Checkout, local: &BranchName) -> Result<(), RemoteError> {
        let fetched = checkout.said(&["rev-parse", "--verify", "FETCH_HEAD"]).await?;
        checkout.act(&["switch", local.as_str()]).await?;
        if self.force {
            return checkout.act(&["reset", "--keep", fetched.trim()]).await;
        }
        let merged = checkout.act(&["merge", "--ff-only", fetched.trim()]).await;
        merged.map_err(|_| {
            RemoteError::Usage(format!(
                "{local} has commits that the pull request lacks\n  To take the server's state and lose them: --force"
            ))
        })
    }
}

/// The branch itself where it is there and this person may push to it; else what git fetches of the pull request.
async fn follows(
    checkout: &Checkout,
    base_remote: &str,
    pull: &Pull,
    head: &str,
) -> Result<Follows, RemoteError> {
    let branch = BranchName::parse(&pull.head.branch).ok();
    if let (true, Some(repo), Some(branch)) = (pull.is_open(), &pull.head.repo, branch)
        && may_push(pull, repo)
    {
        let address = match checkout.address(base_remote).await? {
            Some(address) => address,
            None => base_remote.to_owned(),
        };
        let remote = if pull.is_of_base() {
            Some(base_remote.to_owned())
        } else {
            sibling(&address, &repo.owner.login, &repo.name)
        };
        if let Some(remote) = remote {
            return Ok(Follows { remote, reference: branch.reference(), push_to: Some(branch) });
        }
    }
    Ok(Follows { remote: base_remote.to_owned(), reference: head.to_owned(), push_to: None })
}

/// Into the branch's repository, or as somebody who may push to the base and whom the author lets edit.
fn may_push(pull: &Pull, head: &Repository) -> bool {
    let may_push_to_base = pull.base.repo.as_ref().is_some_and(|base| base.permissions.push);
    head.permissions.push || (pull.allow_maintainer_edit && may_push_to_base)
}

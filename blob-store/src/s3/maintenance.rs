//! Maintenance of the objects in the bucket.

use std::{
    io,
    time::{Duration, SystemTime},
};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::{
    MultipartId, ObjectMeta, ObjectStore as _, ObjectStoreExt as _, multipart::MultipartStore as _,
    path::Path as Key,
};
use tokio::time::timeout;

use super::{S3, S3Error};
use crate::{BlobId, claim::RemovalGuard};

/// Concurrent requests about objects.
const AT_ONCE: usize = 16;
/// Half the age at which unreferenced objects are removed. Older ones are stored again rather than relied on.
const YOUNG: Duration = Duration::from_hours(12);
/// S3 cannot copy a larger object in one request.
const LARGEST_COPY: u64 = 5 << 30;

impl S3 {
    async fn facts(&self, key: &Key) -> Result<Option<ObjectMeta>, S3Error> {
        match self.ask(self.0.timeouts.answer, self.0.client.head(key)).await {
            Ok(facts) => Ok(Some(facts)),
            Err(S3Error::Missing) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn size_at(&self, key: &Key) -> Result<Option<u64>, S3Error> {
        Ok(self.facts(key).await?.map(|facts| facts.size))
    }

    pub(crate) async fn sizes(&self, ids: Vec<BlobId>) -> Result<Vec<Option<u64>>, S3Error> {
        let asked = stream::iter(ids).map(|id| {
            let s3 = self.clone();
            async move { s3.size_at(&s3.key(&id)).await }
        });
        asked.buffered(AT_ONCE).try_collect().await
    }

    /// A bucket records when an object was last written; only writing it again makes it younger.
    pub(crate) async fn is_young(&self, id: &BlobId) -> Result<bool, S3Error> {
        Ok(self.facts(&self.key(id)).await?.is_some_and(|facts| !is_older(&facts, YOUNG)))
    }

    /// Copies corrupted bytes aside for analysis, and deletes the object.
    pub(crate) async fn set_aside(&self, id: &BlobId) -> Result<(), S3Error> {
        let key = self.key(id);
        let Some(facts) = self.facts(&key).await? else { return Ok(()) };
        if facts.size <= LARGEST_COPY {
            let aside = self.named(&format!("aside/{}", id.as_str()));
            self.ask(self.0.timeouts.completion, self.0.client.copy(&key, &aside)).await?;
        } else {
            tracing::error!(
                object = id.as_str(),
                "the corrupted object is too large to be kept aside, and is removed"
            );
        }
        self.remove(&key).await
    }

    pub(crate) async fn list_old(&self, outer: u8, age: Duration) -> Result<Vec<BlobId>, S3Error> {
        let listed = self.list(&format!("{outer:02x}")).await?;
        let old = listed.iter().filter(|facts| is_older(facts, age));
        Ok(old.filter_map(|facts| BlobId::parse(facts.location.filename()?)).collect())
    }

    /// Removes those that are still old, while nobody can claim one.
    pub(crate) async fn remove_old(
        &self,
        ids: Vec<BlobId>,
        age: Duration,
        nobody_claims: RemovalGuard,
    ) -> Result<u64, S3Error> {
        let s3 = self.clone();
        // In a task of its own, so that it finishes even if cancelled, and claims stay blocked until then.
        let removed = tokio::spawn(async move {
            let _nobody_claims = nobody_claims;
            let mut freed_bytes = 0;
            for id in ids {
                let key = s3.key(&id);
                if let Some(facts) = s3.facts(&key).await?.filter(|facts| is_older(facts, age)) {
                    s3.remove(&key).await?;
                    freed_bytes += facts.size;
                }
            }
            Ok(freed_bytes)
        });
        removed.await.map_err(|error| S3Error::Odd(error.to_string()))?
    }

    /// Aborts abandoned uploads, and removes bytes that were set aside long ago.
    pub(crate) async fn remove_leftovers(&self, aside_age: Duration) -> Result<usize, S3Error> {
        let mut removed = 0;
        for (path, note) in self.0.notes.abandoned().await.map_err(S3Error::File)? {
            match self.forget(&Key::from(note.key), &note.upload).await {
                Err(error) if error.is_unreachable() => return Err(error),
                // Perhaps of another bucket, or of one with its own expiry rules: continue with the others.
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "an unfinished upload cannot be aborted"
                    );
                }
                Ok(()) => removed += 1,
            }
            tokio::fs::remove_file(path).await.map_err(S3Error::File)?;
        }
        for facts in self.list("aside").await?.iter().filter(|facts| is_older(facts, aside_age)) {
            self.remove(&facts.location).await?;
            removed += 1;
        }
        Ok(removed)
    }

    /// Abandons uploads begun by earlier processes. The server may be down: they are aborted later.
    pub(crate) async fn abandon_uploads(&self) -> io::Result<()> {
        self.0.notes.abandon().await
    }

    /// Aborts a multipart upload; succeeds if the server does not know it.
    pub(super) async fn forget(&self, key: &Key, id: &MultipartId) -> Result<(), S3Error> {
        match self.ask(self.0.timeouts.answer, self.0.client.abort_multipart(key, id)).await {
            Err(S3Error::Missing) => Ok(()),
            answer => answer,
        }
    }

    pub(super) async fn remove(&self, key: &Key) -> Result<(), S3Error> {
        match self.ask(self.0.timeouts.answer, self.0.client.delete(key)).await {
            Err(S3Error::Missing) => Ok(()),
            answer => answer,
        }
    }

    /// Everything under a prefix.
    pub(super) async fn list(&self, name: &str) -> Result<Vec<ObjectMeta>, S3Error> {
        let folder = self.named(name);
        let mut listed = self.0.client.list(Some(&folder));
        let mut all = Vec::new();
        loop {
            let time_limit = self.0.timeouts.answer;
            match timeout(time_limit, listed.next()).await {
                Ok(None) => return Ok(all),
                Ok(Some(facts)) => all.push(facts?),
                Err(_) => {
                    return Err(S3Error::Unreachable(format!(
                        "nothing came within {} s",
                        time_limit.as_secs()
                    )));
                }
            }
        }
    }
}

fn is_older(facts: &ObjectMeta, age: Duration) -> bool {
    SystemTime::from(facts.last_modified).elapsed().is_ok_and(|elapsed| elapsed >= age)
}

//! Which blobs are referenced by rows, and which are known to be lost.

use std::collections::BTreeMap;

use hearth_core::{RepositoryId, Timestamp, text_enum};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

/// A blob that rows refer to.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ReferencedBlob {
    pub sha256: String,
    pub size_bytes: i64,
}

/// Those of the hashes that an LFS object, a task output, an attachment, a file of a release or a piece of an upload refers to,
/// in no order and perhaps repeated.
pub async fn filter_referenced(ask: &mut impl Ask, hashes: &[String]) -> Result<Vec<String>> {
    let found: Vec<(String,)> = ask
        .query("SELECT oid FROM lfs_objects WHERE oid")
        .is_any_of(hashes)
        .push(" UNION SELECT sha256 FROM task_outputs WHERE sha256")
        .is_any_of(hashes)
        .push(" UNION SELECT sha256 FROM attachments WHERE sha256")
        .is_any_of(hashes)
        .push(" UNION SELECT sha256 FROM release_assets WHERE sha256")
        .is_any_of(hashes)
        .push(" UNION SELECT sha256 FROM release_upload_pieces WHERE sha256")
        .is_any_of(hashes)
        .push(" UNION SELECT sha256 FROM lfs_upload_pieces WHERE sha256")
        .is_any_of(hashes)
        .fetch_all()
        .await?;
    Ok(found.into_iter().map(|(hash,)| hash).collect())
}

/// The next `most` referenced hashes after `after`, in order.
pub async fn list_referenced_after(
    ask: &mut impl Ask,
    after: &str,
    most: u32,
) -> Result<Vec<ReferencedBlob>> {
    let mut all = BTreeMap::new();
    for sql in [
        "SELECT oid AS sha256, MAX(size_bytes) AS size_bytes FROM lfs_objects WHERE oid > $1 GROUP BY oid ORDER BY oid LIMIT $2",
        "SELECT sha256, MAX(size_bytes) AS size_bytes FROM task_outputs WHERE sha256 > $1 GROUP BY sha256 ORDER BY sha256 LIMIT $2",
        "SELECT sha256, MAX(size_bytes) AS size_bytes FROM attachments WHERE sha256 > $1 GROUP BY sha256 ORDER BY sha256 LIMIT $2",
        "SELECT sha256, MAX(size_bytes) AS size_bytes FROM release_assets WHERE sha256 > $1 GROUP BY sha256 ORDER BY sha256 LIMIT $2",
        "SELECT sha256, MAX(size_bytes) AS size_bytes FROM release_upload_pieces WHERE sha256 > $1 GROUP BY sha256 ORDER BY sha256 LIMIT $2",
        "SELECT sha256, MAX(size_bytes) AS size_bytes FROM lfs_upload_pieces WHERE sha256 > $1 GROUP BY sha256 ORDER BY sha256 LIMIT $2",
    ] {
        let some: Vec<ReferencedBlob> = ask.query(sql).bind(after).bind(i64::from(most)).fetch_all().await?;
        all.extend(some.into_iter().map(|blob| (blob.sha256, blob.size_bytes)));
    }
    let first = all.into_iter().take(most as usize);
    Ok(first.map(|(sha256, size_bytes)| ReferencedBlob { sha256, size_bytes }).collect())
}

text_enum! {
    /// What is wrong with a blob.
    pub enum BlobFaultKind {
        Missing = "missing",
        /// Its bytes have a different hash or size now.
        Changed = "changed",
    }
}

/// A blob whose bytes are no longer what was stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct BlobFault {
    pub sha256: String,
    pub size_bytes: i64,
    pub kind: BlobFaultKind,
    pub found_at: Timestamp,
}

const SELECT: &str = "SELECT sha256, size_bytes, kind, found_at FROM blob_faults";

/// Records a fault; `false` if it was already known.
pub async fn record_fault(writer: &mut Writer, fault: &BlobFault) -> Result<bool> {
    let rows = writer
        .query(
            "INSERT INTO blob_faults (sha256, size_bytes, kind, found_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (sha256) DO UPDATE SET kind = $3 WHERE blob_faults.kind <> $3",
        )
        .bind(fault.sha256.clone())
        .bind(fault.size_bytes)
        .bind(fault.kind)
        .bind(fault.found_at)
        .execute()
        .await?;
    Ok(rows == 1)
}

/// Clears a fault once the bytes are back or no longer referenced; `true` if there was one.
pub async fn clear_fault(writer: &mut Writer, sha256: &str) -> Result<bool> {
    let rows = writer.query("DELETE FROM blob_faults WHERE sha256 = $1").bind(sha256).execute().await?;
    Ok(rows == 1)
}

pub async fn find_fault(ask: &mut impl Ask, sha256: &str) -> Result<Option<BlobFault>> {
    ask.query(SELECT).push(" WHERE sha256 = $1").bind(sha256).fetch_optional().await
}

/// Latest first.
pub async fn list_faults(ask: &mut impl Ask, most: u32) -> Result<Vec<BlobFault>> {
    ask.query(SELECT)
        .push(" ORDER BY found_at DESC, sha256 LIMIT ")
        .push_bind(i64::from(most))
        .fetch_all()
        .await
}

pub async fn count_faults(ask: &mut impl Ask) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM blob_faults").fetch_count().await
}

/// A repository that refers to the blob by an LFS object, a task output, an attachment or a file of a release.
pub async fn find_holder(ask: &mut impl Ask, sha256: &str) -> Result<Option<RepositoryId>> {
    let found: Option<(RepositoryId,)> = ask
        .query(
            "SELECT repository_id FROM lfs_objects WHERE oid = $1 UNION \
             SELECT tasks.repository_id FROM task_outputs JOIN tasks ON tasks.id = task_outputs.task_id WHERE sha256 = $1 \
             UNION SELECT repository_id FROM attachments WHERE sha256 = $1 \
             UNION SELECT e.repository_id FROM release_assets a JOIN releases e ON e.id = a.release_id WHERE a.sha256 = $1 \
             UNION SELECT e.repository_id FROM release_upload_pieces c JOIN release_uploads p ON p.id = c.upload_id \
             JOIN releases e ON e.id = p.release_id WHERE c.sha256 = $1 \
             UNION SELECT u.repository_id FROM lfs_upload_pieces c JOIN lfs_uploads u ON u.id = c.upload_id \
             WHERE c.sha256 = $1 ORDER BY repository_id LIMIT 1",
        )
        .bind(sha256)
        .fetch_optional()
        .await?;
    Ok(found.map(|(id,)| id))
}

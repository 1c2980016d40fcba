use object_store::{
    ObjectStore as _, PutOptions, PutPayload, multipart::MultipartStore as _, path::Path as Key,
};
use tokio::io::AsyncReadExt as _;

use super::{S3, S3Error};

/// The contents of the test object; they are not secret.
const TRIAL: &[u8] = b"Hearth was here to see whether it can write.";

impl S3 {
    /// Writes, reads, lists and deletes a test object, and begins an upload.
    pub(crate) async fn check(&self) -> Result<String, S3Error> {
        let key = self.named(&format!("trial/{}", std::process::id()));
        let outcome = self.try_all(&key).await;
        let removed = step("remove objects", self.remove(&key).await);
        outcome?;
        removed?;
        Ok(self.0.place.clone())
    }

    async fn try_all(&self, key: &Key) -> Result<(), S3Error> {
        let (client, time_limit) = (&self.0.client, self.0.timeouts.answer);
        step("list objects", self.list("trial").await)?;
        let put = client.put_opts(key, PutPayload::from_static(TRIAL), PutOptions::default());
        step("write objects", self.ask(time_limit, put).await)?;
        let read = async {
            let (mut part, mut reader) = (Vec::new(), self.open_part(key, 7..10).await?);
            reader.read_to_end(&mut part).await.map_err(|error| S3Error::Odd(error.to_string()))?;
            let is_right = part == TRIAL[7..10];
            is_right.then_some(()).ok_or_else(|| S3Error::Odd("other bytes than were written".into()))
        };
        step("read parts of objects", read.await)?;
        let begun = step("begin uploads in parts", self.ask(time_limit, client.create_multipart(key)).await)?;
        step("end uploads in parts", self.forget(key, &begun).await)
    }
}

fn step<T>(what: &'static str, outcome: Result<T, S3Error>) -> Result<T, S3Error> {
    outcome.map_err(|error| match error {
        // These fail the same way at every step: they have nothing to do with permissions.
        S3Error::Unreachable(_) | S3Error::NoBucket | S3Error::Settings(_) => error,
        error => S3Error::Cannot { what, error: Box::new(error) },
    })
}

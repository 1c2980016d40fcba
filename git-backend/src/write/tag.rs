use crate::{Error, Invalid, ObjectId, OpenRepository, Result, Signature, TagName};

/// An annotated tag to write.
#[derive(Debug, Clone)]
pub struct NewTag {
    /// Its name.
    pub name: TagName,
    /// The commit that it names.
    pub target: ObjectId,
    /// Who makes it.
    pub tagger: Signature,
    /// What it says.
    pub message: String,
}

impl OpenRepository {
    /// Writes a tag object, durable when it returns. Nothing refers to it until a reference is moved to it, so that
    /// has to happen within the two hours that [`crate::Repository::maintain`] grants.
    pub fn write_tag(&self, tag: &NewTag) -> Result<ObjectId> {
        if tag.message.contains('\0') {
            return Err(Invalid::Message.into());
        }
        let git2 = self.git2()?;
        let target = git2.find_object(tag.target.git2(), None)?;
        let message = git2::message_prettify(&tag.message, None)?;
        let made = git2.tag_annotation_create(tag.name.as_str(), &target, &tag.tagger.git2()?, &message);
        let id = ObjectId::from(made.map_err(Error::of_writing)?);
        self.sync(&[id])?;
        Ok(id)
    }
}

use hearth_core::{Conflict, Error, Kind, Result, Scope};
use hearth_store::{
    image::{self as row, Image, NewImage},
    image_variant::{self as variant_row, ImageVariant},
};

use super::{Fields, VariantFields, registry};
use crate::{Actor, App, Effect, Operation, audit, audit::Fact};

/// An image with its variants.
#[derive(Clone, Debug)]
pub struct Entry {
    pub image: Image,
    pub variants: Vec<ImageVariant>,
}

/// Every image with its variants: for administrators.
pub async fn catalogue(app: &App, actor: &Actor) -> Result<Vec<Entry>> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    let mut variants = variant_row::list(&mut reader).await?;
    let images = row::list(&mut reader).await?;
    Ok(images
        .into_iter()
        .map(|image| {
            let own = variants.extract_if(.., |variant| variant.image_id == image.id).collect();
            Entry { image, variants: own }
        })
        .collect())
}

pub async fn find(app: &App, actor: &Actor, code: &str) -> Result<Entry> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    let image = row::find_by_code(&mut reader, code).await?.ok_or(Error::NotFound(Kind::Image))?;
    let variants = variant_row::list_of_image(&mut reader, image.id).await?;
    Ok(Entry { image, variants })
}

/// Reports the validation errors that [`make`] would find in the fields alone.
pub fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
    actor.administrator(Scope::ReadAdmin)?;
    fields.check(nothing(app)).map(drop)
}

/// Adds an image, which has no variants yet.
pub async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<Image> {
    actor.administrator(Scope::WriteAdmin)?;
    let read = fields.check(nothing(app))?;
    let new = NewImage {
        code: read.code.clone(),
        label: read.label.clone(),
        framework: read.framework.clone(),
        framework_version: read.framework_version.clone(),
        python_version: read.python_version.clone(),
        interpreter: None,
        reference: None,
        digest: None,
        created_at: read.created_at,
    };
    let mut operation = app.begin().await?;
    let id = row::insert_if_new(&mut operation, &new).await?;
    let id = id.ok_or(Error::Conflict(Conflict::NameTaken))?;
    let made = Image { id, ..read };
    row::update(&mut operation, &made).await?;
    let fact = Fact { kind: "image", subject: &made.code, action: "made", before: None, after: Some(&made) };
    audit::save(operation, actor, fact).await?;
    Ok(made)
}

pub(super) fn nothing(app: &App) -> Image {
    Image {
        id: 0,
        code: String::new(),
        label: String::new(),
        framework: String::new(),
        framework_version: String::new(),
        python_version: String::new(),
        interpreter: None,
        reference: None,
        digest: None,
        is_enabled: false,
        is_available: true,
        created_at: app.now(),
    }
}

/// Which tasks [`change`] would affect; also validates the fields.
pub async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
    let before = find(app, actor, code).await?.image;
    Fields { code: code.to_owned(), ..fields.clone() }.check(before)?;
    effect(app, code).await
}

/// Tasks with this image that have not ended.
pub async fn effect(app: &App, code: &str) -> Result<Effect> {
    Effect::of(app, |task| task.image_code == code).await
}

pub async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Image> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let before = row::lock(&mut operation, code).await?.ok_or(Error::NotFound(Kind::Image))?;
    let after = Fields { code: code.to_owned(), ..fields.clone() }.check(before.clone())?;
    row::update(&mut operation, &after).await?;
    let action = match (before.is_enabled, after.is_enabled) {
        (false, true) => "enabled",
        (true, false) => "disabled",
        _ => "changed",
    };
    let fact = Fact { kind: "image", subject: code, action, before: Some(&before), after: Some(&after) };
    audit::save(operation, actor, fact).await?;
    Ok(after)
}

/// Sets the variant of an image for an accelerator family. A changed reference has no digest until it is
/// resolved.
pub async fn put_variant(
    app: &App,
    actor: &Actor,
    code: &str,
    fields: &VariantFields,
) -> Result<ImageVariant> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let image = row::lock(&mut operation, code).await?.ok_or(Error::NotFound(Kind::Image))?;
    let before = variant_row::find(&mut operation, image.id, &fields.family).await?;
    let base = before.clone().unwrap_or(ImageVariant {
        image_id: image.id,
        family: String::new(),
        toolkit: String::new(),
        reference: String::new(),
        digest: None,
        is_enabled: true,
        created_at: app.now(),
    });
    let after = fields.check(base)?;
    variant_row::put(&mut operation, &after).await?;
    let action = if before.is_some() { "changed" } else { "made" };
    note_variant(&mut operation, actor, (code, &after.family), action, (before.as_ref(), Some(&after)))
        .await?;
    operation.commit().await?;
    Ok(after)
}

pub async fn delete_variant(app: &App, actor: &Actor, code: &str, family: &str) -> Result<()> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let image = row::lock(&mut operation, code).await?.ok_or(Error::NotFound(Kind::Image))?;
    let before = variant_row::find(&mut operation, image.id, family).await?;
    let before = before.ok_or(Error::NotFound(Kind::Variant))?;
    variant_row::delete(&mut operation, image.id, family).await?;
    note_variant(&mut operation, actor, (code, family), "deleted", (Some(&before), None)).await?;
    operation.commit().await?;
    Ok(())
}

/// Resolves a variant's reference at its registry, and pins the digest. No transaction is open meanwhile.
pub async fn resolve_variant(app: &App, actor: &Actor, code: &str, family: &str) -> Result<String> {
    actor.administrator(Scope::WriteAdmin)?;
    let entry = find(app, actor, code).await?;
    let before = entry.variants.into_iter().find(|variant| variant.family == family);
    let before = before.ok_or(Error::NotFound(Kind::Variant))?;
    let reference = before.reference.parse().map_err(|()| Error::field("reference", "image-reference"))?;
    let digest =
        registry::resolve(app.outbound(), &reference).await.map_err(registry::RegistryError::into_error)?;
    let mut operation = app.begin().await?;
    if !variant_row::set_digest(&mut operation, entry.image.id, family, &before.reference, &digest).await? {
        return Err(Error::Conflict(Conflict::StaleEdit));
    }
    let after = ImageVariant { digest: Some(digest.clone()), ..before.clone() };
    note_variant(&mut operation, actor, (code, family), "pinned", (Some(&before), Some(&after))).await?;
    operation.commit().await?;
    Ok(digest)
}

async fn note_variant(
    operation: &mut Operation,
    actor: &Actor,
    (code, family): (&str, &str),
    action: &'static str,
    (before, after): (Option<&ImageVariant>, Option<&ImageVariant>),
) -> Result<()> {
    let subject = format!("{code}/{family}");
    audit::note(operation, actor, Fact { kind: "variant", subject: &subject, action, before, after }).await
}

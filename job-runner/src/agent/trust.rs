//! The certificate authorities an agent trusts: Mozilla's, which it carries because images may have none; the
//! image's own, if any; and the operator's.

use reqwest::Certificate;
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem, pem::PemObject as _},
};
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

/// What is wrong with certificates of authorities, as the end of a sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadAuthorities {
    #[error("has no certificate, as PEM")]
    None,
    #[error("is damaged: {0}")]
    Damaged(#[from] pem::Error),
    #[error("has a certificate that no authority can have: {0}")]
    Odd(#[from] rustls::Error),
}

/// Reads and validates the certificates of a PEM file.
pub(crate) fn read(text: &[u8]) -> Result<Vec<CertificateDer<'static>>, BadAuthorities> {
    let mut store = RootCertStore::empty();
    let mut found = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(text) {
        let certificate = certificate?;
        store.add(certificate.clone())?;
        found.push(certificate);
    }
    if found.is_empty() { Err(BadAuthorities::None) } else { Ok(found) }
}

/// All but the image's own, which the client finds by itself.
pub(super) fn known(
    named: Option<&str>,
) -> Result<Vec<Certificate>, Box<dyn std::error::Error + Send + Sync>> {
    let named = named.map(|text| read(text.as_bytes())).transpose()?.unwrap_or_default();
    let all = TLS_SERVER_ROOT_CERTS.iter().chain(&named);
    Ok(all.map(|certificate| Certificate::from_der(certificate)).collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mozillas_authorities_are_known_without_an_image() {
        assert!(known(None).unwrap().len() > 100);
    }

    #[test]
    fn a_file_without_authorities_is_named_as_one() {
        let said = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(said(""), "has no certificate, as PEM");
        assert_eq!(said("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), said(""));
        assert!(said("-----BEGIN CERTIFICATE-----\nAAAA\n").starts_with("is damaged: "));
        let odd = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(said(odd).starts_with("has a certificate that no authority can have: "), "{}", said(odd));
    }
}

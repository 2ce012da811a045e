//! Files in an S3-compatible store. A file is spooled to disk while it is hashed, because its key is its hash;
//! memory stays flat whatever its size.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region, RequestChecksumCalculation};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::primitives::{ByteStream as Body, DateTime};
use aws_smithy_http_client::tls;
use futures::StreamExt;
use std::ops::Range;
use std::time::Duration;
use time::OffsetDateTime;
use tokio_util::io::ReaderStream;

use super::{ByteStream, Entry, Incoming, Stored, hash};
use crate::error::Part;
use crate::ids::TenantId;
use crate::{Error, Result};

/// Longest wait for an answer; what flows afterwards may take its time as long as it flows.
const ANSWER: Duration = Duration::from_secs(5);

/// How long content stored already need not be stored again.
const FRESH: time::Duration = time::Duration::HOUR;

const ALWAYS_YOUNG: OffsetDateTime = time::macros::datetime!(9999-12-31 00:00 UTC);

/// An empty object, stored again to learn what time it is.
const CLOCK: &str = "clock";

/// Longest time for a whole file to go up.
const UPLOAD: Duration = Duration::from_secs(120);

/// Where the bucket is and who may use it.
#[derive(Clone, Debug)]
pub struct S3Settings {
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    pub access_key: String,
    pub secret_key: String,
}

#[derive(Clone, Debug)]
pub struct S3 {
    client: Client,
    bucket: String,
}

impl S3 {
    pub fn new(settings: &S3Settings) -> S3 {
        let keys = Credentials::new(&settings.access_key, &settings.secret_key, None, None, "settings");
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring))
            .build_https();
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&settings.endpoint)
            .region(Region::new(settings.region.clone()))
            .credentials_provider(keys)
            .http_client(http)
            .timeout_config(patience(ANSWER))
            .retry_config(RetryConfig::standard().with_max_attempts(2))
            // Stores other than AWS's know neither virtual hosts nor trailing checksums.
            .force_path_style(true)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .build();
        S3 { client: Client::from_conf(config), bucket: settings.bucket.clone() }
    }

    fn key(tenant: TenantId, sha256: &str) -> Result<String> {
        Ok(format!("{tenant}/{}", hash(sha256)?))
    }

    pub async fn keep(&self, tenant: TenantId, Incoming { temp, stored }: Incoming) -> Result<Stored> {
        // Stored again when it has lain a while, so that it is young and nobody clears it away as unused.
        let known = self.head(tenant, &stored.sha256).await?.filter(|(length, _)| *length == stored.length);
        if let Some((_, modified)) = known
            && modified > self.now().await? - FRESH
        {
            return Ok(stored);
        }
        let body = Body::from_path(temp.path()).await.map_err(Error::internal)?;
        let put = self.client.put_object().bucket(&self.bucket).key(Self::key(tenant, &stored.sha256)?);
        let slowly = aws_sdk_s3::Config::builder().timeout_config(patience(UPLOAD));
        put.body(body).customize().config_override(slowly).send().await.map_err(failed)?;
        Ok(stored)
    }

    pub async fn get(&self, tenant: TenantId, sha256: &str, range: Option<Range<u64>>) -> Result<ByteStream> {
        let bytes = range.map(|range| format!("bytes={}-{}", range.start, range.end.saturating_sub(1)));
        let get = self.client.get_object().bucket(&self.bucket).key(Self::key(tenant, sha256)?).set_range(bytes);
        match get.send().await {
            Ok(object) => Ok(ReaderStream::new(object.body.into_async_read()).boxed()),
            Err(SdkError::ServiceError(cause)) if cause.err().is_no_such_key() => Err(Error::NotFound),
            Err(cause) => Err(failed(cause)),
        }
    }

    pub async fn length(&self, tenant: TenantId, sha256: &str) -> Result<Option<u64>> {
        Ok(self.head(tenant, sha256).await?.map(|(length, _)| length))
    }

    /// Length in bytes, and when it was stored.
    pub async fn head(&self, tenant: TenantId, sha256: &str) -> Result<Option<(u64, OffsetDateTime)>> {
        let head = self.client.head_object().bucket(&self.bucket).key(Self::key(tenant, sha256)?);
        match head.send().await {
            Ok(object) => {
                let length = object.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or(0);
                Ok(Some((length, moment(object.last_modified()))))
            }
            Err(SdkError::ServiceError(cause)) if cause.err().is_not_found() => Ok(None),
            Err(cause) => Err(failed(cause)),
        }
    }

    pub async fn delete(&self, tenant: TenantId, sha256: &str) -> Result<()> {
        let delete = self.client.delete_object().bucket(&self.bucket).key(Self::key(tenant, sha256)?);
        delete.send().await.map_err(failed)?;
        Ok(())
    }

    pub async fn entries(&self, tenant: TenantId) -> Result<Vec<Entry>> {
        let prefix = format!("{tenant}/");
        let list = self.client.list_objects_v2().bucket(&self.bucket).prefix(&prefix);
        let mut pages = list.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed)?;
            found.extend(page.contents().iter().filter_map(|object| {
                Some(Entry {
                    sha256: object.key()?.strip_prefix(&prefix)?.to_owned(),
                    length: object.size().and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
                    modified: moment(object.last_modified()),
                })
            }));
        }
        Ok(found)
    }

    /// The clock of the store: when it has just stored something.
    pub async fn now(&self) -> Result<OffsetDateTime> {
        self.client.put_object().bucket(&self.bucket).key(CLOCK).send().await.map_err(failed)?;
        let head = self.client.head_object().bucket(&self.bucket).key(CLOCK).send().await.map_err(failed)?;
        let at = head.last_modified().and_then(|at| OffsetDateTime::from_unix_timestamp(at.secs()).ok());
        at.ok_or_else(|| Error::internal("the store does not say when it stored something"))
    }

    pub async fn ping(&self) -> Result<()> {
        self.client.head_bucket().bucket(&self.bucket).send().await.map_err(failed)?;
        Ok(())
    }
}

/// What the store does not say the time of is never old enough to go.
fn moment(stored: Option<&DateTime>) -> OffsetDateTime {
    let known = stored.and_then(|at| OffsetDateTime::from_unix_timestamp(at.secs()).ok());
    known.unwrap_or(ALWAYS_YOUNG)
}

fn patience(whole: Duration) -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(Duration::from_secs(3)).operation_timeout(whole).build()
}

/// No answer, or one in which the store says it is in trouble itself, means that it is away; any other is ours to mend.
fn failed<E: std::error::Error + Send + Sync + 'static>(cause: SdkError<E>) -> Error {
    match &cause {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) | SdkError::ResponseError(_) => {
            Error::away(Part::Files, cause)
        }
        SdkError::ServiceError(answer) if answer.raw().status().is_server_error() => Error::away(Part::Files, cause),
        _ => Error::internal(cause),
    }
}

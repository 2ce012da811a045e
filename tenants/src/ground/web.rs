//! Addresses on the web, as people paste them.

use url::Url;

use crate::Problem;

/// Characters.
const LONGEST: usize = 2_000;

/// An address with http or https and a host, written the one right way: "HTTPS://Dienbien.gov.vn/A" and an address between
/// spaces are understood, "http://" alone is not.
pub(crate) fn address(text: &str) -> Option<String> {
    let address = Url::parse(text.trim()).ok()?;
    let host = address.host_str()?;
    let named = host.chars().any(char::is_alphanumeric);
    // A name before the host only serves to pass one host off as another.
    let plain = address.username().is_empty() && address.password().is_none();
    let ours = matches!(address.scheme(), "http" | "https") && named && plain;
    (ours && address.as_str().len() <= LONGEST).then(|| address.into())
}

/// What to mend at a field with an address.
pub(crate) fn wrong(field: &str) -> Problem {
    Problem::new(field, "Hãy ghi địa chỉ đầy đủ, ví dụ https://dienbien.gov.vn/van-ban.")
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_has_a_host() {
        for (text, read) in [
            ("https://dienbien.gov.vn/a", "https://dienbien.gov.vn/a"),
            ("HTTPS://DIENBIEN.GOV.VN/A", "https://dienbien.gov.vn/A"),
            (" \u{a0}https://dienbien.gov.vn/a\n", "https://dienbien.gov.vn/a"),
            ("http://10.0.0.5:8080/?q=1#x", "http://10.0.0.5:8080/?q=1#x"),
            ("https://dienbien.gov.vn/văn bản", "https://dienbien.gov.vn/v%C4%83n%20b%E1%BA%A3n"),
            ("http://noi-bo/a", "http://noi-bo/a"),
        ] {
            assert_eq!(address(text).as_deref(), Some(read), "{text}");
        }
        for text in [
            "",
            "http://",
            "http:// ",
            "http://.",
            "dienbien.gov.vn",
            "javascript:alert(1)",
            "ftp://a.vn",
            "data:text/html,a",
            "https://gov.vn@xau.example/",
            "//a.vn",
            "/a",
            "http://a b/",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }
}

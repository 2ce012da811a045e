//! The words of an island, chosen by the server in the reader's language and passed as a prop.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Messages by key. A variable stands as `{$name}` and is filled in by [`Texts::with`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<String, String>);

impl Texts {
    /// The message, or the key itself when the server sent no such message.
    pub fn get(&self, key: &str) -> String {
        self.0.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }

    /// The message with its variables filled in.
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        values.iter().fold(self.get(key), |text, (name, value)| text.replace(&format!("{{${name}}}"), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in() {
        let texts = Texts(BTreeMap::from([("saved".to_owned(), "Đã lưu lúc {$at}".to_owned())]));
        assert_eq!(texts.with("saved", &[("at", "21:04")]), "Đã lưu lúc 21:04");
        assert_eq!(texts.get("missing"), "missing");
    }
}

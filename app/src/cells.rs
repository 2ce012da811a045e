//! Texts of ours in files that spreadsheets open.

/// A spreadsheet must not take a text of ours for a formula.
pub fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_formula_in_a_name_is_made_harmless() {
        assert_eq!(super::harmless("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(super::harmless("Sở Y tế"), "Sở Y tế");
    }
}

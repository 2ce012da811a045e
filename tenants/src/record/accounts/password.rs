//! What may be a password: long enough, and nothing that is tried first. Dictionaries of common and breached passwords are
//! part of the estimate; nothing is asked of anybody outside.

use zxcvbn::Score;

use crate::store::hashing;
use crate::{Error, Problem, Result};

/// Fewest characters.
pub const LEAST: usize = 10;
/// Longest, in bytes: what signing in looks at.
const MOST: usize = 1000;
/// Bytes the estimate is made of; what is longer only makes it better.
const ESTIMATED: usize = 100;

/// A password that was looked at and hashed, outside any transaction.
pub struct Password(pub(super) String);

impl Password {
    /// `about`: what is known of its person and is no secret. `Err(Invalid)` says what to do instead.
    pub async fn choose(typed: &str, about: &[&str]) -> Result<Password> {
        check(typed, about)?;
        Ok(Password(hashing::hash(typed.to_owned()).await?))
    }
}

fn check(typed: &str, about: &[&str]) -> Result<()> {
    if typed.chars().count() < LEAST {
        return refuse("Mật khẩu phải có ít nhất 10 ký tự.");
    }
    if typed.len() > MOST {
        return refuse("Mật khẩu dài quá; hãy chọn mật khẩu ngắn hơn.");
    }
    let end = (0..=ESTIMATED.min(typed.len())).rev().find(|end| typed.is_char_boundary(*end)).unwrap_or(0);
    if zxcvbn::zxcvbn(&typed[..end], about).score() < Score::Three {
        return refuse(
            "Mật khẩu này dễ đoán hoặc đã có trong danh sách mật khẩu bị lộ; hãy ghép vài từ không liên quan đến nhau.",
        );
    }
    Ok(())
}

fn refuse(message: &str) -> Result<()> {
    Err(Error::Invalid(vec![Problem::new("password", message)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_refused() {
        let about = ["nguyen.van.an", "Nguyễn Văn An", "so-noi-vu"];
        for bad in ["1234567890", "password123", "qwertyuiop", "nguyen.van.an", "aaaaaaaaaaaa", "matkhau", "iloveyou12"]
        {
            assert!(check(bad, &about).is_err(), "{bad}");
        }
        for good in ["thuoc-mau-2025", "mật khẩu thử nghiệm", "con trâu ăn cỏ bên cầu đá", "x7#pQ2!vL9mz"]
        {
            assert!(check(good, &about).is_ok(), "{good}");
        }
        assert!(check(&"ế".repeat(2000), &about).is_err());
        assert!(check(&format!("con trâu trắng {}", "ế".repeat(60)), &about).is_ok());
    }
}

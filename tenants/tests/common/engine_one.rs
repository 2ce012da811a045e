//! A period scored by the first engine, which cut quotients at 28 digits.

use super::{Authority, SET, answer};
use tenants::testing::TestDb;

/// 1.1 gives 15 points; 5 of 24 are exactly 3.125.
pub fn fifteen() -> String {
    SET.replace("\"Tỷ lệ A\", 40", "\"Tỷ lệ A\", 15").replace("\"Tỷ lệ B\", 20", "\"Tỷ lệ B\", 45")
}

/// Two units that have signed under it: 3.12 and 15 points at 1.1.
pub async fn of_the_first_engine(test: &TestDb) -> Authority<'_> {
    let here = Authority::open_with(test, "truoc", false, &fifteen()).await;
    test.tamper("UPDATE periods SET engine = '1'").await;
    for (unit, a) in ["5", "24"].into_iter().enumerate() {
        here.save(unit, answer("1.1", &[("a", a), ("tong", "24")])).await.unwrap();
        here.save(unit, answer("1.2", &[("b", "12")])).await.unwrap();
        here.save(unit, answer("2.1", &[("c", "true")])).await.unwrap();
        for code in ["1.1", "1.2", "2.1"] {
            here.prove(&here.editor(unit), unit, code).await.unwrap();
        }
        here.submit(unit).await.unwrap();
    }
    here
}

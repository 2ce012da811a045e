//! The script worker alone, for this crate's tests; the application is its own worker.

fn main() -> std::io::Result<()> {
    tenants::indicator_sets::sandbox::serve_worker()
}

//! Passwords are hashed by threads of their own, each with one buffer it uses again and again: Argon2 wants 19 MiB for every
//! hash, and freed memory of that size stays with whichever thread had it.
//!
//! Two lanes lead there. People who sign in from a place they are known at never wait behind strangers, and strangers
//! beyond a short queue are turned away at once.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use tokio::sync::oneshot;

use crate::{Error, Result};

/// Hashes at once. One makes some thirty a second, which is an office at eight in the morning, and leaves the other cores to
/// those who are in.
const THREADS: usize = 1;
/// Longest wait for an answer.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);
/// Most memory one hash may want, in KiB: what this or a coming version stores, not what a database was made to say.
const MOST_MEMORY: u32 = 64 * 1024;

/// Who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Known,
    Strangers,
}

impl Lane {
    /// Most that may wait.
    fn length(self) -> usize {
        match self {
            Lane::Known => 200,
            Lane::Strangers => 40,
        }
    }
}

/// Whether the password is the hash's. Without a hash it takes as long and is wrong. `None` when its turn did not come.
pub async fn verify(lane: Lane, hash: Option<String>, password: String) -> Result<Option<bool>> {
    let answer = queue(lane, move |memory| match &hash {
        Some(hash) => matches(hash, &password, memory),
        None => {
            let _ = raw(&Argon2::default(), &password, b"nobody's salt", memory, Params::DEFAULT_OUTPUT_LEN);
            false
        }
    });
    let Some(answer) = answer else { return Ok(None) };
    Ok(tokio::time::timeout(TURN_TIMEOUT, answer).await.ok().and_then(std::result::Result::ok))
}

/// Argon2id with its recommended parameters and a fresh salt.
pub async fn hash(password: String) -> Result<String> {
    let busy = || Error::internal("too many passwords are being hashed");
    let made = queue(Lane::Known, move |memory| {
        let (argon, salt) = (Argon2::default(), argon2::password_hash::phc::Salt::generate());
        let output = raw(&argon, &password, salt.as_ref(), memory, Params::DEFAULT_OUTPUT_LEN)?;
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params: argon.params().try_into().ok()?,
            salt: Some(salt),
            hash: Some(argon2::password_hash::phc::Output::new(&output).ok()?),
        };
        Some(hash.to_string())
    });
    let made = made.ok_or_else(busy)?.await.map_err(Error::internal)?;
    made.ok_or_else(|| Error::internal("the password could not be hashed"))
}

fn matches(hash: &str, password: &str, memory: &mut Vec<Block>) -> bool {
    let mut matches = || {
        let hash = PasswordHash::new(hash).ok()?;
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
        let params = Params::try_from(&hash).ok()?;
        let argon = Argon2::new(algorithm, version, params);
        let stored = hash.hash?;
        let output = raw(&argon, password, hash.salt.as_ref()?.as_ref(), memory, stored.len())?;
        // Compared in constant time.
        Some(stored == argon2::password_hash::phc::Output::new(&output).ok()?)
    };
    matches().unwrap_or(false)
}

fn raw(argon: &Argon2<'_>, password: &str, salt: &[u8], memory: &mut Vec<Block>, length: usize) -> Option<Vec<u8>> {
    if argon.params().m_cost() > MOST_MEMORY {
        return None;
    }
    let blocks = argon.params().block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    let mut output = vec![0; length];
    argon.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, &mut memory[..blocks]).ok()?;
    Some(output)
}

type Job = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

#[derive(Default)]
struct Queues {
    known: VecDeque<Job>,
    strangers: VecDeque<Job>,
}

#[derive(Default)]
struct Pool {
    queues: Mutex<Queues>,
    arrived: Condvar,
}

static POOL: LazyLock<Arc<Pool>> = LazyLock::new(|| {
    let pool = Arc::<Pool>::default();
    for thread in 0..THREADS {
        let pool = Arc::clone(&pool);
        let started = std::thread::Builder::new().name(format!("hashing-{thread}")).spawn(move || pool.work());
        if let Err(error) = started {
            tracing::error!(%error, "a thread for hashing passwords did not start");
        }
    }
    pool
});

/// Puts a job into its lane; `None` when that is full.
fn queue<T: Send + 'static>(
    lane: Lane,
    job: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
) -> Option<oneshot::Receiver<T>> {
    let (told, answer) = oneshot::channel();
    let job: Job = Box::new(move |memory| {
        // Whoever gave up waiting costs nothing.
        if !told.is_closed() {
            let _ = told.send(job(memory));
        }
    });
    let mut queues = POOL.queues.lock().unwrap_or_else(PoisonError::into_inner);
    let jobs = match lane {
        Lane::Known => &mut queues.known,
        Lane::Strangers => &mut queues.strangers,
    };
    if jobs.len() >= lane.length() {
        return None;
    }
    jobs.push_back(job);
    drop(queues);
    POOL.arrived.notify_one();
    Some(answer)
}

impl Pool {
    fn work(&self) {
        let mut memory = Vec::new();
        loop {
            let job = self.next();
            job(&mut memory);
        }
    }

    fn next(&self) -> Job {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = queues.known.pop_front() {
                return job;
            }
            if let Some(job) = queues.strangers.pop_front() {
                return job;
            }
            queues = self.arrived.wait(queues).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

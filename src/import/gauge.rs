//! A stream of which only so much is read: in all, and before the reader says that it has got one piece. So no text can
//! grow without end in a parser that gathers it.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

/// How far a stream was read, and how much of it may still be read for one piece.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter {
    piece: Rc<Cell<u64>>,
    lines: Rc<Cell<u64>>,
    bytes: Rc<Cell<u64>>,
}

impl Meter {
    /// Begins a piece, which may be this long.
    pub(super) fn allow(&self, bytes: u64) {
        self.piece.set(bytes);
    }

    /// The line it was read to, from 1.
    pub(super) fn line(&self) -> u64 {
        self.lines.get() + 1
    }

    /// How many bytes were read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.get()
    }
}

/// The stream.
pub(super) struct Gauge<R> {
    inner: BufReader<R>,
    left: u64,
    meter: Meter,
}

/// Whether a stream was longer than it may be; the error says in words of what.
pub(super) fn is_too_large(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::FileTooLarge
}

impl<R: Read> Gauge<R> {
    /// Lets so much be read in all.
    pub(super) fn new(inner: R, left: u64) -> (Self, Meter) {
        let meter = Meter::default();
        let inner = BufReader::with_capacity(64 << 10, inner);
        (Self { inner, left, meter: meter.clone() }, meter)
    }
}

impl<R: Read> Read for Gauge<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: Read> BufRead for Gauge<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let too_large = |why| Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
        if self.left == 0 {
            return too_large("unpacks to far more than its size in the file, or is too large");
        }
        if self.meter.piece.get() == 0 {
            return too_large("has a text longer than 4 MiB");
        }
        let most = usize::try_from(self.left.min(self.meter.piece.get())).unwrap_or(usize::MAX);
        let bytes = self.inner.fill_buf()?;
        Ok(bytes.get(..most).unwrap_or(bytes))
    }

    fn consume(&mut self, read: usize) {
        let bytes = u64::try_from(read).unwrap_or(0);
        let used = self.inner.buffer().get(..read).unwrap_or_default();
        let lines = used.split(|byte| *byte == b'\n').count() - 1;
        let Meter { piece, lines: seen, bytes: done } = &self.meter;
        seen.set(seen.get() + u64::try_from(lines).unwrap_or(0));
        done.set(done.get() + bytes);
        self.left = self.left.saturating_sub(bytes);
        piece.set(piece.get().saturating_sub(bytes));
        self.inner.consume(read);
    }
}

package downstream.leaderboard.ledger;

import downstream.eval.BadInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lock of a leaderboard's folder for one writer, across processes and threads; the system frees it
 * if the process dies.
 */
public final class BoardLock implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long PAUSE_MILLISECONDS = 2;

  private final FileChannel channel;

  private BoardLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits its turn.
   *
   * @throws BadInput if another writer holds the board for a minute, or the folder cannot be
   *     written
   */
  public static BoardLock take(Path folder) {
    Path file = folder.resolve("ledger.lock");
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!waitFor(channel)) {
        channel.close();
        throw new BadInput(
            file, "another process writes to this leaderboard", "Wait until it has finished");
      }
      return new BoardLock(channel);
    } catch (IOException e) {
      throw new BadInput(
          file, "cannot be written (" + e + ")", "Choose another leaderboard folder", e);
    }
  }

  private static boolean waitFor(FileChannel channel) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (tryLock(channel) == null) {
      if (System.nanoTime() > end) {
        return false;
      }
      try {
        Thread.sleep(PAUSE_MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /** Null while another process, or another thread of this one, holds it. */
  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /**
   * Writes behind the last whole line, over what a killed writer may have left there, and waits for
   * the disk.
   */
  void write(Path ledger, long wholeBytes, String text) throws IOException {
    try (FileChannel out =
        FileChannel.open(ledger, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.truncate(wholeBytes).position(wholeBytes);
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

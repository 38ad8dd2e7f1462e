package downstream.eval.run;

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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Holds the folder of one training for this process; the system frees it if the process dies. */
public final class FitLock implements AutoCloseable {
  private static final String LOCK = "lock";

  private final Path folder;
  private final FileChannel channel;

  private FitLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws BadInput if another run holds it, or the folder cannot be written
   */
  public static FitLock take(Path folder) {
    Path file = folder.resolve(LOCK);
    FileChannel channel = null;
    try {
      Files.createDirectories(folder);
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new BadInput(
            folder,
            "another process is at work on this run",
            "Wait for it, or choose another --out");
      }
      String owner = "process " + ProcessHandle.current().pid() + "\n";
      channel.truncate(0).write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)));
      return new FitLock(folder, channel);
    } catch (IOException e) {
      throw new BadInput(file, "cannot be written (" + e + ")", "Choose another --out", e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** The folder that is held. */
  public Path folder() {
    return folder;
  }

  /** Whether an earlier process left something in the folder to go on from. */
  boolean holdsCheckpoint() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.anyMatch(entry -> !entry.endsWith(LOCK) && !entry.endsWith("log.jsonl"));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

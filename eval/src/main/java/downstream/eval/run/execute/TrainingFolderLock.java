package downstream.eval.run.execute;

import downstream.eval.BadInput;
import downstream.eval.train.TrainingLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Holds the folder of one training for this process; the system frees it if the process dies. */
public final class TrainingFolderLock implements AutoCloseable {
  private static final String LOCK = "lock";

  /** Files that a training writes before its first checkpoint. */
  private static final Set<String> NO_CHECKPOINT =
      Set.of(LOCK, "log.jsonl", TrainingLoop.DETERMINISM_FILE);

  private final Path folder;
  private final FileChannel channel;

  private TrainingFolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws BadInput if another run holds it, or the folder cannot be written
   */
  public static TrainingFolderLock take(Path folder) {
    return tryTake(folder)
        .orElseThrow(
            () ->
                new BadInput(
                    folder,
                    "another process is working on this run",
                    "Wait for it, or choose another --out"));
  }

  /**
   * Takes the lock if nobody holds it.
   *
   * @throws BadInput if the folder cannot be written
   */
  public static Optional<TrainingFolderLock> tryTake(Path folder) {
    Path file = folder.resolve(LOCK);
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        return Optional.empty();
      }
      String owner = "process " + ProcessHandle.current().pid() + "\n";
      channel.truncate(0).write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)));
      return Optional.of(new TrainingFolderLock(folder, channel));
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

  /** Tells whether an earlier process left a checkpoint in the folder. */
  boolean holdsCheckpoint() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.anyMatch(entry -> !NO_CHECKPOINT.contains("" + entry.getFileName()));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package downstream.pretrain.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.KeyCase;
import downstream.eval.run.execute.TrainingFolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one pretraining, locked by this process. {@code pretraining.json} in it identifies
 * the pretraining: the same one resumes from its checkpoint, any other is refused.
 */
public final class OutputFolder implements AutoCloseable {
  private static final String IDENTITY = "pretraining.json";
  private static final String LOCK = "lock";

  private final Path folder;
  private final TrainingFolderLock lock;

  private OutputFolder(Path folder, TrainingFolderLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Takes the folder, creating it if need be.
   *
   * @param asked all that decides the result: method, settings, seed, data
   * @throws BadInput if it cannot be written, holds something else, or another process is at work
   *     in it
   */
  public static OutputFolder claim(Path folder, ObjectNode asked) {
    ObjectNode identity = KeyCase.snake(asked);
    Path file = folder.resolve(IDENTITY);
    if (Files.exists(file)) {
      refuseOther(folder, Json.read(file).toString(), Json.canonical(identity));
    } else {
      refuseUsed(folder);
    }
    TrainingFolderLock lock = TrainingFolderLock.take(folder);
    try {
      AtomicFile.write(file, Json.pretty(identity));
      return new OutputFolder(folder, lock);
    } catch (BadInput e) {
      close(lock);
      throw e;
    }
  }

  private static void refuseOther(Path folder, String found, String asked) {
    if (!found.equals(asked)) {
      throw new BadInput(
          folder,
          "is in use by another pretraining: it holds " + found + ", asked for is " + asked,
          "Choose another folder for --out, or delete this one");
    }
  }

  private static void refuseUsed(Path folder) {
    if (Files.exists(folder)) {
      List<String> entries = entries(folder);
      if (!entries.isEmpty()) {
        throw new BadInput(
            folder,
            "is in use: it holds '" + entries.get(0) + "' and is not the folder of a pretraining",
            "Choose another folder for --out");
      }
    }
  }

  private static List<String> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> !name.equals(LOCK))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new BadInput(
          folder, "is not a readable folder (" + e + ")", "Choose another folder for --out", e);
    }
  }

  public Path path() {
    return folder;
  }

  @Override
  public void close() {
    close(lock);
  }

  private static void close(TrainingFolderLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new IllegalStateException("cannot free the lock", e);
    }
  }
}

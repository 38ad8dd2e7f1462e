package downstream.eval.train;

import downstream.eval.BadInput;
import downstream.eval.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** {@code log.jsonl}: one JSON object per step. Each line goes to the file at once. */
final class TrainingLog implements AutoCloseable {
  private final Path file;
  private final BufferedWriter writer;

  /** Opens the log, keeping the lines of the steps before {@code start}. */
  TrainingLog(Path file, int start) {
    this.file = file;
    try {
      List<String> kept = Files.exists(file) ? Files.readAllLines(file) : List.of();
      Files.write(file, kept.subList(0, Math.min(start, kept.size())));
      writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  void add(Map<String, Object> line) {
    try {
      writer.write(Json.canonical(line));
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private BadInput unwritable(IOException e) {
    return new BadInput(
        file,
        "cannot be written (" + e + ")",
        "Check the folder's permissions and the disk space",
        e);
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }
}
